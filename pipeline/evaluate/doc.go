// Package evaluate compares what was found in documents with an archive's own
// truth about them: sections, values and corrections against NAME.gold.json,
// values of scanned items against NAME.fields.json, text against NAME.gt.txt. It
// owns the forms of the truth (docs/evaluate.md) and the counting; it reads no
// files except through the fs.FS it is given, and finds nothing itself.
package evaluate

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// Score is what one figure of an evaluation counted. Of a set of things found
// against a set of true ones: Right of them agree, Extra were found and are not
// true, Missed are true and were not found. Of a value that a document has or
// has not (Exact), Right agree and Missed do not.
type Score struct {
	Name   string `json:"name"`
	Right  int    `json:"right"`
	Extra  int    `json:"extra"`
	Missed int    `json:"missed"`
	Exact  bool   `json:"exact,omitempty"`
}

// Precision is the share of what was found that is true; 0 where nothing was.
func (s Score) Precision() float64 { return share(s.Right, s.Right+s.Extra) }

// Recall is the share of what is true that was found.
func (s Score) Recall() float64 { return share(s.Right, s.Right+s.Missed) }

// F1 is the harmonic mean of precision and recall; for an exact value the share
// that agrees.
func (s Score) F1() float64 {
	if s.Exact {
		return s.Recall()
	}
	return share(2*s.Right, 2*s.Right+s.Extra+s.Missed)
}

// N is how many there are in the truth.
func (s Score) N() int { return s.Right + s.Missed }

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Miss is one disagreement, for a person to look at.
type Miss struct {
	Score string `json:"score"`
	Item  string `json:"item"`
	Truth string `json:"truth,omitempty"`
	Found string `json:"found,omitempty"`
}

// Report is an evaluation. Rates are plain numbers beside the scores: error
// rates, false corrections per 10,000 words.
type Report struct {
	scores map[string]*Score
	rates  map[string]Rate
	Misses []Miss
	Rows   []Row // of scanned items: value by value
}

// Rate is a number with the count it was taken over.
type Rate struct {
	Value float64 `json:"value"`
	N     int     `json:"n"`
}

// Row is one value of a scanned item: what is true, what was found, and whether
// they agree. Illegible says that they do not, and that the true value is not in the
// text as read.
type Row struct {
	Item      string `json:"item"`
	Value     string `json:"value"`
	Truth     string `json:"truth"`
	Found     string `json:"found"`
	Right     bool   `json:"right"`
	Illegible bool   `json:"illegible,omitempty"`
}

// NewReport is an empty report.
func NewReport() *Report { return &Report{scores: map[string]*Score{}, rates: map[string]Rate{}} }

// Score is a score by its name; all nought when nothing was counted under it.
func (r *Report) Score(name string) Score {
	if s := r.scores[name]; s != nil {
		return *s
	}
	return Score{Name: name}
}

// Rate is a rate by its name.
func (r *Report) Rate(name string) Rate { return r.rates[name] }

// Scores are all scores, by name.
func (r *Report) Scores() []Score {
	out := make([]Score, 0, len(r.scores))
	for _, s := range r.scores {
		out = append(out, *s)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

func (r *Report) score(name string) *Score {
	s := r.scores[name]
	if s == nil {
		s = &Score{Name: name}
		r.scores[name] = s
	}
	return s
}

// sets counts two bags of things; what only one has is a miss.
func (r *Report) sets(item, name string, truth, found []string) {
	s := r.score(name)
	left := map[string]int{}
	for _, t := range truth {
		left[t]++
	}
	for _, f := range found {
		if left[f] > 0 {
			left[f]--
			s.Right++
			continue
		}
		s.Extra++
		r.Misses = append(r.Misses, Miss{Score: name, Item: item, Found: f})
	}
	for _, t := range truth {
		if left[t] > 0 {
			left[t]--
			s.Missed++
			r.Misses = append(r.Misses, Miss{Score: name, Item: item, Truth: t})
		}
	}
}

// exact counts a value that a document has or has not.
func (r *Report) exact(item, name, truth, found string, right bool) {
	s := r.score(name)
	s.Exact = true
	if right {
		s.Right++
		return
	}
	s.Missed++
	r.Misses = append(r.Misses, Miss{Score: name, Item: item, Truth: truth, Found: found})
}

// String is the report as a table.
func (r *Report) String() string {
	var b strings.Builder
	for _, s := range r.Scores() {
		if s.Exact {
			fmt.Fprintf(&b, "%-42s exact %.4f  n=%d\n", s.Name, s.F1(), s.N())
			continue
		}
		fmt.Fprintf(&b, "%-42s P %.4f  R %.4f  F1 %.4f  n=%d\n", s.Name, s.Precision(), s.Recall(), s.F1(), s.N())
	}
	for _, name := range sortedKeys(r.rates) {
		fmt.Fprintf(&b, "%-42s %.4f  n=%d\n", name, r.rates[name].Value, r.rates[name].N)
	}
	return b.String()
}

// MarshalJSON gives scores, rates, misses and rows.
func (r *Report) MarshalJSON() ([]byte, error) {
	type line struct {
		Score
		Precision float64 `json:"precision"`
		Recall    float64 `json:"recall"`
		F1        float64 `json:"f1"`
		N         int     `json:"n"`
	}
	lines := []line{}
	for _, s := range r.Scores() {
		lines = append(lines, line{s, s.Precision(), s.Recall(), s.F1(), s.N()})
	}
	return json.Marshal(struct {
		Version int             `json:"version"`
		Scores  []line          `json:"scores"`
		Rates   map[string]Rate `json:"rates"`
		Misses  []Miss          `json:"misses"`
		Rows    []Row           `json:"rows,omitempty"`
	}{1, lines, r.rates, r.Misses, r.Rows})
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
