package turns

import (
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
)

func TestBoxesTakeTurns(t *testing.T) {
	o := Order{Held: map[string]Act{"c/held": {}, "closed": {}}, First: map[string]Act{"c/first": {}}}
	for _, x := range []struct {
		name    string
		order   Order
		waiting map[string]int
		n       int
		last    string
		want    string
	}{
		{"a huge box does not starve a small one", Order{}, map[string]int{"a": 1000, "b": 2}, 6, "", "a b a b a a"},
		{"the turn goes on after whom was served last", Order{}, map[string]int{"a": 9, "b": 9, "c": 9}, 3, "b", "c a b"},
		{"the last one served may be gone", Order{}, map[string]int{"a": 9, "c": 9}, 3, "b", "c a c"},
		{"a held box, or one of a held collection, has none", o, map[string]int{"c/held": 9, "closed/1": 9, "closed": 1, "c/a": 1}, 5, "", "c/a"},
		{"a box that goes first has all it needs", o, map[string]int{"c/a": 9, "c/first": 2, "c/z": 9}, 5, "c/first", "c/first c/first c/z c/a c/z"},
		{"no places", Order{}, map[string]int{"a": 9}, 0, "", ""},
		{"nobody", Order{}, nil, 3, "x", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			if got := strings.Join(x.order.Admit(x.waiting, x.n, x.last), " "); got != x.want {
				t.Errorf("%s, want %s", got, x.want)
			}
		})
	}
	if !o.Holds("closed/1/memo.tif") || !o.Holds("c/held/f/memo.tif") || o.Holds("c/a/memo.tif") || o.Holds("memo.tif") {
		t.Error("what is held")
	}
}

// However many tasks wait and wherever the turn stands: nobody is admitted more
// often than he waits, held boxes never, and all places are used if they can be.
func FuzzAdmit(f *testing.F) {
	f.Add(uint8(3), uint8(200), uint8(0), uint8(20), "b", uint8(1))
	f.Fuzz(func(t *testing.T, a, b, c, n uint8, last string, held uint8) {
		waiting := map[string]int{"a": int(a), "b": int(b), "c/x": int(c)}
		o := Order{Held: map[string]Act{}, First: map[string]Act{"b": {}}}
		free := int(a) + int(b) + int(c)
		for i, box := range []string{"a", "b", "c/x"} {
			if held>>i&1 == 1 {
				o.Held[box] = Act{}
				free -= waiting[box]
			}
		}
		out := o.Admit(waiting, int(n), last)
		if len(out) != min(free, int(n)) {
			t.Fatalf("%d admitted to %d places, %d free to go", len(out), n, free)
		}
		for _, box := range slices.Compact(slices.Sorted(slices.Values(out))) {
			if o.Holds(archive.Locator(box + "/x/y")) {
				t.Fatalf("held box %s admitted", box)
			}
		}
	})
}
