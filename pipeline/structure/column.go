package structure

import "strings"

// underTo takes the line right under the addressee's, beginning where it begins with a
// word that FROM was misread as, for the sender's: teletypes have no colons.
func (p *parser) underTo(s *sheet, out map[int]labelled) map[int]labelled {
	for j := range s.prints {
		to := &s.prints[j]
		if l, ok := labelOf(p.s[to.start:to.end]); !ok || l.label != labelTo || 3*to.box[1] > s.height {
			continue
		}
		for k := range s.prints {
			pr := &s.prints[k]
			if down := pr.box[1] - to.box[1]; pr.role == ofStamp || down < s.line/2 || down > 2*max(s.advance, s.line) || abs(pr.box[0]-to.box[0]) > 2*s.pitch {
				continue
			}
			text := p.s[pr.start:pr.end]
			word, rest, _ := strings.Cut(text, " ")
			if word != strings.ToUpper(word) || len(word) != 4 || differ(asLetters(word), "from") != 1 || !capitalWord(rest) {
				continue
			}
			out[k] = labelled{label: labelFrom, value: len(word) + 1, plain: 1}
			return out
		}
	}
	return out
}

// columnLabel are the labels that stand under each other in heads.
var columnLabel = map[label]bool{labelTo: true, labelFrom: true, labelDate: true, labelSubject: true, labelThrough: true, labelCopies: true, labelReference: true, labelAttention: true, labelAction: true, labelOther: true}

// setApart tells whether a sign, or a blank wider than those between words, stands
// between a label and its value.
func (p *parser) setApart(s *sheet, pr *print, l labelled) bool {
	text := p.s[pr.start:pr.end]
	word := strings.TrimRight(text[:l.value], " ")
	between := text[len(word):l.value]
	if strings.Contains(between, "  ") || strings.ContainsAny(word, ":;=+»*") {
		return true
	}
	for i := 1; i < len(pr.words); i++ {
		if p.byteAt(pr.words[i].End) > pr.start+l.value {
			return 10*(pr.words[i].Box[0]-pr.words[i-1].Box[2]) > 12*min(s.line, pr.box[3]-pr.box[1])
		}
	}
	return false
}

// betweenDateAndFrom takes the one line of the column between the date and the
// sender for the addressee: message forms have them in this order.
func (p *parser) betweenDateAndFrom(s *sheet, known []int, guesses map[int]guess, out map[int]labelled) {
	var date, from *print
	look := func(j int, l label) {
		switch l {
		case labelDate:
			date = &s.prints[j]
		case labelFrom:
			from = &s.prints[j]
		}
	}
	for _, j := range known {
		look(j, guesses[j].label)
	}
	for j, l := range out {
		look(j, l.label)
	}
	if date == nil || from == nil || from.box[1]-date.box[1] > 6*max(s.advance, s.line) {
		return
	}
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText && pr.role != ofHand || pr.box[1] < date.box[1]+s.line/2 || pr.box[1] > from.box[1]-s.line/2 || abs(pr.box[0]-from.box[0]) > 5*s.pitch {
			continue
		}
		text := p.s[pr.start:pr.end]
		at := strings.IndexByte(text, ' ')
		for at > 0 && at < len(text) && !isLetterByte(text[at]) {
			at++
		}
		if at > 0 && at <= 8 && longWord(text[at:]) {
			out[j] = labelled{label: labelTo, value: at, plain: 1}
			return
		}
	}
}
