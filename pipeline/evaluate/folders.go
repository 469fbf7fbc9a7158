package evaluate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// ErrNoTruth is the error of Folders for a folder that holds no truth.
var ErrNoTruth = errors.New("no NAME.gold.json, NAME.fields.json or NAME.gt.txt in the folder of truth")

// Folders compares everything below a folder of truth with what was found:
// NAME.gold.json with NAME.json or NAME/structure.json, NAME.fields.json with the
// same and NAME.txt or NAME/read.txt, NAME.gt.txt with NAME.txt or NAME/read.txt.
// What was not found counts as missed.
func Folders(truth, found fs.FS) (*Report, error) {
	r := NewReport()
	n := 0
	err := fs.WalkDir(truth, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for suffix, compare := range map[string]func(*Report, fs.FS, fs.FS, string, string) error{
			".gold.json": compareGold, ".fields.json": compareFields, ".gt.txt": compareReading,
		} {
			if name, ok := strings.CutSuffix(file, suffix); ok {
				n++
				if err := compare(r, truth, found, file, name); err != nil {
					return fmt.Errorf("%s: %w", file, err)
				}
			}
		}
		return nil
	})
	if err == nil && n == 0 {
		err = ErrNoTruth
	}
	return r, err
}

func compareGold(r *Report, truth, found fs.FS, file, name string) error {
	g, text, err := ReadGold(truth, file)
	if err != nil {
		return err
	}
	s, err := readStructure(found, name)
	if err == nil {
		r.Text(name, g, text, s)
	}
	return err
}

func compareFields(r *Report, truth, found fs.FS, file, name string) error {
	f, err := ReadFields(truth, file)
	if err != nil {
		return err
	}
	s, err := readStructure(found, name)
	if err != nil {
		return err
	}
	text, err := readText(found, name)
	if err == nil {
		r.Item(name, f, text, s)
	}
	return err
}

func compareReading(r *Report, truth, found fs.FS, file, name string) error {
	raw, err := fs.ReadFile(truth, file)
	if err != nil {
		return err
	}
	text, err := transcript.DecodeText(raw)
	if err != nil {
		return err
	}
	read, err := readText(found, name)
	if err == nil {
		r.Reading(name, text, read)
	}
	return err
}

// readStructure is an empty structure when there is none.
func readStructure(found fs.FS, name string) (structure.Structure, error) {
	var s structure.Structure
	raw, err := either(found, name+".json", path.Join(name, "structure.json"))
	if err != nil || raw == nil {
		return s, err
	}
	return s, json.Unmarshal(raw, &s)
}

func readText(found fs.FS, name string) (string, error) {
	raw, err := either(found, path.Join(name, "read.txt"), name+".txt")
	return string(raw), err
}

// either is the first file that is there; nil for none.
func either(fsys fs.FS, names ...string) ([]byte, error) {
	for _, n := range names {
		raw, err := fs.ReadFile(fsys, n)
		if !errors.Is(err, fs.ErrNotExist) {
			return raw, err
		}
	}
	return nil, nil
}

// Reading counts the errors of a page's text as read against its true text:
// quotes and dashes of all kinds are one, white space is one blank.
func (r *Report) Reading(item, truth, read string) {
	a, b := plain(truth), plain(read)
	d := Distance(a, b)
	r.addRate("character error rate of text as read", float64(d), len([]rune(a)))
	words := NewReport()
	words.sets(item, "words", strings.Fields(a), strings.Fields(b))
	w, of := r.score("words of text as read"), words.Score("words")
	w.Right, w.Extra, w.Missed = w.Right+of.Right, w.Extra+of.Extra, w.Missed+of.Missed
	r.Rows = append(r.Rows, Row{Item: item, Value: "character error rate", Found: fmt.Sprintf("%.4f", share(d, len([]rune(a)))), Right: true})
}

func plain(s string) string {
	return Fold(strings.NewReplacer("\u2018", "'", "\u00b4", "'", "`", "'", "\u201c", "\"", "\u201d", "\"", "\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2015", "-").Replace(s))
}
