// Package versions owns the models that an archive has taught: numbered folders below
// its data directory, each with the model and a card that says what it learned from,
// and which of them is read with. How a model is taught is package teach's.
package versions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/custody"
)

// A Registry holds versions in Dir/N/, and in Dir/chosen.json which one is read with. A
// version is there whole or not at all, and never changes.
type Registry struct {
	Dir string
	// Check returns why a model's bytes cannot be read with; nil: they can.
	Check func([]byte) error
}

// Shipped is the number of the model that the program carries.
const Shipped = 0

// ErrNone is wrapped by the error for a version that is not there.
var ErrNone = errors.New("there is no such version")

const (
	modelFile  = "eng.traineddata"
	cardFile   = "card.json"
	chosenFile = "chosen.json"
)

// A Card says what a version is.
type Card struct {
	Version int            `json:"version"` // of this format: 1
	Number  int            `json:"number"`
	Digest  archive.Digest `json:"digest"` // SHA-256 of the model
	Made    time.Time      `json:"made"`
	From    Origin         `json:"from"`
	Learned Learned        `json:"learned"`
	Figures Figures        `json:"figures"`
}

// Origin is a model that a training began with.
type Origin struct {
	Name   string         `json:"name"` // shipped, stock, or a version's number
	Digest archive.Digest `json:"digest"`
}

// Learned is what a training had to learn from, and how it did.
type Learned struct {
	Pages      []string `json:"pages"`   // names of those it learned from
	Lines      int      `json:"lines"`   // on them
	LeftOut    LeftOut  `json:"leftOut"` // of all pages
	Iterations int      `json:"iterations"`
	Rate       float64  `json:"rate"`
	Share      float64  `json:"share"` // of what was learned in the mean with what it began with, 0-1
	Seconds    float64  `json:"seconds"`
}

// LeftOut counts what could not be learned from.
type LeftOut struct {
	Pages   int `json:"pages"`   // without an image, or that could not be read
	Unbound int `json:"unbound"` // lines of the truth that fit no line of their picture
	Letters int `json:"letters"` // lines with letters that the network does not know
}

// Errors are shares of letters and words read wrongly, 0-1, the mean over the lines.
type Errors struct {
	Letters float64 `json:"letters"`
	Words   float64 `json:"words"`
}

// Figure compares models on the same lines.
type Figure struct {
	Lines  int    `json:"lines"`
	Before Errors `json:"before"` // of the model it began with
	// InUse is of the model that was read with until then, where that is another.
	InUse *Errors `json:"inUse,omitempty"`
	After Errors  `json:"after"`
}

// Figures are those that decided whether a version was taken.
type Figures struct {
	Kept      Figure   `json:"kept"` // pages that taught nothing
	KeptPages []string `json:"keptPages"`
	Typed     Figure   `json:"typed"` // the shipped lines
	Print     Figure   `json:"print"`
	Groups    []Group  `json:"groups,omitempty"` // of the kept pages, by box or folder
}

// Group is the kept pages of one box or folder.
type Group struct {
	Name string `json:"name"`
	Figure
}

// A Version is one of the registry.
type Version struct {
	Card
	InUse   bool   `json:"inUse"`
	Trouble string `json:"trouble,omitempty"` // why it cannot be read with
}

// choices is the content of chosenFile: all choices there were, the last one holds.
type choices struct {
	Version int      `json:"version"` // 1
	Choices []Choice `json:"choices"`
}

// A Choice says from when on a version was read with, and who wanted it.
type Choice struct {
	Number int       `json:"number"` // Shipped: the model that the program carries
	Who    string    `json:"who"`
	When   time.Time `json:"when"`
}

// All are the versions, by number; none where there is no registry.
func (s Registry) All() ([]Version, error) {
	numbers, err := s.numbers()
	if err != nil {
		return nil, err
	}
	history, err := s.History()
	if err != nil {
		return nil, err
	}
	out := []Version{}
	for _, n := range numbers {
		v := Version{Card: Card{Number: n}}
		if c, _, err := s.open(n); err != nil {
			v.Trouble = err.Error()
		} else {
			v.Card = c
		}
		v.InUse = len(history) > 0 && history[len(history)-1].Number == n
		out = append(out, v)
	}
	return out, nil
}

// numbers are those of the versions, ascending.
func (s Registry) numbers() ([]int, error) {
	found, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []int
	for _, f := range found {
		if n, err := strconv.Atoi(f.Name()); err == nil && n > 0 && f.IsDir() {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}

// open reads a version and checks it.
func (s Registry) open(n int) (Card, []byte, error) {
	var c Card
	dir := filepath.Join(s.Dir, strconv.Itoa(n))
	raw, err := os.ReadFile(filepath.Join(dir, cardFile))
	if errors.Is(err, fs.ErrNotExist) {
		if _, derr := os.Stat(dir); errors.Is(derr, fs.ErrNotExist) {
			return c, nil, fmt.Errorf("%w: %d", ErrNone, n)
		}
	}
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err == nil && (c.Version != 1 || c.Number != n) {
		err = fmt.Errorf("its card is of version %d of the format and of model %d", c.Version, c.Number)
	}
	var model []byte
	if err == nil {
		model, err = os.ReadFile(filepath.Join(dir, modelFile))
	}
	if err == nil && Digest(model) != c.Digest {
		err = fmt.Errorf("its model is damaged: SHA-256 %s, and not %s as its card says", Digest(model), c.Digest)
	}
	if err == nil && s.Check != nil {
		err = s.Check(model)
	}
	if err != nil {
		return c, nil, fmt.Errorf("model %d: %w", n, err)
	}
	return c, model, nil
}

// Model is a version's bytes, checked. ErrNone if there is none.
func (s Registry) Model(n int) ([]byte, Card, error) {
	c, model, err := s.open(n)
	return model, c, err
}

// History are all choices, oldest first.
func (s Registry) History() ([]Choice, error) {
	raw, err := os.ReadFile(filepath.Join(s.Dir, chosenFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var c choices
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err == nil && c.Version != 1 {
		err = fmt.Errorf("it is of version %d of the format", c.Version)
	}
	if err != nil {
		return nil, fmt.Errorf("which model is chosen (%s): %w", filepath.Join(s.Dir, chosenFile), err)
	}
	return c.Choices, nil
}

// Chosen is the version that is read with and its file; Shipped and "" for the model
// that the program carries. An error says why the chosen one cannot be used.
func (s Registry) Chosen() (n int, file string, err error) {
	all, err := s.History()
	if err != nil || len(all) == 0 || all[len(all)-1].Number == Shipped {
		return Shipped, "", err
	}
	n = all[len(all)-1].Number
	if _, _, err := s.open(n); err != nil {
		return n, "", err
	}
	return n, filepath.Join(s.Dir, strconv.Itoa(n), modelFile), nil
}

// Use chooses a version, or Shipped; one that is damaged or not there is refused, and
// what was chosen stays so.
func (s Registry) Use(n int, who string, now time.Time) error {
	if n != Shipped {
		if _, _, err := s.open(n); err != nil {
			return err
		}
	}
	if err := custody.Make(s.Dir); err != nil {
		return err
	}
	all, err := s.History()
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(choices{1, append(all, Choice{n, who, now.UTC()})}, "", " ")
	if err != nil {
		return err
	}
	return custody.Replace(filepath.Join(s.Dir, chosenFile), append(raw, '\n'))
}

// Add puts a model into the registry under the next number, which it returns. It chooses
// nothing.
func (s Registry) Add(model []byte, c Card) (int, error) {
	if s.Check != nil {
		if err := s.Check(model); err != nil {
			return 0, err
		}
	}
	if err := custody.Make(s.Dir); err != nil {
		return 0, err
	}
	tmp, err := os.MkdirTemp(s.Dir, ".new")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(tmp)
	numbers, err := s.numbers()
	if err != nil {
		return 0, err
	}
	c.Version, c.Number, c.Digest = 1, 1, Digest(model)
	if n := len(numbers); n > 0 {
		c.Number = numbers[n-1] + 1
	}
	raw, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return 0, err
	}
	for name, b := range map[string][]byte{modelFile: model, cardFile: append(raw, '\n')} {
		if err := custody.Replace(filepath.Join(tmp, name), b); err != nil {
			return 0, err
		}
	}
	// A folder that another process made meanwhile is not empty and is not replaced.
	if err := os.Rename(tmp, filepath.Join(s.Dir, strconv.Itoa(c.Number))); err != nil {
		return 0, err
	}
	return c.Number, custody.Sync(s.Dir)
}

// Digest is the SHA-256 of a model.
func Digest(b []byte) archive.Digest {
	d := sha256.Sum256(b)
	return archive.Digest(hex.EncodeToString(d[:]))
}
