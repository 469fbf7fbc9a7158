// Command makemodel makes the recognition model that builds carry: Debian's English
// network goes on learning, first from drawn lines, then from drawn and real ones,
// and the mean of its last checkpoints is put back into Debian's file. `make model`
// runs it; docs/model.md is the card of what came out.
//
// The same sources, faces, Debian packages and seed give the same bytes, on machines
// with the same processor features. A run that is stopped goes on where it was.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"nightshift/pipeline/model/train"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "makemodel:", err)
		os.Exit(1)
	}
}

// order is what the command was told.
type order struct {
	base, faces, work, out string
	scans                  []string // folders of pages with their truth
	sealed                 []string // lists of names that are left out
	without                []string // documents that are left out
	from, stage            string   // a network to begin a stage with
	share                  float64  // of lines and iterations
	seed                   uint64
	nice, jobs             int
}

func run(ctx context.Context, args []string) error {
	var o order
	var scans, sealed, without, tests string
	fs := flag.NewFlagSet("makemodel", flag.ContinueOnError)
	fs.StringVar(&o.base, "base", "", "traineddata `file` to begin with; Debian's English if empty")
	fs.StringVar(&o.faces, "faces", ".tools/faces", "`folder` of faces, as deploy/model-fonts.sh makes it")
	fs.StringVar(&o.work, "work", ".tools/model", "`folder` for lines and checkpoints")
	fs.StringVar(&o.out, "out", "eng.traineddata", "`file` to write the model to")
	fs.StringVar(&scans, "scans", "", "comma-separated `folders` of pages with their truth; none: drawn lines only")
	fs.StringVar(&sealed, "sealed", "", "comma-separated `files` of names that are not learned from")
	fs.StringVar(&without, "without", "", "comma-separated `documents` that are not learned from, as typed/NAME; for cross-validation")
	fs.StringVar(&o.from, "from", "", "network `file` (.lstm) to begin -stage with, instead of learning what comes before it")
	fs.StringVar(&o.stage, "stage", "real", "`name` of the stage that -from is for: real, last or fine")
	fs.Float64Var(&o.share, "share", 1, "`part` of the lines and iterations of the whole recipe")
	fs.Uint64Var(&o.seed, "seed", 1, "of what is drawn and in which order it is learned")
	fs.IntVar(&o.nice, "nice", 0, "added to the trainer's priority, 0-19")
	fs.IntVar(&o.jobs, "jobs", 1, "pages read and lines drawn at once")
	fs.StringVar(&tests, "test-lines", "", "make no model: draw the lines that `nightshift train` compares models on into this `folder`")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if tests != "" {
		return testLines(o.faces, tests)
	}
	o.scans, o.sealed, o.without = list(scans), list(sealed), list(without)
	if o.base == "" {
		found, err := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/eng.traineddata")
		if err != nil || len(found) == 0 {
			return errors.New("no English model to begin with: install tesseract-ocr-eng, or say -base")
		}
		o.base = found[0]
	}
	return o.make(ctx)
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// say logs a line of progress, with the time.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}

// teller says where a stage stands, now and then.
func teller() func(train.Progress) {
	next := 0
	return func(p train.Progress) {
		if p.Iterations < next && p.Iterations > next-5000 {
			return
		}
		next = p.Iterations + 500
		say("%s: %d of %d, %.1f%% of letters wrong, %s left", p.Stage, p.Iterations, p.Of, 100*p.Errors, p.Left.Round(time.Second))
	}
}
