package evidence

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// weights.tsv has a row for each kind of section and each sign that speaks for
// it (above nought) or against it, in natural logarithms of odds:
//
//	kind <tab> sign <tab> weight
//	kind <tab> < kind before it <tab> weight
//
// "^" is before the first block, "$" after the last, "always" is a sign seen in
// every block. A row that is not there weighs nothing. The weights were counted
// by internal/weigh on published documents, clean and noisy, with a prior that
// draws every weight to nought; docs/structure.md says what it reaches on
// volumes that it has not seen. What a published volume has not (stamps,
// letterheads, page numbers) is told apart by the layout before it comes here.
//
//go:embed weights.tsv
var weights string

// leanings.tsv has the same form: what signs are worth by reasoning, before any
// document is counted. The prior draws each weight there, so that a kind that the
// counted volumes have seldom, or never, is still told by its plain signs.
//
//go:embed leanings.tsv
var leanings string

// Leanings is the table of leanings.tsv for these kinds, in their order.
func Leanings(kinds []string) *Table { return must(readTable(leanings, kinds)) }

// Table is the table of evidence.
type Table struct {
	Kinds  []string
	sign   [][]float64 // by sign (the last is "always"), then kind
	follow [][]float64 // by the kind before (the last is "^"), then kind
	last   []float64   // of a kind before the end
}

// typed.tsv has the same form, for documents that are read from pages: weights
// set by reasoning from how offices laid out their papers.
//
//go:embed typed.tsv
var typedPages string

// Typed is the table of typed.tsv.
var Typed = must(ReadTable(typedPages))

// Default is the table of weights.tsv.
var Default = must(ReadTable(weights))

func must(t *Table, err error) *Table {
	if err != nil {
		panic(err) // the embedded tables are part of the program
	}
	return t
}

// ReadTable reads the form of weights.tsv.
func ReadTable(tsv string) (*Table, error) { return readTable(tsv, nil) }

func readTable(tsv string, kinds []string) (*Table, error) {
	t := &Table{Kinds: kinds}
	place := map[string]int{"always": len(signs)}
	for i, s := range signs {
		place[s.name] = i
	}
	type row struct {
		kind, sign string
		weight     float64
	}
	var rows []row
	for n, l := range strings.Split(tsv, "\n") {
		if l == "" || l[0] == '#' {
			continue
		}
		f := strings.Split(l, "\t")
		if len(f) != 3 {
			return nil, fmt.Errorf("row %d of the table of evidence has %d columns, not 3", n+1, len(f))
		}
		w, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return nil, fmt.Errorf("row %d of the table of evidence: %w", n+1, err)
		}
		rows = append(rows, row{f[0], f[1], w})
		if f[0] != "$" && !slices.Contains(t.Kinds, f[0]) {
			t.Kinds = append(t.Kinds, f[0])
		}
	}
	t.shape()
	for _, r := range rows {
		k := slices.Index(t.Kinds, r.kind)
		if before, ok := strings.CutPrefix(r.sign, "< "); ok {
			b := slices.Index(t.Kinds, before)
			switch {
			case r.kind == "$" && b >= 0:
				t.last[b] = r.weight
			case before == "^" && k >= 0:
				t.follow[len(t.Kinds)][k] = r.weight
			case b >= 0 && k >= 0:
				t.follow[b][k] = r.weight
			default:
				return nil, fmt.Errorf("the table of evidence has no kind %q", before)
			}
			continue
		}
		i, ok := place[r.sign]
		if !ok {
			return nil, fmt.Errorf("the table of evidence has no sign %q", r.sign)
		}
		t.sign[i][k] = r.weight
	}
	return t, nil
}

// NewTable is a table of these kinds with nothing known.
func NewTable(kinds []string) *Table {
	t := &Table{Kinds: kinds}
	t.shape()
	return t
}

func (t *Table) shape() {
	n := len(t.Kinds)
	square := func(rows int) [][]float64 {
		out := make([][]float64, rows)
		for i := range out {
			out[i] = make([]float64, n)
		}
		return out
	}
	t.sign, t.follow, t.last = square(len(signs)+1), square(n+1), make([]float64, n)
}

// String is the table as in weights.tsv, rows under 0.05 left out.
func (t *Table) String() string {
	var b strings.Builder
	row := func(kind, sign string, w float64) {
		if math.Abs(w) >= 0.05 {
			fmt.Fprintf(&b, "%s\t%s\t%.2f\n", kind, sign, w)
		}
	}
	for k, kind := range t.Kinds {
		fmt.Fprintf(&b, "%s\talways\t%.2f\n", kind, t.sign[len(signs)][k])
		for i, s := range signs {
			row(kind, s.name, t.sign[i][k])
		}
		row(kind, "< ^", t.follow[len(t.Kinds)][k])
		for p, before := range t.Kinds {
			row(kind, "< "+before, t.follow[p][k])
		}
	}
	for p, before := range t.Kinds {
		row("$", "< "+before, t.last[p])
	}
	return b.String()
}
