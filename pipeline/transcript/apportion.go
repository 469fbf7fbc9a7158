package transcript

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// apportionedStep is the step of a page of which words got their boxes so.
const apportionedStep = "words of a line given in one got boxes by their lengths"

// apportion parts text into words, each with its share of box by the number of
// letters before it and in it: the place is right to a letter or two where the
// type is even.
func apportion(text string, box Box, confidence float64) []Word {
	fields := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) })
	total := float64(max(1, utf8.RuneCountInString(strings.Join(fields, " "))))
	at := 0
	place := func(n int) int { return box[0] + int(math.Round(float64(box[2]-box[0])*float64(n)/total)) }
	var out []Word
	for _, f := range fields {
		n := utf8.RuneCountInString(f)
		if w := oneWord(f); w != "" {
			out = append(out, Word{Text: w, Box: Box{place(at), box[1], place(at + n), box[3]}, Confidence: confidence})
		}
		at += n + 1
	}
	return out
}

// place gives words without boxes of their own their shares of the line's, and a
// line or block without one that of what stands in it. It reports whether there
// were such words.
func place(blocks []Block) (apportioned bool) {
	for i := range blocks {
		b := &blocks[i]
		for k := range b.Lines {
			l := &b.Lines[k]
			apportioned = placeWords(l) || apportioned
			if l.Box == (Box{}) && len(l.Words) > 0 {
				l.Box = Around(l.Words)
			}
			if b.Box == (Box{}) {
				b.Box = l.Box
			}
			b.Box = b.Box.Union(l.Box)
		}
	}
	return apportioned
}

func placeWords(l *Line) bool {
	var text []string
	for _, w := range l.Words {
		if w.Box != (Box{}) {
			return false
		}
		text = append(text, w.Text)
	}
	if len(text) == 0 || l.Box == (Box{}) {
		return false
	}
	for i, w := range apportion(strings.Join(text, " "), l.Box, 0) {
		l.Words[i].Box, l.Words[i].X0, l.Words[i].X1, l.Words[i].CharConf = w.Box, nil, nil, nil
	}
	return len(text) > 1
}

// letters is how many letters and digits s has.
func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
