// Package train lets a network go on learning, by running Tesseract's lstmtraining
// in short steps: after each the checkpoint is looked at and kept, so that a training
// that is killed, loses its disk or its trainer goes on from the last step that was
// whole, and comes to the same bytes. What there is to learn from is package lines'
// and draw's.
//
// The same stage on machines with the same processor features gives the same
// network. Others (without AVX2, say) add in another order, and end with other last
// digits.
package train

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"nightshift/pipeline/custody"
	"nightshift/pipeline/model/network"
)

// DefaultStep is how many lines are learned between two checkpoints: under half a
// minute's work, which is what a kill costs.
const DefaultStep = 500

// A Stage is one part of a training: lines, for so many iterations at one rate.
type Stage struct {
	Name  string
	Begin *network.Network // in either form
	Lines []string         // files of lines (.lstmf), taken in turn, a line of each
	// Iterations is how many lines are learned, over and over if there are fewer.
	Iterations int
	Rate       float64
	Step       int // iterations between checkpoints; 0: DefaultStep
	Keep       int // checkpoints at multiples of so many iterations are kept for a mean; 0: only the last
}

func (s Stage) step() int {
	if s.Step <= 0 {
		return DefaultStep
	}
	return s.Step
}

// kept reports whether the checkpoint after so many iterations outlives the next.
func (s Stage) kept(done int) bool {
	return done == s.Iterations || s.Keep > 0 && done%s.Keep == 0
}

func (s Stage) check() error {
	switch {
	case s.Name == "" || s.Name != filepath.Base(s.Name):
		return fmt.Errorf("%q is no name of a stage", s.Name)
	case s.Begin == nil:
		return errors.New("a stage begins with a network")
	case len(s.Lines) == 0:
		return fmt.Errorf("stage %s: no lines to learn from", s.Name)
	case s.Iterations <= 0 || s.Rate <= 0:
		return fmt.Errorf("stage %s: %d iterations at a rate of %g", s.Name, s.Iterations, s.Rate)
	}
	return nil
}

// digest is of all that decides what the stage learns; how long it does is left out, so
// that it can be made longer.
func (s Stage) digest() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, s.Rate, s.step())
	h.Write(s.Begin.Bytes())
	for _, f := range s.Lines {
		b, err := os.ReadFile(f)
		if err != nil {
			return "", fmt.Errorf("stage %s: %w", s.Name, err)
		}
		fmt.Fprintf(h, "%x\n", sha256.Sum256(b))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// stageFile says what a folder of checkpoints belongs to.
type stageFile struct {
	Version int    `json:"version"`
	Digest  string `json:"digest"`
}

// settle makes the stage's folder ready: what lies there goes on if it is of the same
// stage, and is cleared away otherwise.
func (s Stage) settle(dir string) error {
	digest, err := s.digest()
	if err != nil {
		return err
	}
	name := filepath.Join(dir, "stage.json")
	if raw, err := os.ReadFile(name); err == nil {
		var was stageFile
		if json.Unmarshal(raw, &was) == nil && was == (stageFile{1, digest}) {
			return nil
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	raw, err := json.Marshal(stageFile{1, digest})
	if err != nil {
		return err
	}
	list := make([]string, len(s.Lines))
	for i, f := range s.Lines {
		if list[i], err = filepath.Abs(f); err != nil {
			return err
		}
	}
	err = os.WriteFile(filepath.Join(dir, beginFile), s.Begin.Float().Bytes(), 0o644)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, listFile), []byte(strings.Join(list, "\n")+"\n"), 0o644)
	}
	if err == nil {
		err = custody.Replace(name, raw) // last: it says that the others are whole
	}
	return err
}

const (
	beginFile = "begin.lstm"
	listFile  = "lines.list"
)
