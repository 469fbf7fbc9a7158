package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/replay"
	"nightshift/pipeline/report"
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
	by := fs.String("by", "", "only how many there are, with samples, by `reason, stage or box`")
	samples := fs.Int("samples", 3, "samples of each group that --by makes")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if _, err := replay.Groups(nil, cmp.Or(*by, replay.ByReason), 0); err != nil || *samples < 0 {
		return program.Exit(program.Usage, "--by and --samples: %w", cmp.Or(err, errors.New("not fewer than none")))
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
	if *by != "" {
		groups, err := replay.Groups(list, *by, *samples)
		if err != nil {
			return err
		}
		if a.json {
			return printJSON(c.stdout, groups)
		}
		printGroups(c.stdout, groups, a.where())
		return nil
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
	groups, err := replay.Groups(list, replay.ByReason, len(list))
	if err != nil || len(list) == 0 {
		fmt.Fprintln(w, "nothing is parked")
		return
	}
	for _, g := range groups {
		fmt.Fprintf(w, "%d × %s: %s %s\n", g.Count, g.Key, g.What, g.Todo)
		printSamples(w, g)
	}
}

// printSamples lists a group's failures; the reason only where it is not what
// they have in common.
func printSamples(w io.Writer, g replay.Group) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range g.Samples {
		page, reason := "", ""
		if f.Page > 0 {
			page = fmt.Sprintf("page %d", f.Page)
		}
		if g.By != replay.ByReason {
			reason = string(f.Reason) + "\t"
		}
		fmt.Fprintf(t, "  #%d\t%s\t%s%s\t%s\t%s\n", f.Sequence, f.Stage, reason, f.Locator, page, f.Detail)
	}
	t.Flush()
}

// printGroups says how many failures each group has, with samples, and the
// command that lists the rest.
func printGroups(w io.Writer, groups []replay.Group, where string) {
	if len(groups) == 0 {
		fmt.Fprintln(w, "nothing is parked")
	}
	for _, g := range groups {
		fmt.Fprintf(w, "%s %s: %s of %s, %s to %s\n", g.By, g.Key, plural(g.Count, "failure"), plural(g.Items, "item"),
			g.Oldest.Local().Format("2 Jan 15:04"), g.Newest.Local().Format("2 Jan 15:04"))
		if g.What != "" {
			fmt.Fprintf(w, "  %s %s\n", g.What, g.Todo)
		}
		printSamples(w, g)
		if more := g.Count - len(g.Samples); more > 0 {
			fmt.Fprintf(w, "  and %d more: nightshift failures --%s %s %s\n", more, g.By, report.Quoted(g.Key), where)
		}
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
	if err := s.AsBefore(ctx, fs, &stages, false); err != nil {
		return err
	}
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
