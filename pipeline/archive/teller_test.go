package archive

import "testing"

// TestAStageTellsOfItsOwnOnly: the subject, which NATS holds a service to, must
// be that of what the event says.
func TestAStageTellsOfItsOwnOnly(t *testing.T) {
	for _, x := range []struct {
		e       Event
		subject string
		may     bool
	}{
		{Event{Kind: Structured, Stage: "structure", Item: "i1"}, "ledger.structure.i1", true},
		{Event{Kind: Structured, Stage: "structure", Item: "i1"}, "ledger.i1", true}, // as before
		{Event{Kind: Structured, Stage: "structure", Item: "i1"}, "ledger.publish.i1", false},
		{Event{Kind: Published, Stage: "publish", Item: "i1"}, "ledger.structure.i1", false},
		{Event{Kind: Reviewed, Stage: "structure", Item: "i1", Who: "anna"}, "ledger.structure.i1", false},
		{Event{Kind: Reviewed, Item: "i1", Who: "anna"}, "ledger.people.i1", true},
		{Event{Kind: Paused, Stage: "ocr", Who: "anna"}, "ledger.people.none", true},
		{Event{Kind: Paused, Stage: "ocr", Who: "anna"}, "ledger.ocr.none", false},
		{Event{Kind: Replayed, Stage: "ocr", Item: "i1", Retold: true}, "ledger.retold.i1", false},
		{Event{Kind: Parked, Stage: "publish", Item: "i1", Retold: true}, "ledger.retold.i1", true},
		{Event{Kind: Parked, Stage: "publish", Item: "i1"}, "ledger.retold.i1", false},
		{Event{Kind: Healed, Stage: "sweep"}, "ledger.sweep.none", true},
		{Event{Kind: FixityChecked}, "ledger.people.none", true},
		{Event{Kind: PageRead, Stage: "ocr.people", Item: "i1"}, "ledger.people.i1", true},
		{Event{Kind: PageRead, Stage: "ocr", Item: "i1"}, "ledger.ocr.people.i1", false},
	} {
		if got := x.e.ToldBy(x.subject); got != x.may {
			t.Errorf("%+v under %s: %v", x.e, x.subject, got)
		}
		if x.may && x.subject != "ledger.i1" && x.e.Subject() != x.subject {
			t.Errorf("%+v is told under %s", x.e, x.e.Subject())
		}
	}
}
