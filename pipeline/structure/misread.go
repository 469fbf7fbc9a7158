package structure

import (
	"maps"
	"slices"
	"strings"
)

// columnLabels are the lines of a form's or memorandum's head that begin with something
// that was a label before it was misread: "oat» 16 May", "FeOm HARBOUR". Where a label
// stands is told by the labels over, under and beside it, and which it is by its letters
// and by what has none yet. The result is by the index of the line.
func (p *parser) columnLabels(s *sheet) map[int]labelled {
	known, guesses := p.guessLabels(s)
	taken := map[label]bool{}
	for _, j := range known {
		taken[guesses[j].label] = true
	}
	out := map[int]labelled{}
	for _, j := range slices.Sorted(maps.Keys(guesses)) {
		g := guesses[j]
		if g.strength == asRead || taken[g.label] && g.label != labelOther || s.confirmed(j, guesses) < 5-g.strength {
			continue
		}
		out[j], taken[g.label] = g.labelled, true
	}
	p.printedLabels(s, guesses, taken, out)
	if len(known) < 2 {
		return p.underTo(s, out)
	}
	if !taken[labelTo] {
		p.betweenDateAndFrom(s, known, guesses, out)
	}
	return out
}

// guess is what a line may begin with: a label, and how alike its letters are.
type guess struct {
	labelled
	strength int
}

// Strengths of guesses.
const (
	hardly = -1 // a letter in two is another
	alike  = 1  // a letter in three is another
	nearly = 2  // a letter in five is another
	asRead = 3  // it was read as it is
)

// guessLabels reads the beginnings of a page's lines as labels; known are those of the
// upper part that were read.
func (p *parser) guessLabels(s *sheet) (known []int, guesses map[int]guess) {
	guesses = map[int]guess{}
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && pr.role != ofHand {
			continue
		}
		if l, ok := labelOf(p.s[pr.start:pr.end]); ok {
			if l.plain == 0 && !p.setApart(s, pr, l) {
				continue
			}
			guesses[j] = guess{l, asRead}
			if columnLabel[l.label] && 5*pr.box[1] <= 3*s.height {
				known = append(known, j)
			}
		} else if g, ok := p.guessLabel(s, pr); ok {
			guesses[j] = g
		}
	}
	return known, guesses
}

const labelSigns = ":;=*'\"."

// guessLabel reads the words of a line up to a sign or a wide blank as a misread label.
func (p *parser) guessLabel(s *sheet, pr *print) (guess, bool) {
	text := p.s[pr.start:pr.end]
	for k := 1; k <= min(5, len(pr.words)); k++ {
		end := p.byteAt(pr.words[k-1].End) - pr.start
		if end <= 0 || end > len(text) {
			continue // a word without signs
		}
		sign, last := strings.IndexByte(labelSigns, text[end-1]) >= 0, k == len(pr.words)
		if !last && !sign && strings.Trim(pr.words[k].Text, labelSigns+",|-«»") != "" && 10*(pr.words[k].Box[0]-pr.words[k-1].Box[2]) < 12*min(s.line, pr.box[3]-pr.box[1]) {
			continue
		}
		l, strength := likeLabel(text[:end], sign || !last && strings.Trim(pr.words[k].Text, labelSigns+",|-«»") == "")
		if l == noLabel || pr.box[1]*5 > 3*s.height && l != labelOther && l != labelClass {
			continue
		}
		for end < len(text) && strings.IndexByte(" :|.-_~;=*'\"", text[end]) >= 0 {
			end++
		}
		return guess{labelled{label: l, value: end, plain: 1}, strength}, true
	}
	return guess{}, false
}

// likeLabel is the label whose letters a text's are most like, and how much. A sign
// behind it speaks for a label too.
func likeLabel(text string, sign bool) (label, int) {
	small := 0
	for i := 0; i < len(text); i++ {
		if text[i] >= 'a' && text[i] <= 'z' {
			small++
		}
	}
	key := strings.Trim(asLetters(text), labelSigns+" ,|-«»°‘’“”")
	if len(key) > 4 {
		key = lettersOf(key)
	}
	if 2*small > len(key) && !sign || len(key) < 2 || len(key) > longestLabel {
		return noLabel, 0
	}
	best, at := 100, noLabel
	for _, k := range spelledLabels {
		if abs(len(k.letters)-len(key)) > 1+len(key)/6 || len(k.letters) == 2 && len(key) != 2 {
			continue
		}
		if d := 100 * editDistance(key, k.letters) / len(k.letters); d < best {
			best, at = d, k.label
		}
	}
	switch {
	case best <= 20 && len(key) > 3:
		return at, nearly
	case best <= 34 && len(key) > 2:
		return at, alike
	case best <= 50 && len(key) <= 5 && headLabel(at):
		return at, hardly
	}
	return noLabel, 0
}

// headLabel tells whether a label is one of those that stand in every head.
func headLabel(l label) bool {
	return l == labelTo || l == labelFrom || l == labelDate || l == labelThrough || l == labelSubject
}

// confirmed is how much the labels in the column and in the row of line j speak for its
// being a label.
func (s *sheet) confirmed(j int, guesses map[int]guess) int {
	pr, sum := &s.prints[j], 0
	for k, g := range guesses {
		q := &s.prints[k]
		column := abs(q.box[0]-pr.box[0]) <= 4*s.pitch && abs(q.box[1]-pr.box[1]) < 8*max(s.advance, s.line)
		if k != j && (column || 2*abs(q.box[1]-pr.box[1]) < s.line) {
			sum += max(0, g.strength)
		}
	}
	return sum
}

// spelledLabels are the labels that may be misread, in letters alone.
var spelledLabels = func() []spelledLabel {
	var out []spelledLabel
	for w, l := range labelWords {
		switch l {
		case labelParticipants, labelEnclosures, labelSigner, labelName:
			continue
		}
		switch w {
		case "for", "noe", "re", "no", "cc", "file", "place", "page", "time", "room", "unit", "conf":
			continue
		}
		out = append(out, spelledLabel{lettersOf(w), l})
	}
	slices.SortFunc(out, func(a, b spelledLabel) int { return strings.Compare(a.letters, b.letters) })
	return out
}()

type spelledLabel struct {
	letters string
	label   label
}
