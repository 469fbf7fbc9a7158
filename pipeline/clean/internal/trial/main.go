// Command trial damages clean texts with known edits, in ways of its own
// (package damage), has them cleaned, and counts what was found and what was
// mended that was not damaged; with --as-read it damages nothing and counts the
// edits that are known of the texts themselves.
//
//	go run ./pipeline/clean/internal/trial --seed 1 --rate 0.04 ../shared/frus/clean
//	go run ./pipeline/clean/internal/trial --as-read --without pairs ../shared/frus/noisy
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/clean/internal/damage"
	"nightshift/pipeline/clean/lexicon"
	"nightshift/pipeline/structure"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "trial:", err)
		os.Exit(1)
	}
}

// options are those of the command.
type options struct {
	damage.Settings
	asRead  bool
	without clean.Evidence
	folds   []*clean.Rules // the words of the collection, for the texts of each half; nil: none
	list    string         // kinds or rules whose failures are printed
	out     io.Writer
	results *results
}

func run(args []string, out io.Writer) error {
	o := options{out: out, results: newResults()}
	fs := flag.NewFlagSet("trial", flag.ContinueOnError)
	fs.Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same damage")
	fs.Float64Var(&o.Rate, "rate", 0.04, "share of words that are damaged")
	fs.BoolVar(&o.Wrap, "wrap", true, "set paragraphs in lines, with hyphens")
	fs.StringVar(&o.Only, "only", "", "one kind of damage alone")
	fs.BoolVar(&o.asRead, "as-read", false, "damage nothing: the texts are damaged already")
	fs.StringVar(&o.list, "list", "", "kinds whose misses, and rules whose errors are printed; comma-separated")
	without := fs.String("without", "", "evidence that is not used: page-image, word-pairs, own-words; comma-separated")
	collection := fs.String("collection", "", "folder whose texts the collection's words are learned from, for each text without its volume")
	if err := fs.Parse(args); err != nil {
		return err
	}
	for e := range strings.SplitSeq(*without, ",") {
		o.without |= map[string]clean.Evidence{"page-image": clean.PageImage, "word-pairs": clean.WordPairs, "own-words": clean.OwnWords}[e]
	}
	if fs.NArg() != 1 {
		return errors.New("usage: trial [flags] DIR")
	}
	lex := lexicon.Default()
	o.IsWord = func(w string) bool { return lex.Find([]byte(w)) != lexicon.None }
	files, err := filepath.Glob(filepath.Join(fs.Arg(0), "*.gold.json"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no texts in %s: %w", fs.Arg(0), err)
	}
	if *collection != "" {
		if o.folds, err = learn(*collection); err != nil {
			return err
		}
	}
	seed := o.Seed
	for i, f := range files {
		o.Seed = seed<<20 + uint64(i)
		if err := o.one(f); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	o.results.print(out)
	return nil
}

// known is what is known of a text.
type known struct {
	Volume      string
	Words       int
	Corrections []struct {
		Start, End    int
		Before, After string
		Kind          string
		RealWord      bool
		Recoverable   bool
	}
	Documents []struct {
		PageMarks, NoteMarks []damage.Span
	}
}

func (o *options) one(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var k known
	if err := json.Unmarshal(raw, &k); err != nil {
		return err
	}
	plain, err := os.ReadFile(strings.TrimSuffix(file, ".gold.json") + ".txt")
	if err != nil {
		return err
	}
	text := string(plain)
	var own []damage.Edit
	for _, c := range k.Corrections {
		own = append(own, damage.Edit{Start: c.Start, End: c.End, Before: c.Before, After: c.After, Kind: c.Kind, RealWord: c.RealWord || !c.Recoverable})
	}
	gold := own
	if !o.asRead {
		var stay []damage.Span
		for _, d := range k.Documents {
			stay = append(append(stay, d.PageMarks...), d.NoteMarks...)
		}
		for _, c := range own {
			stay = append(stay, damage.Span{Start: c.Start - 20, End: c.End + 20})
		}
		var made []damage.Edit
		text, made = damage.Text(text, spread(stay), o.Settings)
		gold = together(made, own)
	}
	in := structure.Input{Text: text}
	if o.folds != nil {
		in.Rules = o.folds[1-half(k.Volume)]
	}
	cs := structure.Parse(in).Corrections
	if o.without != 0 { // without running heads, which package structure finds
		in := structure.Cleaning(in)
		in.Without = o.without
		cs = clean.Correct(in)
	}
	if back, err := clean.Undo(clean.Apply(text, cs), cs); err != nil || back != text {
		return fmt.Errorf("undoing does not give the text back: %w", err)
	}
	o.count(filepath.Base(file)[:3], []rune(text), gold, cs, k.Words)
	return nil
}

// half is the half that a volume belongs to.
func half(volume string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(volume))
	return int(h.Sum32()>>7) & 1
}

// learn gathers the words of the texts of a folder, of each half of its volumes.
func learn(dir string) ([]*clean.Rules, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.gold.json"))
	if err != nil {
		return nil, err
	}
	var learners [2]clean.Learner
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var k known
		if err := json.Unmarshal(raw, &k); err != nil {
			return nil, err
		}
		text, err := os.ReadFile(strings.TrimSuffix(f, ".gold.json") + ".txt")
		if err != nil {
			return nil, err
		}
		learners[half(k.Volume)].Add(string(text))
	}
	var out []*clean.Rules
	for i := range learners {
		var b strings.Builder
		for _, w := range learners[i].Words(3) {
			fmt.Fprintln(&b, "word", w.Word)
		}
		r, err := clean.ParseRules([]byte(b.String()))
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// spread orders spans and makes them disjoint, each with two runes to spare.
func spread(spans []damage.Span) []damage.Span {
	slices.SortFunc(spans, func(a, b damage.Span) int { return a.Start - b.Start })
	var out []damage.Span
	for _, s := range spans {
		s.Start, s.End = max(0, s.Start-2), s.End+2
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// together puts the edits of the undamaged text among those made.
func together(made, own []damage.Edit) []damage.Edit {
	shift, i := 0, 0
	var out []damage.Edit
	for _, e := range made {
		for ; i < len(own) && own[i].Start+shift <= e.Start; i++ {
			out = append(out, moved(own[i], shift))
		}
		out = append(out, e)
		shift += e.End - e.Start - len([]rune(e.After))
	}
	for ; i < len(own); i++ {
		out = append(out, moved(own[i], shift))
	}
	return out
}

func moved(e damage.Edit, by int) damage.Edit {
	e.Start, e.End = e.Start+by, e.End+by
	return e
}
