package layer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/transcript"
)

// cell is a character of the clean line and the stretch as read it stands for.
type cell struct {
	r          rune // 0: nothing, what stood there was taken away
	start, end int
	by         *record.Correction // that made it; nil: as read
}

// words makes the clean words of a line.
func (l *layer) words(span *transcript.LineSpan) []Word {
	var out []Word
	var token []cell
	var split *record.Correction // put in the white space before token
	flush := func() {
		if len(token) > 0 {
			out = append(out, l.word(span, token))
			if split != nil {
				out[len(out)-1].note(split)
			}
			token, split = nil, nil
		}
	}
	for _, c := range l.cells(span) {
		if !unicode.IsSpace(c.r) {
			token = append(token, c)
			continue
		}
		flush()
		if c.by != nil && c.start == c.end && len(out) > 0 {
			out[len(out)-1].note(c.by) // it made this word and the next
			split = c.by
		}
	}
	flush()
	return out
}

// cells spells the line with the corrections that lie in it, and with its part
// of those that cross its end.
func (l *layer) cells(span *transcript.LineSpan) []cell {
	for l.first < len(l.corrections) && l.corrections[l.first].Read.End < span.Start {
		l.first++
	}
	var out []cell
	at := span.Start
	for i := l.first; i < len(l.corrections) && l.corrections[i].Read.Start <= span.End; i++ {
		c := &l.corrections[i]
		start, end := max(c.Read.Start, span.Start), min(c.Read.End, span.End)
		if start < at || end < start || c.Read.Start == c.Read.End && (start == span.Start || start == span.End) {
			continue
		}
		for ; at < start; at++ {
			out = append(out, cell{r: l.text[at], start: at, end: at + 1})
		}
		switch {
		case c.Read.Start >= span.Start && c.Read.End <= span.End:
			out = append(out, l.mended(c)...)
		case c.Kind == clean.LineBreakHyphen && c.Read.Start >= span.Start && start < end:
			out = append(out, cell{start: start, end: end, by: c}) // the hyphen; see joinHalves
		default:
			for j := start; j < end; j++ {
				out = append(out, cell{r: l.text[j], start: j, end: j + 1})
			}
		}
		at = end
	}
	for ; at < span.End; at++ {
		out = append(out, cell{r: l.text[at], start: at, end: at + 1})
	}
	return out
}

// mended are the cells of a correction: what it leaves as it was stands for
// itself, the rest of after for the rest of before.
func (l *layer) mended(c *record.Correction) []cell {
	before, after := []rune(c.Before), []rune(c.After)
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	var out []cell
	at := c.Read.Start
	for i := range head {
		out = append(out, cell{before[i], at + i, at + i + 1, c})
	}
	from, to := at+head, c.Read.End-tail
	for i := head; i < len(after)-tail; i++ {
		out = append(out, cell{after[i], from, to, c})
	}
	if len(after) == head+tail {
		out = append(out, gone(before[head:len(before)-tail], from, c)...)
	}
	for i := range tail {
		out = append(out, cell{before[len(before)-tail+i], to + i, to + i + 1, c})
	}
	return out
}

// gone are the cells of what was taken away: white space alone joins what it
// parted, a stray mark remains a word without text.
func gone(before []rune, at int, c *record.Correction) []cell {
	if len(before) == 0 {
		return nil
	}
	if strings.TrimSpace(string(before)) == "" {
		return []cell{{0, at, at + len(before), c}}
	}
	var out []cell
	for i, r := range before {
		if !unicode.IsSpace(r) {
			r = 0
		}
		out = append(out, cell{r, at + i, at + i + 1, c})
	}
	return out
}

// word makes a word of cells that no white space parts.
func (l *layer) word(span *transcript.LineSpan, token []cell) Word {
	w := Word{Span: clean.Span{Start: token[0].start, End: token[0].end}}
	var text strings.Builder
	for _, c := range token {
		if c.r != 0 {
			text.WriteRune(c.r)
		}
		w.Span.Start, w.Span.End = min(w.Span.Start, c.start), max(w.Span.End, c.end)
		if c.by != nil {
			w.note(c.by)
		}
	}
	w.Text = text.String()
	var read []string
	var conf, weight float64
	for i := range span.Words {
		r := &span.Words[i]
		if r.End <= w.Span.Start || r.Start >= w.Span.End {
			continue
		}
		read = append(read, r.Text)
		n := float64(r.End - r.Start)
		conf, weight = conf+n*r.Confidence, weight+n
		w.Box = union(w.Box, part(r, w.Span, l.rotation))
		if r.Text == w.Text {
			w.CharConf = r.CharConf
		}
	}
	if weight > 0 {
		w.Confidence = conf / weight
	}
	if s := strings.Join(read, " "); s != w.Text {
		w.AsRead, w.CharConf = s, nil
	}
	return w
}

// note adds what a correction says to the word.
func (w *Word) note(c *record.Correction) {
	w.Reviewed = w.Reviewed || c.DecidedBy == "review"
	if !slices.Contains(w.Kinds, c.Kind) {
		w.Kinds = append(w.Kinds, c.Kind)
	}
}

// part is the box of the characters of r that lie in s: by their own extents
// where known, else by equal shares of the word's length. Rotation is how the
// page was turned to be read: its text runs along another side of the box.
func part(r *transcript.WordSpan, s clean.Span, rotation int) transcript.Box {
	from, to := max(s.Start, r.Start)-r.Start, min(s.End, r.End)-r.Start
	n := r.End - r.Start
	if from == 0 && to == n || from >= to {
		return r.Box
	}
	box := r.Box
	width, height := box[2]-box[0], box[3]-box[1]
	switch {
	case rotation == 90: // upwards
		box[1], box[3] = r.Box[3]-height*to/n, r.Box[3]-height*from/n
	case rotation == 180:
		box[0], box[2] = r.Box[2]-width*to/n, r.Box[2]-width*from/n
	case rotation == 270: // downwards
		box[1], box[3] = r.Box[1]+height*from/n, r.Box[1]+height*to/n
	case len(r.X0) == n && len(r.X1) == n:
		box[0], box[2] = slices.Min(r.X0[from:to]), slices.Max(r.X1[from:to])
	default:
		box[0], box[2] = r.Box[0]+width*from/n, r.Box[0]+width*to/n
	}
	return box
}

// hyphenEnds are the mended line-break hyphens by the place of the line's end.
func hyphenEnds(corrections []record.Correction) map[int]*record.Correction {
	ends := map[int]*record.Correction{}
	for i := range corrections {
		if c := &corrections[i]; c.Kind == clean.LineBreakHyphen {
			ends[c.Read.Start] = c
		}
	}
	return ends
}

// joinHalves marks the words on both sides of a mended line-break hyphen, also
// across pages. It returns the page whose last word waits for its other half, 0
// for none.
func (l *layer) joinHalves(p Page) int {
	for j := range p.Blocks {
		for k := range p.Blocks[j].Lines {
			words := p.Blocks[j].Lines[k].Words
			if len(words) == 0 {
				continue
			}
			if l.half != nil && words[0].Span.Start <= l.halfBy.Read.End {
				w := &words[0]
				whole := l.half.Text + strings.TrimRight(l.halfBy.After, "\n ") + w.Text
				l.half.Part, w.Part, l.half.Whole, w.Whole = FirstHalf, SecondHalf, whole, whole
			}
			l.half, l.halfBy, l.halfPage = nil, nil, 0
			last := &words[len(words)-1]
			if c := l.ends[last.Span.End-hyphens(last.AsRead)]; c != nil {
				l.half, l.halfBy, l.halfPage = last, c, p.Number
			}
		}
	}
	return l.halfPage
}

// hyphens is the length of the hyphen at the end of a word as read, 0 or 1.
func hyphens(read string) int {
	r, _ := utf8.DecodeLastRuneInString(read)
	if strings.ContainsRune("-\u2010\u00ad¬", r) {
		return 1
	}
	return 0
}
