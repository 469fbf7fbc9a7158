//go:build cgo

package tesseract

import (
	"testing"

	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// Lines are read again worst first and within the bound; noise, tall lines and
// pages that are noise all over are not.
func TestDoubtful(t *testing.T) {
	tall := line("tall", 50, 90)
	tall.Box[3] += 200
	page := func() []transcript.Block {
		return []transcript.Block{{Lines: []transcript.Line{
			line("middling", 70, 90), line("sureline", 99, 99), line("worst", 40, 90), line("noise", 9, 80), tall, line("surelines", 99, 99),
		}}}
	}
	for _, c := range []struct {
		share float64
		want  string
		more  bool
	}{{1, "worst middling ", false}, {0.1, "worst ", true}, {0.2, "worst middling ", false}, {0, "", true}} {
		ch := &child{cfg: wire.Config{ReadAgain: 85, AgainShare: c.share}}
		got := ""
		lines, more := ch.doubtful(page(), 10)
		for _, l := range lines {
			got += l.Words[0].Text + " "
		}
		if got != c.want || more != c.more {
			t.Errorf("share %v: %q, more %v", c.share, got, more)
		}
	}
	ch := &child{cfg: wire.Config{ReadAgain: 85, AgainShare: 1}}
	hard := []transcript.Block{{Lines: []transcript.Line{line("noise", 9, 80), line("half", 44, 90)}}}
	if lines, more := ch.doubtful(hard, 10); len(lines) > 0 || more {
		t.Errorf("a page of noise: %d lines, more %v", len(lines), more)
	}
	ch.cfg.ReadAgain = -1
	if lines, _ := ch.doubtful(page(), 10); len(lines) > 0 {
		t.Errorf("never: %d lines", len(lines))
	}
}
