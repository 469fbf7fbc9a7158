package clean

import "testing"

// Words that several texts have are learned; what was damaged is not.
func TestLearner(t *testing.T) {
	var l Learner
	for range 3 {
		l.Add("Mr. Zaporoshko of the mission met the Ambassador and said that the rnilitary situation had improved.")
	}
	l.Add("A single Qwortleby was present at the meeting of the Council.")
	got := l.Words(3)
	if len(got) != 1 || got[0] != (Learned{"Zaporoshko", 3}) {
		t.Errorf("learned %+v", got)
	}
}
