// Command scorescans finds the structure of scanned items from transcript pages
// saved as JSON (NAME.json, or NAME_NN.json for items of several files, as
// ocr/internal/readdir writes them), and prints value, found and true for each
// NAME.fields.json:
//
//	go run ./pipeline/evaluate/internal/scorescans [-out DIR] [-calibration] FIELDS_DIR TRANSCRIPTS_DIR...
//
// With -calibration it prints how often each confidence is right too, and each value
// that was said with 0.95 or more and is not right. Of several readings of the same
// items (a folder of transcripts each) it prints a table: each value's score on each
// reading and their mean, what was found where there is none, and how often each
// confidence is right over all readings together. A rule that is right on one reading
// alone is fitted to it.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	if len(args) < 2 || out != "" && len(args) > 2 {
		return errors.New("usage: scorescans [-out DIR] FIELDS_DIR TRANSCRIPTS_DIR [TRANSCRIPTS_DIR]")
	}
	c := &calibrated{}
	var reports []*evaluate.Report
	for _, dir := range args[1:] {
		r, err := scored(args[0], dir, out, c)
		if err != nil {
			return err
		}
		reports = append(reports, r)
	}
	if len(reports) == 1 {
		fmt.Print(reports[0].Table(), reports[0])
	} else {
		fmt.Print(beside(args[1:], reports))
	}
	if calibration {
		fmt.Print(c)
	}
	return nil
}

// scored is the score of one reading of all items.
func scored(truth, dir, out string, c *calibrated) (*evaluate.Report, error) {
	files, err := filepath.Glob(filepath.Join(truth, "*.fields.json"))
	if err != nil {
		return nil, err
	}
	r := evaluate.NewReport()
	for _, f := range files {
		fields, err := evaluate.ReadFields(os.DirFS(truth), filepath.Base(f))
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(f), ".fields.json")
		pages, err := transcripts(dir, name)
		if err != nil {
			return nil, err
		}
		text, layout := transcript.TextAsRead(pages)
		s := structure.Parse(structure.Input{Text: text, Layout: layout})
		r.Item(name, fields, text, s)
		c.item(filepath.Base(dir)+" "+name, fields, text, s)
		if out == "" {
			continue
		}
		j, err := json.MarshalIndent(s, "", " ")
		if err := errors.Join(err, os.MkdirAll(out, 0o777), os.WriteFile(filepath.Join(out, name+".json"), j, 0o666), os.WriteFile(filepath.Join(out, name+".txt"), []byte(text), 0o666)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// beside is a table of several readings' scores: a line a value.
func beside(dirs []string, reports []*evaluate.Report) string {
	var names []string
	for _, r := range reports {
		for _, s := range r.Scores() {
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintf(&b, "%-45s", "")
	for _, d := range dirs {
		fmt.Fprintf(&b, " %9.9s", filepath.Base(d))
	}
	fmt.Fprintf(&b, " %9s\n", "mean")
	for _, n := range names {
		fmt.Fprintf(&b, "%-45s", n)
		sum := 0.0
		for _, r := range reports {
			s := r.Score(n)
			if strings.HasSuffix(n, evaluate.WhereNone) {
				sum += float64(s.Extra)
				fmt.Fprintf(&b, " %9d", s.Extra)
				continue
			}
			sum += s.F1()
			fmt.Fprintf(&b, " %5.3f/%-3d", s.F1(), s.Right+s.Missed)
		}
		fmt.Fprintf(&b, " %9.3f\n", sum/float64(len(reports)))
	}
	return b.String()
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
