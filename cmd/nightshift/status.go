package main

import (
	"context"
	"fmt"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
)

// status says how far everything is: counts from the objects, queues from NATS.
func status(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	standings, err := s.Books().Standings(ctx, "")
	if err != nil {
		return err
	}
	counts := progress.Counts(standings)
	looks, err := s.Looks(ctx, "", standings)
	if err != nil {
		return err
	}
	total := progress.Total(counts)
	total.ToLookAt = len(looks)
	queues, err := runner.Queues(ctx, s.JS)
	if err != nil {
		return err
	}
	t, err := s.Turns(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(c.stdout, map[string]any{"boxes": counts, "total": total, "toLookAt": looks, "queues": queues, "turns": t})
	}
	printCounts(c.stdout, counts, total)
	printLooks(c.stdout, looks, false)
	for _, q := range queues {
		if q.Waiting+q.Working+q.Aside > 0 {
			fmt.Fprintf(c.stdout, "stage %-9s %d waiting, %d being worked on or waiting for a new try\n", q.Stage, q.Waiting+q.Aside, q.Working)
		}
	}
	for _, r := range t.Rooms {
		if t.HoldsBox(r.Box) {
			fmt.Fprintf(c.stdout, "box %s is held: %s of stage %s kept back\n", r.Box, plural(r.Tasks, "task"), r.Stage)
		}
	}
	if len(t.Paused)+len(t.Held)+len(t.First) > 0 {
		printOrder(c.stdout, t.Order)
	}
	return nil
}

// reportNight writes the report of a running or idle system, and sends it where
// that is asked for.
func reportNight(ctx context.Context, c call) error {
	var a asked
	var post night.Delivery
	stages := night.Defaults()
	fs := c.flags()
	a.register(fs)
	post.Register(fs)
	out := fs.String("out", "", "`folder` for report.html, report.json and failures.json; without it the report is printed")
	since := fs.Duration("since", 24*time.Hour, "how far back the night reaches; 0: to the beginning")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if err := program.Paths(out); err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	standings, err := s.Books().Standings(ctx, "")
	if err != nil {
		return err
	}
	from := time.Time{}
	if *since > 0 {
		from = time.Now().Add(-*since)
	}
	r, err := s.Report(ctx, standings, from, a.where())
	if err != nil {
		return err
	}
	if *out != "" || post.SMTP != "" {
		illustrate(ctx, s, stages, &r)
	}
	switch {
	case *out != "":
		err = writeReport(r, *out)
	case a.json:
		err = printJSON(c.stdout, r)
	default:
		fmt.Fprint(c.stdout, r.Text())
	}
	if err == nil {
		err = post.Send(ctx, r)
	}
	if err != nil {
		return err
	}
	return ending(r)
}

// where names the system in commands that the report suggests. Addresses of
// real servers hold secrets and come from the environment.
func (a asked) where() string {
	if a.Data != "" {
		return "--data " + a.Data
	}
	return ""
}
