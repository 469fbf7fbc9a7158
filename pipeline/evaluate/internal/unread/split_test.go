package main

import "testing"

// Each word of a truth has one fate.
func TestSplit(t *testing.T) {
	truth := "Embassy at Karsova [?]\nthe dues were paid in full\nSECRET\n"
	read := "Embasy at Karsova\nthe duesware paid inxxll\n"
	want := fate{Words: 10, Exact: 4, Near: 1, Glued: 1, Lost: 3, NoLine: 1}
	if got := split(truth, read); got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
	if got := split(truth, truth); got.Exact != got.Words {
		t.Errorf("%+v of a page read as it is", got)
	}
	if got := split(truth, ""); got.NoLine != got.Words {
		t.Errorf("%+v of a page with nothing read", got)
	}
}
