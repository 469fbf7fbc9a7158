package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline/turns"
)

// order changes what is paused, held or first, as the command is called, and
// says what is so now.
func order(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	why, span := new(string), new(time.Duration)
	if c.name != night.ActResume && c.name != night.ActRelease {
		fs.StringVar(why, "why", "", "`reason`, for the others; it is kept in the ledger")
	}
	if c.name == night.ActPause {
		fs.DurationVar(span, "for", 0, "how long; 0: until it is resumed")
	}
	rest, err := c.parse(fs, 1)
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Give(ctx, c.name, rest[0], *span, night.Person(), *why); err != nil {
		return err
	}
	t, err := s.Turns(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(c.stdout, t)
	}
	printOrder(c.stdout, t.Order)
	return nil
}

// printOrder says what operators decided about stages and boxes, a line each.
func printOrder(w io.Writer, o turns.Order) {
	told := o.Told(time.Now())
	for _, x := range told {
		fmt.Fprintln(w, x)
	}
	if len(told) == 0 {
		fmt.Fprintln(w, "no stage is paused, no box is held or goes first")
	}
}
