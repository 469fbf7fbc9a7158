package vote

import (
	"math"

	"nightshift/pipeline/transcript"
)

// Line is the readings' common line. The first reading decides ties and where
// the line is. It returns the first reading as it is when there is no other.
func Line(readings [][]transcript.Word) []transcript.Word {
	if len(readings) == 1 {
		return readings[0]
	}
	spelled := make([][]letter, len(readings))
	for i, r := range readings {
		spelled[i] = spell(r)
	}
	var chosen []letter
	for _, c := range fillGaps(columns(spelled)) {
		if l := c.elect(); l.r != 0 {
			chosen = append(chosen, l)
		}
	}
	return words(chosen, readings[0])
}

// fillGaps gives every gap the certainty of the letters around it in its
// reading: a reading that is sure of both neighbours is sure of the gap.
func fillGaps(cols []column) []column {
	if len(cols) == 0 {
		return cols
	}
	for r := range cols[0] {
		for i := range cols {
			if cols[i][r].r != 0 {
				continue
			}
			sum, n := 0.0, 0.0
			for _, step := range []int{-1, 1} {
				for j := i + step; j >= 0 && j < len(cols); j += step {
					if l := cols[j][r]; l.r != 0 {
						sum, n = sum+l.sure, n+1
						break
					}
				}
			}
			if n > 0 {
				cols[i][r].sure = sum / n
			}
		}
	}
	return cols
}

// elect is the letter that has the most certainty behind it, all readings taken
// together; the first of equals. Measured on typed pages, this plain sum does as
// well as any weighing of certainties tried, and better than most.
func (c column) elect() letter {
	best, most := letter{}, -1.0
	for _, l := range c {
		votes := 0.0
		for _, o := range c {
			if o.r == l.r {
				votes += o.sure
			}
		}
		if votes > most+1e-9 {
			best, most = l, votes
		}
	}
	return best
}

// words puts chosen letters together.
func words(chosen []letter, first []transcript.Word) []transcript.Word {
	var out []transcript.Word
	var w *transcript.Word
	y0, y1 := math.MaxInt, 0
	for _, f := range first {
		y0, y1 = min(y0, f.Box[1]), max(y1, f.Box[3])
	}
	for _, l := range chosen {
		if l.r == ' ' {
			w = nil
			continue
		}
		if w == nil {
			out = append(out, transcript.Word{Box: transcript.Box{l.x0, y0, l.x1, y1}, Confidence: 100})
			w = &out[len(out)-1]
		}
		w.Text += string(l.r)
		w.X0, w.X1, w.CharConf = append(w.X0, l.x0), append(w.X1, l.x1), append(w.CharConf, float32(l.sure*100))
		w.Box[0], w.Box[2] = min(w.Box[0], l.x0), max(w.Box[2], l.x1)
		w.Confidence = min(w.Confidence, l.word*100)
	}
	return out
}
