package ledger

import (
	"encoding/json"
	"reflect"
	"testing"

	"nightshift/pipeline/archive"
)

func TestOutsideReader(t *testing.T) {
	n := NewNight()
	for i, facts := range []string{
		`{"words":3}`, `{"outside":{"taken":4,"doubtful":1}}`, `{"outside":{"lines":9}}`, `{"outside":{"refused":"slow"}}`,
		`{"outside":{"refused":"budget"}}`, `{"outside":{"refused":"budget"}}`, `{"outside":"?"}`,
	} {
		n.Add(archive.Event{Kind: archive.PageRead, Item: "i", Page: i + 1, Facts: json.RawMessage(facts)})
	}
	want := &Outside{Asked: 3, Pages: 1, Lines: 4, Doubtful: 1, Refused: map[string]int{"slow": 1, "budget": 2}}
	if !reflect.DeepEqual(n.Outside, want) || n.Outside.NotAsked() != 2 || n.Outside.Failed() != 1 || n.PagesRead != 7 {
		t.Errorf("%+v, %d pages", n.Outside, n.PagesRead)
	}
}
