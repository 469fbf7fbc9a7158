package structure

import (
	"fmt"
	"strings"
	"unicode"
)

// Doubtful is the confidence under which a value is listed for a person: counted on
// scanned pages, one in four of them or more is not what stands on the paper
// (docs/structure.md).
const Doubtful = 0.7

// surest bounds the confidence of kinds that are told from pages: where hardly a line
// was read, what is left can speak for one kind alone.
const surest = 0.97

// mostSure bounds the confidence of kinds that are told by what is not there: that a
// paper is of no known kind, or written by hand, since hardly a word of it was read.
func (d *draft) mostSure(kind string) float64 {
	const unseen, unread = 0.75, 0.6
	switch kind {
	case kindOther:
		for _, v := range d.pages.views {
			if v.words >= 60 && !v.written {
				return unseen
			}
		}
		return unread
	case "handwritten":
		return unseen
	}
	return 1
}

// How surely a rule finds a value, beside how surely the value's words were read: set by
// reasoning from what a person would go by. A value's confidence is the product, so that
// only what was read well behind a label that was read well is sure.
const (
	byColon    = 1.0  // behind its label, read to the letter and with its colon
	byBlank    = 0.96 // behind, beside or under its label, whose colon was not read
	byCapitals = 0.85 // behind a word in capitals that is a label elsewhere
	byColumn   = 0.8  // behind a label that is told by where it stands
	byForm     = 0.97 // alone, and said by what it is: a marking, a salutation, a closing
	byPlace    = 0.85 // where such values stand, without a label
	stray      = 0.85 // times: a value that has signs or letters in it that no name has
)

// told is how surely a label tells its field's value.
func (f *field) told() float64 {
	switch {
	case f.line != nil && f.line.told != nil:
		return byColumn
	case f.plain >= 2:
		return byColon
	case f.plain == 1:
		return byBlank
	}
	return byCapitals
}

// readConfidence gives the values of a document on pages the confidence with which
// their words were read and their rules found them.
func (v *pageValues) readConfidence() {
	for _, x := range []struct {
		value *Value
		told  float64 // where its rule says nothing
		name  bool    // of a person, office or place
	}{
		{v.out.To, byPlace, true}, {v.out.From, byPlace, true}, {v.out.Through, byPlace, true}, {v.out.Place, byPlace, true},
		{v.out.Classification, byForm, false}, {v.out.FileNumber, byPlace, false}, {v.out.Salutation, byForm, false}, {v.out.Closing, byForm, false},
	} {
		if x.value == nil || x.value.Confidence != 0 {
			continue
		}
		told := x.value.told
		if told == 0 {
			told = x.told
		}
		if x.name && !named(x.value.Value) {
			told *= stray
		}
		x.value.Confidence = round(told * v.readAt(v.byteAt(x.value.Start), v.byteAt(x.value.End)))
	}
}

// named tells whether all words of a value could be of a name: letters alone, one of them
// at least with a vowel, all in capitals or with one at its beginning, symbols of offices and numbers.
func named(s string) bool {
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, ".,;:()\"'")
		small, capital, sign := 0, 0, 0
		for i, r := range w {
			switch {
			case unicode.IsUpper(r):
				capital++
				if i > 0 && small > 0 && !strings.HasPrefix(w, "Mc") && !strings.HasPrefix(w, "Mac") {
					return false // a capital within a word
				}
			case unicode.IsLower(r):
				small++
			case r >= '0' && r <= '9' || strings.ContainsRune("/-&#'.,()", r):
			default:
				sign++
			}
		}
		if sign > 0 || small > 3 && strings.Trim(strings.ToLower(w), "bcdfghjklmnpqrstvwxz") == "" {
			return false
		}
	}
	return true
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
