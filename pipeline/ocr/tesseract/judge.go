package tesseract

import (
	"math"

	"nightshift/pipeline/transcript"
)

// noiseBelow is the mean word confidence under which a line is no text but what
// the engine makes of handwriting, stamps and pictures. On typed pages leaving
// such lines out costs nothing.
const noiseBelow = 30

// apart moves the lines that read as noise into blocks of kind "noise", which
// are in no text, and returns how many there were.
func apart(blocks []transcript.Block) (out []transcript.Block, noise int) {
	for _, b := range blocks {
		if b.Kind != "" {
			out = append(out, b)
			continue
		}
		var text, rest []transcript.Line
		for _, l := range b.Lines {
			if confidence([]transcript.Line{l}) < noiseBelow && !hasWord(l) {
				rest = append(rest, l)
			} else {
				text = append(text, l)
			}
		}
		noise += len(rest)
		if len(text) > 0 {
			b.Lines = text
			out = append(out, b)
		}
		if len(rest) > 0 {
			out = append(out, transcript.Block{Kind: "noise", Box: around(rest), Lines: rest})
		}
	}
	return out, noise
}

// A word of this many letters, each as sure as this on average, is no accident:
// its low confidence comes from readings that differ, or from no dictionary.
const wordLetters, wordSure = 4, 97.5

func hasWord(l transcript.Line) bool {
	for _, w := range l.Words {
		sum := 0.0
		for _, c := range w.CharConf {
			sum += float64(c)
		}
		if n := len(w.CharConf); n >= wordLetters && sum/float64(n) >= wordSure {
			return true
		}
	}
	return false
}

func around(lines []transcript.Line) transcript.Box {
	b := lines[0].Box
	for _, l := range lines[1:] {
		b = transcript.Box{min(b[0], l.Box[0]), min(b[1], l.Box[1]), max(b[2], l.Box[2]), max(b[3], l.Box[3])}
	}
	return b
}

// errorsPerDoubt is the character error rate that goes with one unit of doubt:
// of 1 less the mean word confidence. Fitted on typewritten pages, where the two
// correlate at 0.91 and the estimate is off by 0.4 points on average;
// docs/reading.md has the table.
const errorsPerDoubt = 0.17

// grades are the upper bounds of estimated error rates for A to D.
var grades = []float64{0.01, 0.02, 0.04, 0.08}

// judge estimates how well p was read.
func judge(p *transcript.Page) {
	var lines []transcript.Line
	for _, b := range p.Blocks {
		if b.Kind == "" {
			lines = append(lines, b.Lines...)
		}
	}
	p.MeanConfidence = math.Round(confidence(lines)*100) / 100
	p.ErrorRate = math.Round(errorsPerDoubt*(100-p.MeanConfidence)*100) / 1e4
	grade := 0
	for grade < len(grades) && p.ErrorRate > grades[grade] {
		grade++
	}
	p.Grade = "ABCDE"[grade : grade+1]
	p.LowQuality = grade > 2 || len(lines) == 0
}

// confidence of words, mean weighed by their length, 0-100; 0 of none.
func confidence(lines []transcript.Line) float64 {
	sum, n := 0.0, 0.0
	for _, l := range lines {
		for _, w := range l.Words {
			k := float64(len([]rune(w.Text)))
			sum, n = sum+k*w.Confidence, n+k
		}
	}
	return sum / max(n, 1)
}
