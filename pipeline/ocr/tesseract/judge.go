package tesseract

import "nightshift/pipeline/transcript"

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
			if len(l.Words) == 0 {
				continue // read again elsewhere
			}
			if isNoise(l) {
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

func isNoise(l transcript.Line) bool {
	return transcript.Confidence([]transcript.Line{l}) < noiseBelow && !hasWord(l)
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
		b = b.Union(l.Box)
	}
	return b
}
