package structure

import "fmt"

// Doubtful is the confidence under which a value is listed for a person: counted on
// scanned pages, one in four of them or more is not what stands on the paper
// (docs/structure.md).
const Doubtful = 0.7

// surest bounds the confidence of kinds that are told from pages: where hardly a line
// was read, what is left can speak for one kind alone.
const surest = 0.97

// readConfidence gives the values of a document on pages the confidence with which
// their words were read, and its sections that of their lines.
func (v *pageValues) readConfidence() {
	for _, x := range []*Value{v.out.To, v.out.From, v.out.Through, v.out.Place, v.out.Classification, v.out.FileNumber, v.out.Salutation, v.out.Closing} {
		if x != nil && x.Confidence == 0 {
			x.Confidence = round(v.readAt(v.byteAt(x.Start), v.byteAt(x.End)))
		}
	}
}

// readAt is the mean confidence of the words between two bytes, from 0 to 1; nought
// for a text that no engine read.
func (v *pageValues) readAt(start, end int) float64 {
	sum, n := 0.0, 0
	for i := range v.pages.sheets {
		s := &v.pages.sheets[i]
		for j := range s.prints {
			pr := &s.prints[j]
			if pr.end <= start || pr.start >= end {
				continue
			}
			for k := range pr.words {
				if w := &pr.words[k]; v.byteAt(w.Start) < end && v.byteAt(w.End) > start {
					sum, n = sum+w.Confidence, n+1
				}
			}
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n) / 100
}

// lineConfidence is the mean confidence of a block's lines, from 0 to 1: that of clear
// type is 1.
func lineConfidence(b *block) float64 {
	const clearType = 90
	if len(b.prints) == 0 {
		return 1
	}
	sum := 0.0
	for _, pr := range b.prints {
		sum += pr.confidence
	}
	return min(1, sum/float64(len(b.prints))/clearType)
}

// doubts say which values of the documents a person should look at.
func doubts(docs []Document) []string {
	var out []string
	for i := range docs {
		d := &docs[i]
		say := func(what, value string, confidence float64) {
			if confidence > 0 && confidence < Doubtful {
				out = append(out, fmt.Sprintf("document %d: %s %q is in doubt (%.2f)", i+1, what, value, confidence))
			}
		}
		say("the kind", d.Kind, d.KindConfidence)
		if d.Date != nil {
			say("the date", d.Date.Value, d.Date.Confidence)
		}
		for _, v := range []struct {
			what  string
			value *Value
		}{{"the addressee", d.To}, {"the sender", d.From}, {"the place", d.Place}, {"the classification", d.Classification}, {"the file number", d.FileNumber}} {
			if v.value != nil {
				say(v.what, v.value.Value, v.value.Confidence)
			}
		}
	}
	return out
}
