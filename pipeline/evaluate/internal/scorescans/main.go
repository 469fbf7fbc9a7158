// Command scorescans finds the structure of scanned items from transcript pages
// saved as JSON (NAME.json, or NAME_NN.json for items of several files, as
// ocr/internal/readdir writes them), and prints value, found and true for each
// NAME.fields.json:
//
//	go run ./pipeline/evaluate/internal/scorescans [-out DIR] [-calibration] FIELDS_DIR TRANSCRIPTS_DIR
//
// With -calibration it prints how often each confidence is right too.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"nightshift/pipeline/evaluate"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

func main() {
	out := flag.String("out", "", "folder for structure.json and text of each item")
	calibration := flag.Bool("calibration", false, "print how often each confidence is right")
	flag.Parse()
	if err := run(flag.Args(), *out, *calibration); err != nil {
		fmt.Fprintln(os.Stderr, "scorescans:", err)
		os.Exit(1)
	}
}

func run(args []string, out string, calibration bool) error {
	if len(args) != 2 {
		return errors.New("usage: scorescans [-out DIR] FIELDS_DIR TRANSCRIPTS_DIR")
	}
	files, err := filepath.Glob(filepath.Join(args[0], "*.fields.json"))
	if err != nil {
		return err
	}
	r, c := evaluate.NewReport(), calibrated{}
	for _, f := range files {
		fields, err := evaluate.ReadFields(os.DirFS(args[0]), filepath.Base(f))
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(f), ".fields.json")
		pages, err := transcripts(args[1], name)
		if err != nil {
			return err
		}
		text, layout := transcript.TextAsRead(pages)
		s := structure.Parse(structure.Input{Text: text, Layout: layout})
		r.Item(name, fields, text, s)
		c.item(fields, text, s)
		if out == "" {
			continue
		}
		j, err := json.MarshalIndent(s, "", " ")
		if err := errors.Join(err, os.MkdirAll(out, 0o777), os.WriteFile(filepath.Join(out, name+".json"), j, 0o666), os.WriteFile(filepath.Join(out, name+".txt"), []byte(text), 0o666)); err != nil {
			return err
		}
	}
	fmt.Print(r.Table(), r)
	if calibration {
		fmt.Print(c)
	}
	return nil
}

// transcripts are the pages of one item, in order.
func transcripts(dir, name string) ([]transcript.Page, error) {
	files, err := filepath.Glob(filepath.Join(dir, name+"_[0-9][0-9].json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		files = []string{filepath.Join(dir, name+".json")}
	}
	sort.Strings(files)
	var out []transcript.Page
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var pages []transcript.Page
		if err := json.Unmarshal(raw, &pages); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		out = append(out, pages...)
	}
	return out, nil
}
