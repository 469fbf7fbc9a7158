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
