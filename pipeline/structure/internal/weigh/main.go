// Command weigh counts the weights of the table of evidence on documents with
// gold, folders of NAME.txt and NAME.gold.json, and prints the table:
//
//	go run ./pipeline/structure/internal/weigh DIR ... > pipeline/structure/evidence/weights.tsv
//
// With -cross N it prints scores instead: the volumes are put in N folds, and
// each fold is read with weights counted on the others. -seed puts them in other
// folds; -documents hides documents instead of volumes. With -plain it prints the
// scores of the table as it is.
package main

import (
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/pipeline/evaluate"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/structure/evidence"
)

func main() {
	prior := flag.Float64("prior", 0.5, "how strongly weights are drawn to nought")
	rounds := flag.Int("rounds", 150, "steps of the climb")
	cross := flag.Int("cross", 0, "folds of volumes for a cross-validation")
	flag.StringVar(&seed, "seed", "", "any word: which volumes share a fold")
	flag.BoolVar(&byDocument, "documents", false, "put documents in folds, not whole volumes")
	misses := flag.String("misses", "", "print what one score missed")
	flag.BoolVar(&calibrate, "calibration", false, "print how often each confidence is right, beside the scores")
	plain := flag.Bool("plain", false, "score the table as it is")
	flag.Parse()
	if err := run(flag.Args(), *prior, *rounds, *cross, *plain, *misses); err != nil {
		fmt.Fprintln(os.Stderr, "weigh:", err)
		os.Exit(1)
	}
}

var kinds = []string{"title", "caption", "dateline", "classification", "list-heading", "subjects", "participants", "references", "recipients",
	"salutation", "heading", "body", "list", "signature"}

// document is a text with its gold and the blocks that weights are counted on.
type document struct {
	dir, name, text string
	gold            evaluate.Gold
	example         evidence.Example
}

func run(dirs []string, prior float64, rounds, cross int, plain bool, misses string) error {
	if len(dirs) == 0 {
		return errors.New("usage: weigh [-cross N | -plain] DIR …")
	}
	docs, err := read(dirs)
	if err != nil {
		return err
	}
	switch {
	case plain:
		reports := map[string]*evaluate.Report{}
		score(reports, docs, func(document) bool { return true })
		show(dirs, reports, misses)
	case cross > 1:
		reports := map[string]*evaluate.Report{}
		for fold := range cross {
			var others []evidence.Example
			for _, d := range docs {
				if d.fold(cross) != fold {
					others = append(others, d.example)
				}
			}
			evidence.Default = evidence.Learn(kinds, others, prior, rounds)
			score(reports, docs, func(d document) bool { return d.fold(cross) == fold })
		}
		show(dirs, reports, misses)
	default:
		var examples []evidence.Example
		for _, d := range docs {
			examples = append(examples, d.example)
		}
		fmt.Printf("# Counted on %d documents with prior %g; see table.go.\n", len(examples), prior)
		fmt.Print(evidence.Learn(kinds, examples, prior, rounds))
	}
	return nil
}

func read(dirs []string) ([]document, error) {
	var out []document
	for _, d := range dirs {
		files, err := filepath.Glob(filepath.Join(d, "*.gold.json"))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			g, text, err := evaluate.ReadGold(os.DirFS(d), filepath.Base(f))
			if err != nil {
				return nil, err
			}
			out = append(out, document{d, filepath.Base(f), text, g, example(text, g)})
		}
	}
	return out, nil
}

// example gives each block the kind of the gold section it begins in. Where
// volumes differ in whether they mark the address of a letter, all are taken to.
func example(text string, g evaluate.Gold) evidence.Example {
	e := evidence.Example{}
	blocks, places := structure.Shown(text)
	e.Blocks = blocks
	for i, p := range places {
		kind := ""
		for _, s := range g.Documents[0].Sections {
			if s.Start <= p.Start && p.Start < s.End {
				kind = s.Kind
			}
		}
		if kind == "body" && evidence.Salutes(blocks[i].Text) {
			kind = "salutation"
		}
		if kind == "" && blocks[i].Known == "" {
			e.Blocks[i].Known = "other" // a stray sign on its own
		}
		e.Kinds = append(e.Kinds, kind)
	}
	return e
}

// seed and byDocument say how folds are made.
var (
	seed       string
	byDocument bool
)

// fold is which of the folds the document is in. Its damaged twin is in the same.
func (d document) fold(folds int) int {
	h := fnv.New32a()
	h.Write([]byte(seed))
	if byDocument {
		h.Write([]byte(d.name))
	} else {
		h.Write([]byte(d.gold.Volume))
	}
	return int(h.Sum32()>>4) % folds
}

// calibrate says that confidences are counted too.
var calibrate bool

// bins are the steps of confidence that are told apart: its lower bounds.
var bins = []float64{0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99}

// sure counts, for one kind of thing, how many were right in each bin, of how
// many, and the sum of their confidences.
type sure struct {
	right, all [8]int
	sum        [8]float64
}

var sures = map[string]*sure{}

func count(what string, confidence float64, right bool) {
	s := sures[what]
	if s == nil {
		s = &sure{}
		sures[what] = s
	}
	i := len(bins) - 1
	for i > 0 && confidence < bins[i] {
		i--
	}
	s.all[i]++
	s.sum[i] += confidence
	if right {
		s.right[i]++
	}
}

// confidences counts those of one document.
func confidences(g evaluate.Gold, s structure.Structure) {
	if len(s.Documents) == 0 {
		return
	}
	truth, found := g.Documents[0], s.Documents[0]
	sections := map[string]bool{}
	for _, x := range truth.Sections {
		sections[fmt.Sprint(x.Kind, x.Start, x.End)] = true
	}
	for _, x := range found.Sections {
		if x.Kind != "running-head" && x.Kind != "page-mark" && x.Kind != "notes" {
			count("sections", x.Confidence, sections[fmt.Sprint(x.Kind, x.Start, x.End)])
		}
	}
	marks := map[string]bool{}
	for _, m := range truth.NoteMarks {
		marks[fmt.Sprint(m.Start, m.Note)] = true
	}
	for _, m := range found.NoteMarks {
		count("note marks", m.Confidence, marks[fmt.Sprint(m.Start, m.Note)])
	}
	count("kind of document", found.KindConfidence, slices.Contains(strings.Split(truth.Kind, "|"), found.Kind))
}

func showConfidences() {
	for _, what := range []string{"sections", "note marks", "kind of document"} {
		s := sures[what]
		if s == nil {
			continue
		}
		fmt.Printf("%s\n", what)
		for i, lo := range bins {
			if s.all[i] > 0 {
				fmt.Printf("  from %.2f: said %.3f, right %.3f of %d\n", lo, s.sum[i]/float64(s.all[i]), float64(s.right[i])/float64(s.all[i]), s.all[i])
			}
		}
	}
}

// score reads the chosen documents with the table as it is.
func score(reports map[string]*evaluate.Report, docs []document, chosen func(document) bool) {
	for _, d := range docs {
		if !chosen(d) {
			continue
		}
		if reports[d.dir] == nil {
			reports[d.dir] = evaluate.NewReport()
		}
		s := structure.Parse(structure.Input{Text: d.text})
		reports[d.dir].Text(d.name, d.gold, d.text, s)
		if calibrate {
			confidences(d.gold, s)
		}
	}
}

func show(dirs []string, reports map[string]*evaluate.Report, misses string) {
	for _, dir := range dirs {
		fmt.Printf("%s\n%s", dir, reports[dir])
		for _, m := range reports[dir].Misses {
			if m.Score == misses {
				fmt.Printf("%s: true %q, found %q\n", m.Item, m.Truth, m.Found)
			}
		}
	}
	showConfidences()
}
