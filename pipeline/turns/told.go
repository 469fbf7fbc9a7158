package turns

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Told is one thing that an operator ordered and that is in force.
type Told struct {
	What string // stage or box
	Name string
	How  string // paused, held, first
	Act
}

// Told is what is in force, stages before boxes, in order of name.
func (o Order) Told(now time.Time) []Told {
	var out []Told
	for _, x := range []struct {
		what, how string
		acts      map[string]Act
	}{{"stage", "paused", o.Paused}, {"box", "held", o.Held}, {"box", "first", o.First}} {
		for _, name := range slices.Sorted(maps.Keys(x.acts)) {
			if act := x.acts[name]; act.Until.IsZero() || act.Until.After(now) {
				out = append(out, Told{x.what, name, x.how, act})
			}
		}
	}
	return out
}

// Undo is the name of the command that ends it.
func (t Told) Undo() string {
	if t.What == "stage" {
		return "resume"
	}
	return "release"
}

// String says it in one line, in the time zone of the clock.
func (t Told) String() string {
	how := map[string]string{"paused": "is paused", "held": "is held", "first": "goes first"}
	s := t.What + " " + t.Name + " " + cmp.Or(how[t.How], t.How) + " since " + t.Since.Local().Format("2 Jan 15:04") + " by " + t.Who
	if !t.Until.IsZero() {
		s += t.Until.Local().Format(", until 2 Jan 15:04")
	}
	if t.Why != "" {
		s += ": " + t.Why
	}
	return s
}
