package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/replay"
)

// tasksOf are the tasks that a replay would ask for: of failures, or with done
// those of published items.
func tasksOf(ctx context.Context, s *night.System, sel replay.Selector, list []archive.Failure, done bool) ([]pipeline.Task, error) {
	if done {
		stage := pipeline.StageStructure
		switch {
		case len(sel.Stages) > 1 || len(sel.Reasons) > 0 || len(sel.Numbers) > 0 || !sel.Since.IsZero():
			return nil, program.Exit(program.Usage, "--done chooses by one --stage, --box, --item and --page")
		case len(sel.Stages) == 1:
			stage = sel.Stages[0]
		}
		tasks, err := s.Done(ctx, sel, stage, night.DoneID(time.Now()))
		if err == nil && len(tasks) == 0 {
			err = program.Exit(program.Nothing, "nothing that is published matches")
		}
		return tasks, err
	}
	var out []pipeline.Task
	for _, f := range list {
		t, err := replay.Task(f, replay.ID(f))
		if err != nil {
			return nil, &program.Error{Code: program.Usage, Err: err}
		}
		out = append(out, t)
	}
	return out, nil
}

// printTasks lists what would be asked for.
func printTasks(w io.Writer, tasks []pipeline.Task) {
	for _, t := range tasks {
		a := t.About()
		if a.Page > 0 {
			fmt.Fprintf(w, "%s page %d\n", a.Locator, a.Page)
		} else {
			fmt.Fprintln(w, a.Locator)
		}
	}
	fmt.Fprintf(w, "%s would be asked for again\n", plural(len(tasks), "task"))
}

// printDifferences says what would change in the records, item by item.
func printDifferences(w io.Writer, all []night.Difference) {
	changed := 0
	for _, d := range all {
		if d.Changes == nil {
			continue
		}
		changed++
		fmt.Fprintf(w, "%s: %s\n", d.Locator, strings.Join(d.Changes.Causes, ", "))
		for _, doc := range d.Changes.Documents {
			switch {
			case doc.Before == "":
				fmt.Fprintf(w, "  document %d would be new\n", doc.Document)
			case doc.After == "":
				fmt.Fprintf(w, "  document %d would be withdrawn\n", doc.Document)
			default:
				fmt.Fprintf(w, "  document %d: %s\n", doc.Document, strings.Join(doc.Fields, ", "))
			}
		}
	}
	fmt.Fprintf(w, "the records of %s of %d would change; nothing was published\n", plural(changed, "item"), len(all))
}
