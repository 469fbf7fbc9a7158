package train

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"nightshift/pipeline/model/network"
)

// A Checkpoint is what a stage had learned after so many iterations.
type Checkpoint struct {
	Iterations int
	File       string
}

// Network is the checkpoint's network, in the floating form.
func (c Checkpoint) Network() (*network.Network, error) {
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return nil, err
	}
	n, err := network.ParseCheckpoint(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return n.Float(), nil
}

func checkpointName(dir string, iterations int) string {
	return filepath.Join(dir, fmt.Sprintf("after-%08d.checkpoint", iterations))
}

// checkpoints are those of a folder up to so many iterations, in their order.
func checkpoints(dir string, most int) ([]Checkpoint, error) {
	found, err := os.ReadDir(dir) // sorted by name, so by iterations
	if err != nil {
		return nil, err
	}
	var out []Checkpoint
	for _, f := range found {
		digits, ok := strings.CutPrefix(f.Name(), "after-")
		digits, ok2 := strings.CutSuffix(digits, ".checkpoint")
		if n, err := strconv.Atoi(digits); ok && ok2 && err == nil && n <= most {
			out = append(out, Checkpoint{n, filepath.Join(dir, f.Name())})
		}
	}
	return out, nil
}

// lastWhole is how many iterations the last checkpoint that can be read has, of those
// with at most so many; broken ones after it are taken away.
func lastWhole(dir string, most int) (int, error) {
	all, err := checkpoints(dir, most)
	if err != nil {
		return 0, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		_, err := all[i].Network()
		if err == nil {
			return all[i].Iterations, nil
		}
		if !errors.Is(err, network.ErrMalformed) {
			return 0, err
		}
		if err := os.Remove(all[i].File); err != nil {
			return 0, err
		}
	}
	return 0, nil
}
