package structure

import (
	"fmt"
	"strings"

	"nightshift/pipeline/structure/evidence"
)

// divide cuts the blocks into documents: a new one begins behind a note list
// where a title stands.
func (p *parser) divide() []*draft {
	if len(p.blocks) == 0 {
		return nil
	}
	var out []*draft
	from := 0
	for i := range p.blocks {
		b := &p.blocks[i]
		if i == from || b.whole != nil {
			continue
		}
		prev := &p.blocks[i-1]
		if prev.whole != nil && i > 1 {
			prev = &p.blocks[i-2]
		}
		if isNoteList(p.s, p.lines, prev) && !isNoteList(p.s, p.lines, b) && evidence.BeginsTitle(p.s[b.start:min(b.end, b.start+200)]) {
			out = append(out, p.draft(from, i, 0.9))
			from = i
		}
	}
	return append(out, p.draft(from, len(p.blocks), 0.9))
}

func (p *parser) draft(from, to int, confidence float64) *draft {
	d := &draft{confidence: confidence, blocks: p.blocks[from:to]}
	d.start, d.end = p.blocks[from].start, p.blocks[to-1].end
	if from == 0 {
		d.start, d.confidence = 0, 1
	}
	if to == len(p.blocks) {
		d.end = len(p.s)
	} else {
		d.end = p.blocks[to].start
	}
	return d
}

func notice(doc, n int, words string) string {
	return fmt.Sprintf("document %d: "+strings.Replace(words, "%d", "%d", 1), doc+1, n)
}
