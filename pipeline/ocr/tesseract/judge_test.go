package tesseract

import (
	"testing"

	"nightshift/pipeline/transcript"
)

func line(text string, confidence float64, sure float32) transcript.Line {
	w := transcript.Word{Text: text, Confidence: confidence, Box: transcript.Box{1, 2, 3, 4}}
	for range text {
		w.CharConf = append(w.CharConf, sure)
	}
	return transcript.Line{Box: w.Box, Words: []transcript.Word{w}}
}

func TestApart(t *testing.T) {
	blocks := []transcript.Block{{Lines: []transcript.Line{
		line("Received", 95, 99), line("oH/)", 10, 90), line("Promulgated", 8, 98.4), line("ar", 20, 99),
	}}, {Kind: "photo"}}
	got, noise := apart(blocks)
	if noise != 2 || len(got) != 3 || len(got[0].Lines) != 2 || got[1].Kind != "noise" || len(got[1].Lines) != 2 || got[2].Kind != "photo" {
		t.Errorf("%d lines of noise, blocks %+v", noise, got)
	}
	text, _ := transcript.TextAsRead([]transcript.Page{{Blocks: got}})
	if text != "Received\nPromulgated" {
		t.Errorf("text %q", text)
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		confidence float64
		grade      string
		low        bool
	}{{98, "A", false}, {90, "B", false}, {80, "C", false}, {60, "D", true}, {20, "E", true}} {
		p := transcript.Page{Blocks: []transcript.Block{{Lines: []transcript.Line{line("word", c.confidence, 99)}}, {Kind: "noise", Lines: []transcript.Line{line("x", 1, 1)}}}}
		judge(&p)
		if p.Grade != c.grade || p.LowQuality != c.low || p.MeanConfidence != c.confidence {
			t.Errorf("confidence %v: grade %s, low %v, mean %v", c.confidence, p.Grade, p.LowQuality, p.MeanConfidence)
		}
	}
	p := transcript.Page{Blocks: []transcript.Block{{Kind: "noise", Lines: []transcript.Line{line("x", 1, 1)}}}}
	if judge(&p); !p.LowQuality || p.Grade != "E" {
		t.Errorf("a page of noise: grade %s", p.Grade)
	}
}
