//go:build model

package teach

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"nightshift/pipeline/model/versions"
)

// A machine whose e is bent is learned; stopped in its midst, the
// training goes on and ends with the same bytes.
func TestRun(t *testing.T) {
	o := order(t, 9)
	var told []Progress
	o.Told = func(p Progress) { told = append(told, p) }
	out, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	k := out.Card.Figures.Kept
	t.Logf("%d lines: %+v, typed %+v, print %+v", k.Lines, k, out.Card.Figures.Typed, out.Card.Figures.Print)
	if out.Why != "" || len(out.Model) == 0 || k.After.Letters >= k.Before.Letters {
		t.Fatalf("not better: %q", out.Why)
	}
	if l := out.Card.Learned; l.Iterations != 300 || l.LeftOut != (versions.LeftOut{}) || l.Lines+k.Lines != 9*14 || len(l.Pages)+len(out.Card.Figures.KeptPages) != 9 {
		t.Errorf("learned %+v", l)
	}
	for _, p := range out.Card.Figures.KeptPages {
		if slices.Contains(out.Card.Learned.Pages, p) {
			t.Errorf("%s was kept aside and learned", p)
		}
	}
	for _, step := range []string{"read pages", "learn", "measure"} {
		if !slices.ContainsFunc(told, func(p Progress) bool { return p.Step == step && p.Done > 0 && p.Done <= p.Of }) {
			t.Errorf("nothing told of %q", step)
		}
	}

	again := o
	again.Work = t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	again.Told = func(p Progress) {
		if p.Step == "learn" && p.Done > 100 {
			cancel()
		}
	}
	if _, err := Run(ctx, again); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	first := 0
	again.Told = func(p Progress) {
		if p.Step == "learn" && first == 0 {
			first = p.Done
		}
	}
	more, err := Run(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	if first <= 30 {
		t.Errorf("it began anew, at line %d", first)
	}
	if !bytes.Equal(more.Model, out.Model) {
		t.Error("a training that was stopped ends with another model")
	}
}
