// Package teach lets a recognition model go on learning from pages whose text an
// archive knows, and measures what came of it: on pages that taught nothing, and on
// lines that the program carries. It owns what is learned, how long, and what counts
// as better. Finding lines is package lines', learning itself package train's, keeping
// models package versions'.
//
// It works in one folder, which no other may use meanwhile. What was stopped there, at
// any instant, goes on when the same is asked for again: pages that were read are not
// read again, and learning goes on from its last whole step.
package teach

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"nightshift/pipeline/model/lines"
	"nightshift/pipeline/model/network"
	"nightshift/pipeline/model/train"
	"nightshift/pipeline/model/traineddata"
	"nightshift/pipeline/model/versions"
)

// Bounds of what is learned from.
const (
	LeastLines = 60 // that a training learns from
	LeastKept  = 10 // that it is measured on
	LeastPages = 3  // with lines, those kept aside among them
)

// Errors about what was given.
var (
	ErrTooFew  = errors.New("too little to learn from")
	ErrLetters = errors.New("letters that the model does not know")
)

// An Order is what a training is asked for.
type Order struct {
	Model []byte // the traineddata file that it begins with
	From  string // its name, for the card
	InUse []byte // the model that is read with; nil: Model
	// Folders with pages and their truth, as lines.Folder takes them with Plain, in
	// folders as deep as one likes.
	Folders []string
	// Measure are folders of pages to measure on; none: a fifth of those in Folders.
	Measure []string
	Lines   int    // that are learned, over and over; 0: as many as Iterations says
	Work    string // folder, made if need be
	Jobs    int    // pages read at once; 0: one
	// Group names what a page is of, by its name as in lines.Line.Source; nil: its folder.
	Group func(source string) string
	Told  func(Progress) // nil: not
	Now   func() time.Time
}

// Progress is where a training stands.
type Progress struct {
	Step     string        // "read pages", "learn" or "measure"
	Done, Of int           // pages, lines learned, or measurements
	Page     string        // that was read
	Err      error         // why a page is of no use
	Errors   float64       // learning: letters lately wrong, 0-1
	Left     time.Duration // to the end of the step; 0: not known
	Again    bool          // learning: it goes on from an earlier run
}

// An Outcome is what came of a training.
type Outcome struct {
	Model []byte // nil: nothing was better
	Card  versions.Card
	Why   string // it is not taken; "": it is better
}

// Run trains and measures. ErrTooFew and ErrLetters say what is wrong with what was given.
func Run(ctx context.Context, o Order) (Outcome, error) {
	begin := time.Now
	if o.Now != nil {
		begin = o.Now
	}
	started := begin()
	t := teacher{Order: o}
	if err := t.prepare(); err != nil {
		return Outcome{}, err
	}
	g, err := t.gather(ctx)
	if err != nil {
		return Outcome{}, err
	}
	learned, net, err := t.learn(ctx, g)
	if err != nil {
		return Outcome{}, err
	}
	learned.LeftOut = g.leftOut
	out, err := t.choose(ctx, g, net, &learned)
	if err != nil {
		return Outcome{}, err
	}
	learned.Seconds = begin().Sub(started).Seconds()
	out.Card.Made, out.Card.From, out.Card.Learned = begin().UTC(), versions.Origin{Name: o.From, Digest: versions.Digest(o.Model)}, learned
	return out, os.RemoveAll(filepath.Join(o.Work, "stages"))
}

// teacher is a training at work.
type teacher struct {
	Order
	base    *traineddata.File
	network *network.Network
	letters map[rune]bool
}

// prepare reads the model and lays it out for the programs that need it as a file.
func (t *teacher) prepare() error {
	var err error
	if t.base, err = traineddata.Parse(t.Model); err != nil {
		return fmt.Errorf("the model to begin with: %w", err)
	}
	if t.network, err = network.Parse(t.base.Get(traineddata.LSTM)); err != nil {
		return fmt.Errorf("the model to begin with: %w", err)
	}
	if t.letters, err = traineddata.Letters(t.base.Get(traineddata.Characters)); err != nil {
		return fmt.Errorf("the model to begin with: %w", err)
	}
	if t.InUse == nil {
		t.InUse = t.Model
	}
	for name, model := range map[string][]byte{"begin": t.Model, "in-use": t.InUse} {
		if err := os.MkdirAll(filepath.Join(t.Work, name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(t.file(name), model, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// file is where a model of that name lies in the work folder.
func (t *teacher) file(name string) string { return filepath.Join(t.Work, name, "eng.traineddata") }

func (t *teacher) tell(p Progress) {
	if t.Told != nil {
		t.Told(p)
	}
}

// Iterations is how many lines are learned of so many: each some times, and more often
// where they are few.
func Iterations(lines int) int { return 1000 + 4*lines }

const (
	rate = 1e-4
	// parts of a stage: after each the training is kept; every second one is for the mean.
	parts, every, mean = 10, 2, 3
	seed               = 1
	perFile            = 200
)

// learn lets the network go on with the lines.
func (t *teacher) learn(ctx context.Context, g gathered) (versions.Learned, *network.Network, error) {
	l := versions.Learned{Pages: pagesOf(g.learn), Lines: len(g.learn), Rate: rate, Iterations: t.Lines}
	if l.Iterations <= 0 {
		l.Iterations = Iterations(l.Lines)
	}
	set, err := exercises(ctx, g.learn, t.Jobs)
	if err != nil {
		return l, nil, err
	}
	dir := filepath.Join(t.Work, "exercises")
	if err := fresh(dir); err != nil {
		return l, nil, err
	}
	if _, err := set.Write(dir, "lines", perFile, seed); err != nil {
		return l, nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.lstmf")) // sorted
	if err != nil {
		return l, nil, err
	}
	step := max((l.Iterations+parts-1)/parts, 1)
	tr := train.Trainer{Dir: filepath.Join(t.Work, "stages"), Model: t.file("begin"), Progress: func(p train.Progress) {
		t.tell(Progress{Step: "learn", Done: p.Iterations, Of: p.Of, Errors: p.Errors, Left: p.Left})
	}}
	all, err := tr.Run(ctx, train.Stage{Name: "own", Begin: t.network, Lines: files, Iterations: l.Iterations, Rate: rate, Step: step, Keep: every * step})
	if err != nil {
		return l, nil, err
	}
	net, err := train.Mean(all, mean)
	if err != nil {
		return l, nil, err
	}
	return l, net, os.RemoveAll(dir)
}

// pagesOf are the sources of lines, in their order.
func pagesOf(all []lines.Line) []string {
	out := []string{}
	seen := map[string]bool{}
	for _, l := range all {
		if !seen[l.Source] {
			seen[l.Source] = true
			out = append(out, l.Source)
		}
	}
	return out
}

// fresh makes an empty folder.
func fresh(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o700)
}
