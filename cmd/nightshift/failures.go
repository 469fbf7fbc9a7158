package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/replay"
)

// choice is a replay.Selector as flags.
type choice struct{ replay.Words }

func (ch *choice) register(fs *flag.FlagSet) {
	fs.StringVar(&ch.Stage, "stage", "", "only these stages, comma-separated: intake, plan, ocr, structure, publish")
	fs.StringVar(&ch.Reason, "reason", "", "only these reason codes, comma-separated")
	fs.StringVar(&ch.Box, "box", "", "only items below this `locator`: a collection, box or folder")
	fs.StringVar(&ch.Item, "item", "", "only this item, by locator or id")
	fs.IntVar(&ch.Page, "page", 0, "only this page")
	fs.StringVar(&ch.Since, "since", "", "only failures since this `time` (2006-01-02T15:04:05Z07:00) or for this long (12h)")
	fs.StringVar(&ch.Until, "until", "", "only failures before this `time`, or older than this long (12h)")
	fs.StringVar(&ch.Numbers, "failure", "", "only the failures with these `numbers`, comma-separated, as failures lists them")
}

func (ch choice) empty() bool { return ch == choice{} }

func (ch choice) selector(now time.Time) (replay.Selector, error) {
	s, err := ch.Selector(now)
	if err != nil {
		return s, &program.Error{Code: program.Usage, Err: err}
	}
	return s, nil
}

// chosen are the outstanding failures that the flags choose.
func chosen(ctx context.Context, s *night.System, ch choice) ([]archive.Failure, error) {
	sel, err := ch.selector(time.Now())
	if err != nil {
		return nil, err
	}
	return s.Chosen(ctx, sel)
}

// failures lists what is parked and not mended yet.
func failures(ctx context.Context, c call) error {
	var a asked
	var ch choice
	fs := c.flags()
	a.register(fs)
	ch.register(fs)
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := chosen(ctx, s, ch)
	if err != nil {
		return err
	}
	if a.json {
		if list == nil {
			list = []archive.Failure{}
		}
		return printJSON(c.stdout, list)
	}
	printFailures(c.stdout, list)
	return nil
}

func printFailures(w io.Writer, list []archive.Failure) {
	if len(list) == 0 {
		fmt.Fprintln(w, "nothing is parked")
		return
	}
	byReason := map[archive.Reason][]archive.Failure{}
	var order []archive.Reason
	for _, f := range list {
		if byReason[f.Reason] == nil {
			order = append(order, f.Reason)
		}
		byReason[f.Reason] = append(byReason[f.Reason], f)
	}
	slices.SortFunc(order, func(a, b archive.Reason) int { return len(byReason[b]) - len(byReason[a]) })
	for _, r := range order {
		what, todo := r.Explain()
		fmt.Fprintf(w, "%d × %s: %s %s\n", len(byReason[r]), r, what, todo)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, f := range byReason[r] {
			page := ""
			if f.Page > 0 {
				page = fmt.Sprintf("page %d", f.Page)
			}
			fmt.Fprintf(t, "  #%d\t%s\t%s\t%s\t%s\n", f.Sequence, f.Stage, f.Locator, page, f.Detail)
		}
		t.Flush()
	}
}

// replayFailed runs the stages of parked failures again.
func replayFailed(ctx context.Context, c call) error {
	var a asked
	var ch choice
	fs := c.flags()
	a.register(fs)
	ch.register(fs)
	all := fs.Bool("all", false, "replay everything that is parked")
	done := fs.Bool("done", false, "not failures: run --stage (ocr, structure or publish; default structure) again for published items")
	dry := fs.Bool("dry-run", false, "only list what would be replayed")
	diff := fs.Bool("diff", false, "only show what would change in the records (stages structure and publish)")
	wait := fs.Bool("wait", true, "on an idle system: work until everything replayed has ended")
	stages := night.Defaults()
	stages.RegisterCommon(fs)
	stages.RegisterReading(fs)
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if ch.empty() && !*all {
		return needs("a choice, or --all,")
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	sel, err := ch.selector(time.Now())
	if err != nil {
		return err
	}
	var list []archive.Failure
	if !*done {
		if list, err = s.Chosen(ctx, sel); err != nil {
			return err
		}
		if len(list) == 0 {
			return program.Exit(program.Nothing, "nothing that is parked matches")
		}
	}
	var tasks []pipeline.Task
	if *done || *diff {
		if tasks, err = tasksOf(ctx, s, sel, list, *done); err != nil {
			return err
		}
	}
	switch {
	case *diff:
		all, err := s.Preview(ctx, stages, tasks)
		if err != nil {
			return err
		}
		if a.json {
			return printJSON(c.stdout, all)
		}
		printDifferences(c.stdout, all)
		return nil
	case *dry && *done:
		printTasks(c.stdout, tasks)
		return nil
	case *dry:
		printFailures(c.stdout, list)
		return nil
	case *done:
		err = s.Ask(ctx, tasks, night.Person())
	default:
		var r night.Replayed
		r, err = s.Replay(ctx, list, night.Person())
		for _, why := range r.Refused {
			fmt.Fprintln(c.stderr, why)
		}
		tasks = make([]pipeline.Task, len(r.Asked))
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "%s asked for again\n", plural(len(tasks), "task"))
	if s.Embedded() && *wait {
		return workOff(ctx, s, night.Which{Reading: true, Structuring: true, Publishing: true}, stages)
	}
	return nil
}

// workOff runs stages until nothing waits.
func workOff(ctx context.Context, s *night.System, which night.Which, stages night.Stages) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.Run(ctx, which, stages, func() { close(ready) })
	}()
	var err error
	select {
	case <-ready:
		err = untilIdle(ctx, s)
	case err = <-done:
		return err
	}
	stop()
	if rerr := <-done; err == nil {
		err = rerr
	}
	return err
}
