package recordtest

import (
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/transcript"
)

// Outside is Scan with a line on its second page in which words of an outside
// reader stand, and a word that it read otherwise.
func Outside(t testing.TB) record.Input {
	in := Scan(t)
	p := &in.Pages[1]
	p.Outside = &transcript.Outside{Reader: "chat", Model: "seer-7b", Answer: archive.DigestOf([]byte("answer")), Lines: 2, Taken: 1, Doubtful: 1}
	l := &p.Blocks[1].Lines[0]
	l.Was = "bcats waited. See thatit burns."
	l.Words[0].Was, l.Words[0].X0, l.Words[0].X1, l.Words[0].CharConf = "bcats", nil, nil, nil
	p.Blocks[2].Lines[1].Words[1].Other = "Marsh3"
	return in
}
