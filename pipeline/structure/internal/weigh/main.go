// Command weigh counts the weights of the table of evidence on documents with
// gold, and prints the table: folders of NAME.txt and NAME.gold.json.
//
//	go run ./pipeline/structure/internal/weigh [-prior 0.5] DIR ... > pipeline/structure/evidence/weights.tsv
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"nightshift/pipeline/structure"
	"nightshift/pipeline/structure/evidence"
)

func main() {
	prior := flag.Float64("prior", 0.5, "how strongly weights are drawn to nought")
	rounds := flag.Int("rounds", 150, "steps of the climb")
	flag.Parse()
	if err := run(flag.Args(), *prior, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "weigh:", err)
		os.Exit(1)
	}
}

var kinds = []string{"title", "caption", "dateline", "classification", "list-heading", "subjects", "participants", "references", "recipients",
	"salutation", "heading", "body", "list", "signature"}

func run(dirs []string, prior float64, rounds int) error {
	var examples []evidence.Example
	for _, d := range dirs {
		files, err := filepath.Glob(filepath.Join(d, "*.gold.json"))
		if err != nil {
			return err
		}
		for _, f := range files {
			e, err := example(f)
			if err != nil {
				return fmt.Errorf("%s: %w", f, err)
			}
			examples = append(examples, e)
		}
	}
	fmt.Printf("# Counted on %d documents with prior %g; see table.go.\n", len(examples), prior)
	fmt.Print(evidence.Learn(kinds, examples, prior, rounds))
	return nil
}

// example gives each block the kind of the gold section it begins in.
func example(gold string) (evidence.Example, error) {
	text, err := os.ReadFile(strings.TrimSuffix(gold, ".gold.json") + ".txt")
	if err != nil {
		return evidence.Example{}, err
	}
	raw, err := os.ReadFile(gold)
	if err != nil {
		return evidence.Example{}, err
	}
	var doc struct {
		Documents []goldDocument `json:"documents"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return evidence.Example{}, err
	}
	e := evidence.Example{}
	blocks, places := structure.Shown(string(text))
	e.Blocks = blocks
	for i, p := range places {
		kind := ""
		for _, s := range doc.Documents[0].Sections {
			if s.Start <= p.Start && p.Start < s.End {
				kind = s.Kind
			}
		}
		if kind == "" && blocks[i].Known == "" {
			e.Blocks[i].Known = "other" // a stray sign on its own
		}
		e.Kinds = append(e.Kinds, kind)
	}
	return e, nil
}

type goldDocument struct {
	Sections []structure.Section `json:"sections"`
}
