// Command cleandir cleans what readdir read: for each DIR/NAME.json, transcript
// pages, it writes OUT/NAME.txt, the clean text, and prints a line for each
// correction with what stands around it. With --list only the decisions named
// are printed; undoing is checked for each.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cleandir:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	fs := flag.NewFlagSet("cleandir", flag.ContinueOnError)
	without := fs.Bool("without-layout", false, "use no evidence of where the characters stand on the page")
	quiet := fs.String("leave-out", "hard-wrap", "kinds not printed, comma-separated")
	leave := fs.String("leave", "", "kinds not corrected, comma-separated: truths of pages have their page numbers and the hyphens at line ends")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() != 2 {
		return errors.New("usage: cleandir [flags] DIR OUT")
	}
	files, err := filepath.Glob(filepath.Join(fs.Arg(0), "*.json"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(fs.Arg(1), 0o777); err != nil {
		return err
	}
	for _, f := range files {
		if err := one(f, fs.Arg(1), *without, strings.Split(*quiet, ","), strings.Split(*leave, ",")); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return nil
}

func one(file, out string, without bool, quiet, leave []string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var pages []transcript.Page
	if err := json.Unmarshal(raw, &pages); err != nil {
		return err
	}
	text, layout := transcript.TextAsRead(pages)
	input := structure.Input{Text: text, Layout: layout}
	cs := structure.Parse(input).Corrections
	if without { // and without running heads, which package structure finds
		in := structure.Cleaning(input)
		in.Without = clean.PageImage
		cs = clean.Correct(in)
	}
	cs = slices.DeleteFunc(cs, func(c clean.Correction) bool { return slices.Contains(leave, string(c.Kind)) })
	cleaned := clean.Apply(text, cs)
	if back, err := clean.Undo(cleaned, cs); err != nil || back != text {
		return fmt.Errorf("undoing does not give the text back: %w", err)
	}
	runes := []rune(text)
	name := strings.TrimSuffix(filepath.Base(file), ".json")
	for _, c := range cs {
		if slices.Contains(quiet, string(c.Kind)) {
			continue
		}
		fmt.Printf("%s\t%s\t%s\t%.3f\t%q[%s|%s]%q\t%s\n", name, c.Decision, c.Rule, c.Confidence,
			string(runes[max(0, c.Start-25):c.Start]), c.Before, c.After, string(runes[c.End:min(len(runes), c.End+25)]), strings.Join(c.Evidence, "; "))
	}
	return os.WriteFile(filepath.Join(out, name+".txt"), []byte(cleaned), 0o666)
}
