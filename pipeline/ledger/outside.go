package ledger

import (
	"encoding/json"

	"nightshift/pipeline/archive"
)

// Outside is how often an outside reader was asked, and what came of it.
type Outside struct {
	Asked    int            `json:"pagesAsked"`
	Pages    int            `json:"pagesTaken"` // of which lines were taken
	Lines    int            `json:"linesTaken"`
	Doubtful int            `json:"doubtful"` // words whose digits the two read differently
	Refused  map[string]int `json:"refused"`  // pages by reason, those not asked among them
}

// notAsked are the reasons for which a page was not asked about at all.
var notAsked = map[string]bool{"budget": true, "resting": true, "busy": true}

// NotAsked is how many bad pages were not asked about.
func (o *Outside) NotAsked() (n int) {
	for why, pages := range o.Refused {
		if notAsked[why] {
			n += pages
		}
	}
	return n
}

// Failed is how many pages got no answer, or one that was of no use.
func (o *Outside) Failed() (n int) {
	for _, pages := range o.Refused {
		n += pages
	}
	return n - o.NotAsked()
}

func (n *Night) addOutside(e archive.Event) {
	var f struct {
		Outside *struct {
			Taken, Doubtful int
			Refused         string
		} `json:"outside"`
	}
	if json.Unmarshal(e.Facts, &f) != nil || f.Outside == nil {
		return
	}
	if n.Outside == nil {
		n.Outside = &Outside{Refused: map[string]int{}}
	}
	o := n.Outside
	if f.Outside.Refused != "" {
		o.Refused[f.Outside.Refused]++
	}
	if notAsked[f.Outside.Refused] {
		return
	}
	o.Asked++
	if o.Lines, o.Doubtful = o.Lines+f.Outside.Taken, o.Doubtful+f.Outside.Doubtful; f.Outside.Taken > 0 {
		o.Pages++
	}
}
