package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"nightshift/internal/night"
	"nightshift/pipeline/turns"
)

// ordering is a command that changes what is paused, held or first, and says
// what is so now.
func ordering(ctx context.Context, c call, spans bool, do func(s *night.System, what string, span time.Duration, why string) error) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	why := fs.String("why", "", "`reason`, for the others; it is kept in the ledger")
	span := time.Duration(0)
	if spans {
		fs.DurationVar(&span, "for", 0, "how long; 0: until it is resumed")
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
	if err := do(s, rest[0], span, *why); err != nil {
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

func pauseStage(ctx context.Context, c call) error {
	return ordering(ctx, c, true, func(s *night.System, stage string, span time.Duration, why string) error {
		return s.Pause(ctx, stage, span, night.Person(), why)
	})
}

func resumeStage(ctx context.Context, c call) error {
	return ordering(ctx, c, false, func(s *night.System, stage string, _ time.Duration, _ string) error {
		return s.Resume(ctx, stage, night.Person())
	})
}

func holdBox(ctx context.Context, c call) error {
	return ordering(ctx, c, false, func(s *night.System, box string, _ time.Duration, why string) error {
		return s.Hold(ctx, box, night.Person(), why)
	})
}

func firstBox(ctx context.Context, c call) error {
	return ordering(ctx, c, false, func(s *night.System, box string, _ time.Duration, why string) error {
		return s.First(ctx, box, night.Person(), why)
	})
}

func releaseBox(ctx context.Context, c call) error {
	return ordering(ctx, c, false, func(s *night.System, box string, _ time.Duration, _ string) error {
		return s.Release(ctx, box, night.Person())
	})
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
