package train

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/pipeline/model/network"
)

// A Trainer runs stages in a folder of its own.
type Trainer struct {
	Dir string // made if need be; one training at a time works there
	// Model is a traineddata file with the characters that the network knows.
	Model    string
	Program  string         // "": lstmtraining
	Nice     int            // added to the trainer's priority, 0-19
	Progress func(Progress) // called as it goes on; nil: not
	Now      func() time.Time
}

// ErrBusy is wrapped when another training works in the folder.
var ErrBusy = errors.New("another training is at work there")

// Run goes through the stage, or on with it where it was stopped, and returns the
// kept checkpoints by iterations, the last one being the stage's end. An error says
// what went wrong and leaves every earlier checkpoint as it was; so does the end of
// ctx.
func (t *Trainer) Run(ctx context.Context, s Stage) ([]Checkpoint, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(t.Dir, 0o755); err != nil {
		return nil, err
	}
	release, err := Alone(filepath.Join(t.Dir, "lock"))
	if err != nil {
		return nil, err
	}
	defer release()
	dir := filepath.Join(t.Dir, s.Name)
	if err := s.settle(dir); err != nil {
		return nil, told(dir, err)
	}
	done, err := lastWhole(dir, s.Iterations)
	if err != nil {
		return nil, err
	}
	m := t.meter(s, done)
	for done < s.Iterations {
		next := min(done+s.step(), s.Iterations)
		if err := t.advance(ctx, s, dir, done, next, m); err != nil {
			return nil, fmt.Errorf("stage %s, after %d of %d iterations: %w", s.Name, done, s.Iterations, told(dir, err))
		}
		if done > 0 && !s.kept(done) {
			_ = os.Remove(checkpointName(dir, done)) // is only in the way
		}
		done = next
	}
	all, err := checkpoints(dir, s.Iterations)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c Checkpoint) bool { return !s.kept(c.Iterations) }), nil
}

// Mean is the mean of the last n checkpoints, or of all if there are fewer.
func Mean(all []Checkpoint, n int) (*network.Network, error) {
	var nets []*network.Network
	for _, c := range all[max(0, len(all)-n):] {
		net, err := c.Network()
		if err != nil {
			return nil, err
		}
		nets = append(nets, net)
	}
	return network.Mean(nets)
}

// Alone takes the lock of that name, which the end of this process gives back. ErrBusy
// if another has it.
func Alone(name string) (release func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s", ErrBusy, filepath.Dir(name))
		}
		return nil, err
	}
	return func() { f.Close() }, nil
}

// fullBelow is how many bytes free count as a full disk: less than a checkpoint has.
const fullBelow = 64 << 20

// told adds to an error that the disk is full, which the trainer itself says nothing of.
func told(dir string, err error) error {
	var s unix.Statfs_t
	if errors.Is(err, context.Canceled) || unix.Statfs(dir, &s) != nil {
		return err
	}
	if free := s.Bavail * uint64(s.Bsize); free < fullBelow {
		return fmt.Errorf("%w (the disk of %s is full: %d MB are free)", err, dir, free>>20)
	}
	return err
}
