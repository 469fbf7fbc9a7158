package structure

import (
	"strings"

	"nightshift/pipeline/structure/wording"
)

// captions are what forms print beside and under their labels: how a box is to be
// filled in, and the heads of columns. None of it is a value. In letters alone, as
// lettersOf makes them.
var captions = []string{
	"optional", "officer designation room number and building", "room number and building", "number each comment to show from whom to whom", "whom to whom draw a line across column after each comment",
	"draw a line across column after each comment", "to whom draw a line", "action branch", "all addressees", "fill in section on back if appropriate", "proper file no", "when filled in",
	"received forwarded", "officers initials", "received", "forwarded", "use previous editions", "for rm use only", "rm use only", "last first middle", "type in plain text or code",
	"reviewed by print name", "signature of reviewing official", "deletions if any", "action copy", "do not write in spaces below", "do not write in this space", "leave blank", "for office use only",
	"processing action", "marked for indexing", "no indexing required", "only qualified desk can judge indexing", "only qualified headquarters desk can judge indexing", "indexing can be judged by qualified hq desk only",
	"priority", "classification", "date sent", "name and address", "initials", "check one", "accomplished", "document symbol and no", "dispatch no", "reproduction prohibited", "reproduction by other than the issuing office is prohibited",
	"re filing check one", "filing check one", "no cs record value", "no cs record value destroy", "file this copy as indicated", "branch copy filed as indicated", "file rid copy as indicated", "rid copy", "marked", "none required", "index", "no index", "abstract", "microfilm", "trace request", "file in cs file no",
	"advance copy", "total copies", "advance copy issued slotted", "unit notified", "reproduction of this copy prohibited", "operational immediate", "signature of requesting official",
	"prior to filing", "instructions", "routing", "clear space below", "reference number", "extension", "room no", "building", "remarks", "comments",
}

var captionLetters = func() []string {
	out := make([]string, len(captions))
	for i, c := range captions {
		out[i] = lettersOf(c)
	}
	return out
}()

// headWords are words that the heads of a form's columns are made of.
var headWords = map[string]bool{"to": true, "no": true, "date": true, "room": true, "received": true, "forwarded": true, "initials": true, "officer's": true, "comments": true, "building": true, "extension": true, "returned": true, "action": true, "info": true}

// printedCaption tells whether a text is what a form prints for who fills it in: the
// whole of a caption, its beginning of two words or more, or a long one with more behind.
func printedCaption(s string) bool {
	if len(s) > 120 {
		return false
	}
	t := lettersOf(s)
	if len(t) < 6 {
		return false
	}
	heads := 0
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		if headWords[strings.Trim(w, ".,:;()|")] {
			heads++
		} else if longEnough(w) {
			heads = -100
		}
	}
	if heads >= 2 {
		return true
	}
	for _, c := range captionLetters {
		switch {
		case abs(len(t)-len(c)) < 4 && 6*editDistance(t, c) <= len(c):
			return true
		case len(t) < len(c) && len(t) >= 12 && 6*editDistance(t, c[:len(t)]) <= len(t):
			return true
		case len(t) > len(c) && len(c) >= 10 && len(t) < 2*len(c) && 6*editDistance(t[:len(c)], c) <= len(c):
			return true
		}
	}
	return false
}

// withoutStamp is a value up to a stamp that was set over the end of its lines: a phrase
// of stamps of three words or more, some of whose letters may be misread.
func withoutStamp(s string) string {
	words := strings.Fields(s)
	for i := range words {
		for _, p := range longStamps {
			if n := strings.Count(p, " ") + 1; i+n <= len(words) && wording.Near(lettersOf(strings.Join(words[i:i+n], "")), lettersOf(p)) {
				return strings.Join(words[:i], " ")
			}
		}
	}
	return strings.Join(words, " ")
}

var longStamps = func() []string {
	var out []string
	for _, w := range stampWords {
		if strings.Count(w, " ") >= 2 && len(lettersOf(w)) >= 10 {
			out = append(out, w)
		}
	}
	return out
}()
