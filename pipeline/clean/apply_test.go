package clean

import "testing"

func TestApplyAndUndo(t *testing.T) {
	text := "theUSSR — Governmentʼs  stand.\n"
	cs := []Correction{
		{Start: 3, End: 3, After: " ", Decision: Applied},
		{Start: 20, End: 21, Before: "ʼ", After: "’", Decision: Applied},
		{Start: 22, End: 24, Before: "  ", After: " ", Decision: Applied},
		{Start: 24, End: 29, Before: "stand", After: "stance", Decision: Flagged},
	}
	got := Apply(text, cs)
	if want := "the USSR — Government’s stand.\n"; got != want {
		t.Errorf("Apply: %q, want %q", got, want)
	}
	back, err := Undo(got, cs)
	if err != nil || back != text {
		t.Errorf("Undo: %q, %v", back, err)
	}
	if _, err := Undo("the USSR", cs); err == nil {
		t.Error("Undo of another text gave no error")
	}
}
