package main

import (
	"fmt"
	"strings"

	"nightshift/pipeline/evaluate"
	"nightshift/pipeline/structure"
)

// bounds are the lower bounds of the classes of confidences.
var bounds = []float64{0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98}

// class counts the readings of one class of confidence.
type class struct {
	said      float64
	right, of int
}

// calibrated counts, by what is read, how often each confidence is right.
type calibrated struct {
	classes map[string]*[7]class
	wrong   []string // said with 0.95 or more
}

func (c *calibrated) add(what string, confidence float64, right bool) {
	if c.classes == nil {
		c.classes = map[string]*[7]class{}
	}
	if c.classes[what] == nil {
		c.classes[what] = &[7]class{}
	}
	k := len(bounds) - 1
	for k > 0 && confidence < bounds[k] {
		k--
	}
	x := &c.classes[what][k]
	x.of++
	x.said += confidence
	if right {
		x.right++
	}
}

// item counts where documents begin, their kinds and dates, and, where the truth gives
// the beginnings of paragraphs, the sections that are text.
func (c *calibrated) item(item string, f evaluate.Fields, text string, s structure.Structure) {
	runes := []rune(text)
	for i := range s.Documents {
		d := &s.Documents[i]
		page := 1 + strings.Count(string(runes[:d.Start]), "\f")
		var truth *evaluate.FieldDocument
		for k := range f.Documents {
			if f.Documents[k].FirstPage == page {
				truth = &f.Documents[k]
			}
		}
		if i > 0 {
			c.add("beginnings of documents", d.Confidence, truth != nil)
		}
		if truth == nil {
			continue
		}
		kind := truth.Kind
		if kind == "dispatch" {
			kind = "despatch"
		}
		c.add("kinds", d.KindConfidence, d.Kind == kind)
		if d.Kind != kind && d.KindConfidence >= 0.95 {
			c.wrong = append(c.wrong, fmt.Sprintf("%s p%d: kind %q (%.2f), true %q", item, page, d.Kind, d.KindConfidence, kind))
		}
		if d.Date != nil && truth.Date != nil && truth.Date.Value != "" {
			c.add("dates", d.Date.Confidence, strings.HasPrefix(d.Date.Value, truth.Date.Value))
		}
		for _, v := range []struct {
			what, truth string
			found       *structure.Value
		}{{"to", truth.To, d.To}, {"from", truth.From, d.From}, {"place", truth.Place, d.Place}, {"classification", truth.Classification, d.Classification}} {
			if v.found == nil {
				continue
			}
			right := v.truth != "" && evaluate.Agrees(v.truth, v.found.Value)
			c.add(values, v.found.Confidence, right)
			if !right && v.found.Confidence >= 0.95 {
				c.wrong = append(c.wrong, fmt.Sprintf("%s p%d: %s %q (%.2f), true %q", item, page, v.what, v.found.Value, v.found.Confidence, v.truth))
			}
		}
		if truth.ParagraphStarts != nil {
			c.sections(truth, d, runes)
		}
	}
}

func (c *calibrated) sections(truth *evaluate.FieldDocument, d *structure.Document, text []rune) {
	for _, s := range d.Sections {
		if s.Kind != "body" && s.Kind != "heading" {
			continue
		}
		begins := strings.Fields(string(text[s.Start:s.End]))
		begin := strings.Join(begins[:min(6, len(begins))], " ")
		right := false
		for _, t := range append(append([]string{}, truth.ParagraphStarts...), truth.Headings...) {
			w := strings.Fields(t)
			right = right || evaluate.Agrees(strings.Join(w[:min(6, len(w))], " "), begin)
		}
		c.add("paragraphs and headings", s.Confidence, right)
	}
}

const values = "addressees, senders, places, classifications"

// String is a table: what is said, on average, and what is right.
func (c *calibrated) String() string {
	var b strings.Builder
	for _, what := range []string{"beginnings of documents", "kinds", "dates", values, "paragraphs and headings"} {
		if c.classes[what] == nil {
			continue
		}
		fmt.Fprintln(&b, what)
		for k, x := range c.classes[what] {
			if x.of > 0 {
				fmt.Fprintf(&b, "  from %.2f: said %.3f, right %.3f of %d\n", bounds[k], x.said/float64(x.of), float64(x.right)/float64(x.of), x.of)
			}
		}
	}
	for _, w := range c.wrong {
		fmt.Fprintln(&b, w)
	}
	return b.String()
}
