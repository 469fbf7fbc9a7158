package structure

import (
	"math"
	"strings"

	"nightshift/pipeline/structure/wording"
)

// Kinds are the kinds of document, as structure.json names them.
var Kinds = []string{"memorandum-of-conversation", "memorandum", "memorandum-for-the-record", "telegram", "circular-telegram", "airgram",
	"despatch", "letter", "message", "minutes", "telephone-conversation", "editorial-note", "intelligence-estimate", "report",
	"paper", "statement", "directive", "aide-memoire", "agreement", kindCorrespondence, "form", "routing-slip", "cover-sheet",
	"index-card", "testimony", "handwritten", kindOther}

const (
	kindOther          = "other"
	kindCorrespondence = "correspondence"
)

// kindWords is the table of evidence for a document's kind: words of the title
// (lower case, blanks single) that speak for it. "^" binds them to the title's
// beginning. The weights are set by reasoning: the longer and the earlier the
// words, the stronger; a phrase that contains another outweighs it.
var kindWords = []struct {
	words, kind string
	weight      float64
}{
	{"^editorial note", "editorial-note", 9},
	{"memorandum of conversation", "memorandum-of-conversation", 7},
	{"memorandum of a conversation", "memorandum-of-conversation", 7},
	{"memoranda of conversation", "memorandum-of-conversation", 7},
	{"memorandum of conversations", "memorandum-of-conversation", 7},
	{"record of conversation", "memorandum-of-conversation", 5},
	{"record of a conversation", "memorandum-of-conversation", 5},
	{"memorandum of telephone conversation", "telephone-conversation", 7},
	{"memorandum of a telephone conversation", "telephone-conversation", 7},
	{"telephone conversation", "telephone-conversation", 6},
	{"transcript of telephone", "telephone-conversation", 6},
	{"memorandum of discussion", "minutes", 7},
	{"of discussion at the", "minutes", 6},
	{"memorandum of conference", "minutes", 7},
	{"memorandum of a conference", "minutes", 7},
	{"memorandum of meeting", "minutes", 7},
	{"memorandum of a meeting", "minutes", 7},
	{"memorandum for the record", "memorandum-for-the-record", 7},
	{"memorandum for record", "memorandum-for-the-record", 7},
	{"memorandum for the files", "memorandum-for-the-record", 6},
	{"memorandum for the file", "memorandum-for-the-record", 6},
	{"minutes of", "minutes", 6},
	{"^minutes", "minutes", 6},
	{"summary record", "minutes", 4},
	{"record of meeting", "minutes", 5},
	{"record of a meeting", "minutes", 5},
	{"record of the meeting", "minutes", 5},
	{"notes of a meeting", "minutes", 5},
	{"notes of meeting", "minutes", 5},
	{"notes on a meeting", "minutes", 5},
	{"record of action", "minutes", 4},
	{"summary notes of", "minutes", 5},
	{"circular telegram", "circular-telegram", 7},
	{"circular airgram", "airgram", 7},
	{"telegram from", "telegram", 6},
	{"^telegram", "telegram", 6},
	{"telegram", "telegram", 2},
	{"airgram from", "airgram", 6},
	{"^airgram", "airgram", 6},
	{"^despatch", "despatch", 6},
	{"^dispatch", "despatch", 6},
	{"^instruction", "despatch", 2},
	{"^letter", "letter", 6},
	{"personal letter", "letter", 5},
	{"^draft letter", "letter", 5},
	{"^message", "message", 6},
	{"backchannel message", "message", 7},
	{"^oral message", "message", 6},
	{"^personal message", "message", 6},
	{"^presidential message", "message", 5},
	{"intelligence estimate", "intelligence-estimate", 7},
	{"intelligence memorandum", "intelligence-estimate", 7},
	{"intelligence note", "intelligence-estimate", 5},
	{"intelligence report", "intelligence-estimate", 5},
	{"national security action memorandum", "directive", 8},
	{"national security decision memorandum", "directive", 8},
	{"national security study memorandum", "directive", 8},
	{"national security council directive", "directive", 7},
	{"presidential directive", "directive", 8},
	{"presidential review memorandum", "directive", 8},
	{"presidential determination", "directive", 5},
	{"presidential decision", "directive", 7},
	{"executive order", "directive", 6},
	{"^directive", "directive", 6},
	{"memorandum from", "memorandum", 6},
	{"memorandum by", "memorandum", 6},
	{"memorandum prepared", "memorandum", 6},
	{"^memorandum", "memorandum", 4.5},
	{"^briefing memorandum", "memorandum", 6},
	{"^information memorandum", "memorandum", 6},
	{"^action memorandum", "memorandum", 6},
	{"memorandum", "memorandum", 3},
	{"^report", "report", 6},
	{"progress report", "report", 5},
	{"^summary report", "report", 5},
	{" report ", "report", 2},
	{"^paper", "paper", 6},
	{"paper prepared", "paper", 6},
	{"position paper", "paper", 6},
	{"background paper", "paper", 6},
	{"discussion paper", "paper", 6},
	{"briefing paper", "paper", 6},
	{"talking points", "paper", 5},
	{"operations plan", "paper", 5},
	{"outline plan", "paper", 4},
	{"^study", "paper", 5},
	{"study prepared", "paper", 5},
	{"^essay", "paper", 4},
	{" prepared by ", "paper", 1},
	{" prepared in ", "paper", 1},
	{"^statement", "statement", 6},
	{"^address", "statement", 6},
	{"^remarks", "statement", 6},
	{"^speech", "statement", 6},
	{"^radio and television", "statement", 5},
	{"^news conference", "statement", 4},
	{"statement of policy", "statement", 4},
	{"statement by", "statement", 4},
	{"aide-mémoire", "aide-memoire", 7},
	{"aide mémoire", "aide-memoire", 7},
	{"aide-memoire", "aide-memoire", 7},
	{"aide memoire", "aide-memoire", 7},
	{"^agreement", "agreement", 6},
	{"joint resolution", "agreement", 6},
	{"draft resolution", "agreement", 6},
	{"^resolution", "agreement", 5},
	{"joint communiqué", "agreement", 4},
	{"memorandum of understanding", "agreement", 8},
	{"treaty", "agreement", 2},
	{"^current ", kindOther, 4},
	{"^interview", "statement", 5},
	{"^special message from president", "message", 6},
	{"summary of conclusions", "minutes", 5},
	{"^note from", "aide-memoire", 4},
	{"^note to", "aide-memoire", 4},
	{" paper ", "paper", 2.5},
	{"^testimony", "testimony", 6},
	{"routing slip", "routing-slip", 8},
	{"routing and transmittal", "routing-slip", 8},
	{"cover sheet", "cover-sheet", 8},
}

// kindLexicon mends misread words of titles.
var kindLexicon = func() *wording.Lexicon {
	var all []string
	for _, k := range kindWords {
		all = append(all, k.words)
	}
	return wording.NewLexicon(all)
}()

// titleWeights weighs a title, mended, with a blank on either side.
func titleWeights(low string, weights map[string]float64) {
	for _, k := range kindWords {
		if words, bound := strings.CutPrefix(k.words, "^"); bound && strings.HasPrefix(low[1:], words) || !bound && strings.Contains(low, k.words) {
			weights[k.kind] = max(weights[k.kind], k.weight)
		}
	}
}

// titleKind is the kind that a line, mended, speaks for most as a title, and its
// weight.
func titleKind(line string) (string, float64) {
	if len(line) > 90 {
		return kindOther, 0
	}
	weights := map[string]float64{}
	titleWeights(" "+line+" ", weights)
	k, w, _ := strongest(weights)
	return k, w
}

// kindOf weighs the words of a title and caption. Titles of the form "The X to
// the Y" are correspondence: the caption says which, or how the text begins.
func kindOf(title, caption, opening string) (kind string, confidence float64) {
	low := " " + strings.Join(strings.Fields(kindLexicon.Mend(title)), " ") + " "
	weights := map[string]float64{kindOther: 1.5}
	titleWeights(low, weights)
	caption = strings.ToLower(caption)
	if strings.Contains(low, " to ") && weights["memorandum"] < 2 {
		for word, kind := range map[string]string{": telegram": "telegram", ": circular telegram": "circular-telegram", ": circular airgram": "airgram", ": airgram": "airgram"} {
			if strings.Contains(caption, word) {
				weights[kind] = max(weights[kind], 5+0.01*float64(len(word)))
			}
		}
		if begins := strings.HasPrefix(low, " the ") || strings.HasPrefix(low, " president "); begins || len(weights) == 1 && title != "" {
			weights[kindCorrespondence] = max(weights[kindCorrespondence], 3)
			if strings.HasPrefix(strings.ToLower(opening), "dear ") || strings.HasPrefix(strings.ToLower(opening), "my dear ") {
				weights["letter"] = max(weights["letter"], 4)
			}
		}
	}
	best, sum := "", 0.0
	for k, w := range weights {
		sum += math.Exp(w)
		if best == "" || w > weights[best] || w == weights[best] && k < best {
			best = k
		}
	}
	return best, math.Exp(weights[best]) / sum
}
