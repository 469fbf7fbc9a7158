package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/custody"
	"nightshift/pipeline/model/shipped"
	"nightshift/pipeline/model/teach"
	"nightshift/pipeline/model/train"
	"nightshift/pipeline/model/versions"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/report"
	"nightshift/pipeline/review"
)

// trainRequest is what `nightshift train` was asked.
type trainRequest struct {
	data, from, level string
	use               string
	measure           []string
	lines             int
	list, json        bool
}

// trainModel teaches the recognition model from pages that the archive has mended, or
// lists and chooses what it has taught.
func trainModel(ctx context.Context, c call) error {
	var l trainRequest
	fs := c.flags()
	fs.StringVar(&l.data, "data", "", "data `directory`, where models are kept; without folders its own mended pages are learned from")
	fs.StringVar(&l.from, "from", "shipped", "`model` to begin with: shipped, stock for what is installed, or the number of a version")
	fs.IntVar(&l.lines, "lines", 0, "lines that are learned, over and over; 0: 1,000 and four for each line found")
	fs.Func("measure", "`folder` of pages with their text to measure on; the flag again for more (default: a fifth of the pages given)", func(s string) error {
		l.measure = append(l.measure, s)
		return nil
	})
	fs.BoolVar(&l.list, "list", false, "list what was taught, with figures, and train nothing")
	fs.StringVar(&l.use, "use", "", "read with this `version` from now on, by its number, or with shipped; train nothing")
	fs.BoolVar(&l.json, "json", false, "answer in JSON, a line for each step")
	fs.StringVar(&l.level, "log-level", "warn", "debug, info, warn or error")
	dirs, err := program.Parse(fs, c.argv)
	switch {
	case err != nil:
		return err
	case l.data == "":
		return needs("--data DIR")
	case (l.list || l.use != "") && len(dirs) > 0 || l.list && l.use != "":
		return program.Exit(program.Usage, "--list and --use train nothing: say them alone")
	case l.lines < 0:
		return program.Exit(program.Usage, "--lines %d: not fewer than none", l.lines)
	}
	if err := program.Paths(&l.data); err != nil {
		return err
	}
	for _, list := range [][]string{dirs, l.measure} {
		for i := range list {
			if err := program.Paths(&list[i]); err != nil {
				return err
			}
			if st, err := os.Stat(list[i]); err != nil || !st.IsDir() {
				return program.Exit(program.Missing, "%s is no folder that can be read", list[i])
			}
		}
	}
	switch {
	case l.list:
		return c.listModels(l)
	case l.use != "":
		return c.useModel(l)
	}
	return c.train(ctx, l, dirs)
}

// listModels says what was taught, and what is read with.
func (c call) listModels(l trainRequest) error {
	registry := night.Models(l.data)
	all, err := registry.All()
	if err != nil {
		return err
	}
	n, _, trouble := registry.Chosen()
	if l.json {
		return printJSON(c.stdout, struct {
			Chosen   int                `json:"chosen"` // 0: shipped
			Trouble  string             `json:"trouble,omitempty"`
			Versions []versions.Version `json:"versions"`
		}{n, text(trouble), all})
	}
	t := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\tmodel\tmade\tpages\tlines\tkept pages, letters wrong\ttyped\tprint\tSHA-256")
	fmt.Fprintf(t, "%s\tshipped\t\t\t\t\t\t\t%.12s\n", mark(n == versions.Shipped), shippedDigest())
	for _, v := range all {
		if v.Trouble != "" {
			fmt.Fprintf(t, "%s\t%d\tcannot be used: %s\n", mark(v.InUse), v.Number, v.Trouble)
			continue
		}
		f := v.Figures
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%d\t%s\t%s\t%s\t%.12s\n", mark(v.InUse), v.Number, v.Made.Local().Format("2 Jan 2006 15:04"),
			len(v.Learned.Pages), v.Learned.Lines, change(f.Kept), change(f.Typed), change(f.Print), v.Digest)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if trouble != nil {
		fmt.Fprintf(c.stdout, "%v; pages are read with the shipped model\n", trouble)
	}
	return nil
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func mark(inUse bool) string {
	if inUse {
		return "*"
	}
	return " "
}

// change is the share of letters wrong, before and after.
func change(f versions.Figure) string {
	return fmt.Sprintf("%.2f%% → %.2f%%", 100*f.Before.Letters, 100*f.After.Letters)
}

// useModel chooses what --model own reads with.
func (c call) useModel(l trainRequest) error {
	n, err := number(l.use)
	if err != nil {
		return err
	}
	if err := choose(l.data, n); err != nil {
		return err
	}
	return c.told(l, n, nil)
}

func number(s string) (int, error) {
	if s == "shipped" {
		return versions.Shipped, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, program.Exit(program.Usage, "%q is no version: a number that --list shows, or shipped", s)
	}
	return n, nil
}

func choose(data string, n int) error {
	err := night.Models(data).Use(n, night.Person(), time.Now())
	if errors.Is(err, versions.ErrNone) {
		return program.Exit(program.Nothing, "%w; `nightshift train --list` shows those there are", err)
	}
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	return nil
}

// told says what is read with from now on, and how what is read already is read again.
func (c call) told(l trainRequest, n int, boxes []string) error {
	again := "nightshift replay --done --stage ocr --data " + report.Quoted(l.data)
	commands := []string{again + " --all"}
	if len(boxes) > 0 {
		commands = nil
		for _, b := range boxes {
			commands = append(commands, again+" --box "+report.Quoted(b))
		}
	}
	if l.json {
		return json.NewEncoder(c.stdout).Encode(struct {
			Step   string   `json:"step"`
			Chosen int      `json:"chosen"`
			Again  []string `json:"again"`
		}{"chosen", n, commands})
	}
	name := fmt.Sprintf("model %d", n)
	if n == versions.Shipped {
		name = "the shipped model"
	}
	fmt.Fprintf(c.stdout, "from its next start on, a night reads English with %s, unless --model says stock or a file\nwhat is published already is read again by\n", name)
	for _, k := range commands {
		fmt.Fprintf(c.stdout, "  %s\n", k)
	}
	fmt.Fprintln(c.stdout, "and --dry-run lists it first; each item's history shows what changed, and --use takes the choice back")
	return nil
}

func shippedDigest() string { return string(versions.Digest(shipped.English)) }

// train teaches a version and takes it if it is better.
func (c call) train(ctx context.Context, l trainRequest, dirs []string) error {
	for _, p := range []string{"tesseract", "lstmtraining", "lstmeval"} {
		if _, err := exec.LookPath(p); err != nil {
			return program.Exit(program.Missing, "%s is not installed: it is part of Debian's package tesseract-ocr (apt install tesseract-ocr)", p)
		}
	}
	gently()
	registry := night.Models(l.data)
	work := filepath.Join(registry.Dir, "work")
	if err := custody.Make(work); err != nil {
		return program.Exit(program.Missing, "data directory: %w", err)
	}
	release, err := train.Alone(filepath.Join(work, "lock"))
	if errors.Is(err, train.ErrBusy) {
		return &program.Error{Code: program.InUse, Err: err}
	}
	if err != nil {
		return err
	}
	defer release()
	o := teach.Order{From: l.from, Folders: dirs, Measure: l.measure, Lines: l.lines, Work: work, Jobs: runtime.NumCPU(), Told: c.progress(l)}
	if o.Model, err = beginning(registry, l.from); err != nil {
		return err
	}
	o.InUse = shipped.English
	if n, file, err := registry.Chosen(); err == nil && n != versions.Shipped {
		if o.InUse, err = os.ReadFile(file); err != nil {
			return err
		}
	}
	if len(dirs) == 0 {
		if err := c.mended(ctx, l, &o); err != nil {
			return err
		}
	}
	out, err := teach.Run(ctx, o)
	if errors.Is(err, teach.ErrTooFew) {
		return program.Exit(program.Nothing, "%w; nothing was changed", err)
	}
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if out.Why == "" {
		if out.Card.Number, err = registry.Add(out.Model, out.Card); err != nil {
			return fmt.Errorf("nothing was changed: keep the model: %w", err)
		}
	}
	if err := c.outcome(l, out); err != nil {
		return err
	}
	if out.Why != "" {
		return program.Exit(program.Nothing, "nothing was changed: %s", out.Why)
	}
	if err := choose(l.data, out.Card.Number); err != nil {
		return err
	}
	return c.told(l, out.Card.Number, gaining(out.Card, len(dirs) == 0))
}

// beginning is the model that a training begins with.
func beginning(registry versions.Registry, from string) ([]byte, error) {
	if from == ocr.StockModel {
		file, err := ocr.InstalledModel(shipped.Language)
		if err != nil {
			return nil, program.Exit(program.Missing, "no English model to begin with: %w; install Debian's package tesseract-ocr-eng", err)
		}
		return os.ReadFile(file)
	}
	n, err := number(from)
	if err != nil {
		return nil, fmt.Errorf("--from: %w, or stock", err)
	}
	if n == versions.Shipped {
		return shipped.English, nil
	}
	model, _, err := registry.Model(n)
	if errors.Is(err, versions.ErrNone) {
		return nil, program.Exit(program.Nothing, "--from: %w", err)
	}
	return model, err
}

// mended gathers the pages that people have mended in the data directory.
func (c call) mended(ctx context.Context, l trainRequest, o *teach.Order) error {
	a := asked{level: l.level}
	a.Data, a.MinFree = l.data, 1
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	dir := filepath.Join(o.Work, "mended")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	list, err := review.MendedPages(ctx, s.Scans, s.Work, s.Records, dir)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return program.Exit(program.Nothing, "no mended pages in %s: a page counts when a person has decided a correction on it and nothing in its item is in doubt any more (`nightshift review`); or name a folder of pages with their text", l.data)
	}
	boxes := map[string]string{}
	for _, p := range list {
		boxes["mended/"+p.Name] = filepath.Dir(string(p.Locator))
	}
	o.Folders, o.Group = []string{dir}, func(source string) string { return boxes[source] }
	return nil
}

// gaining are the boxes whose pages are read better now; nil where what was learned
// from lies in no box.
func gaining(card versions.Card, boxed bool) (out []string) {
	for _, g := range card.Figures.Groups {
		if boxed && g.After.Letters < g.Before.Letters {
			out = append(out, g.Name)
		}
	}
	slices.Sort(out)
	return out
}

// progress tells how far a training is: lines on stderr, now and then, or each step in JSON.
func (c call) progress(l trainRequest) func(teach.Progress) {
	var last time.Time
	step := ""
	return func(p teach.Progress) {
		if p.Step == step && p.Done != p.Of && p.Err == nil && time.Since(last) < 10*time.Second {
			return
		}
		step, last = p.Step, time.Now()
		if l.json {
			_ = json.NewEncoder(c.stdout).Encode(struct {
				Step  string  `json:"step"`
				Done  int     `json:"done"`
				Of    int     `json:"of"`
				Page  string  `json:"page,omitempty"`
				Error string  `json:"error,omitempty"`
				Wrong float64 `json:"wrong,omitempty"`
				Left  float64 `json:"secondsLeft,omitempty"`
			}{p.Step, p.Done, p.Of, p.Page, text(p.Err), p.Errors, p.Left.Seconds()})
			return
		}
		line := fmt.Sprintf("%s %s: %d of %d", time.Now().Format(time.TimeOnly), p.Step, p.Done, p.Of)
		if p.Step == "learn" {
			line += fmt.Sprintf(" lines, %.1f%% of the letters of damaged lines wrong", 100*p.Errors)
		}
		if p.Left > 0 {
			line += fmt.Sprintf(", %s left", p.Left.Round(time.Second))
		}
		if p.Err != nil {
			line += fmt.Sprintf("; left out: %v", p.Err)
		}
		fmt.Fprintln(c.stderr, line)
	}
}

// outcome prints what a training learned from, and before and after.
func (c call) outcome(l trainRequest, out teach.Outcome) error {
	if l.json {
		return json.NewEncoder(c.stdout).Encode(struct {
			Step   string        `json:"step"`
			Better bool          `json:"better"`
			Why    string        `json:"why,omitempty"`
			Card   versions.Card `json:"card"`
		}{"measured", out.Why == "", out.Why, out.Card})
	}
	printLearned(c.stdout, out.Card)
	return nil
}

func printLearned(w io.Writer, card versions.Card) {
	k, f := card.Learned, card.Figures
	fmt.Fprintf(w, "learned from %s on %s, %d lines learned over and over, in %s; begun with %s\n", plural(k.Lines, "line"), plural(len(k.Pages), "page"), k.Iterations,
		time.Duration(k.Seconds*float64(time.Second)).Round(time.Second), card.From.Name)
	fmt.Fprintf(w, "left out: %s that could not be used, %s of the text that fit no picture, %s with letters that the model does not know\n",
		plural(k.LeftOut.Pages, "page"), plural(k.LeftOut.Unbound, "line"), plural(k.LeftOut.Letters, "line"))
	fmt.Fprintf(w, "in the mean that was made: %.0f%% of what was learned, the rest of what it began with\n", 100*k.Share)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := "wrong: letters, words\tlines\t" + card.From.Name
	if f.Kept.InUse != nil {
		head += "\tin use"
	}
	fmt.Fprintln(t, head+"\tnew")
	for _, r := range []struct {
		name string
		versions.Figure
	}{{plural(len(f.KeptPages), "page") + " kept aside", f.Kept}, {"shipped lines, typed", f.Typed}, {"shipped lines, print", f.Print}} {
		cells := []string{r.name, strconv.Itoa(r.Lines), rates(r.Before)}
		if r.InUse != nil {
			cells = append(cells, rates(*r.InUse))
		}
		fmt.Fprintln(t, strings.Join(append(cells, rates(r.After)), "\t"))
	}
	t.Flush()
}

func rates(e versions.Errors) string {
	return fmt.Sprintf("%.2f%%, %.2f%%", 100*e.Letters, 100*e.Words)
}

// gently gives this process, and what it starts, the lowest priority for processor and
// disk. A system that refuses is no reason to stop.
func gently() {
	const idle = 3 << 13 // IOPRIO_CLASS_IDLE
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = unix.Setpriority(unix.PRIO_PROCESS, id, 19)
			_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, 1, uintptr(id), idle) // IOPRIO_WHO_PROCESS
		}
	}
}
