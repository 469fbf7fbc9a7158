package structure

import (
	"math"
	"slices"
	"strings"

	"nightshift/pipeline/structure/wording"
)

// formWord is a phrase of a typed or printed page that speaks for a kind of
// document: in the page's head, or anywhere on it. Weights are logarithms of
// odds, set by reasoning: what is printed on a form names it; what writers say
// in such papers speaks less.
type formWord struct {
	words, kind string
	weight      float64
	where       where
}

type where uint8

const (
	anywhere where = iota
	inHead         // the first lines, or the upper two fifths of the page
	onItsOwn       // a line of the head that has little else
)

var formWords = []formWord{
	{"identification form", "cover-sheet", 7, inHead},
	{"assassination system", "cover-sheet", 3, inHead},
	{"material reviewed at", "cover-sheet", 7, inHead},
	{"agency information", "cover-sheet", 3, anywhere},
	{"date of last review", "cover-sheet", 3, anywhere},
	{"current status", "cover-sheet", 2, anywhere},
	{"may be copied or removed from this file", "cover-sheet", 0.9, anywhere}, // papers were copied lying on such sheets
	{"reviewing official", "cover-sheet", 2, anywhere},
	{"cover sheet", "cover-sheet", 6, onItsOwn},
	{"withdrawal sheet", "cover-sheet", 7, inHead},
	{"routing and record sheet", "routing-slip", 9, inHead},
	{"routing and record", "routing-slip", 7, inHead},
	{"record sheet", "routing-slip", 6, inHead},
	{"prior to filing", "routing-slip", 3, inHead},
	{"all addressees", "routing-slip", 3, inHead},
	{"destroy front cover sheet", "routing-slip", 4, inHead},
	{"for microfilming before", "routing-slip", 2, anywhere},
	{"routing slip", "routing-slip", 8, inHead},
	{"transmittal slip", "routing-slip", 9, inHead},
	{"routing and transmittal", "routing-slip", 9, inHead},
	{"official routing", "routing-slip", 8, inHead},
	{"officer's comments", "routing-slip", 4, anywhere},
	{"from whom to whom", "routing-slip", 3, anywhere},
	{"document transfer and cross reference", "routing-slip", 4, inHead},
	{"classified message", "telegram", 8, inHead},
	{"incoming telegram", "telegram", 8, inHead},
	{"outgoing telegram", "telegram", 8, inHead},
	{"telegram received", "telegram", 8, inHead},
	{"telegram sent", "telegram", 8, inHead},
	{"telegram", "telegram", 4, onItsOwn},
	{"cablegram", "telegram", 5, inHead},
	{"teletype", "telegram", 4, inHead},
	{"end of message", "telegram", 4, anywhere},
	{"book cable", "telegram", 4, inHead},
	{"slotted at", "telegram", 3, anywhere},
	{"releasing officer", "telegram", 2, anywhere},
	{"authenticating officer", "telegram", 2, anywhere},
	{"coordinating officers", "telegram", 2, anywhere},
	{"other than the issuing office is prohibited", "telegram", 3, anywhere},
	{"airgram", "airgram", 8, onItsOwn},
	{"dispatch", "despatch", 6, onItsOwn},
	{"despatch", "despatch", 6, onItsOwn},
	{"end of dispatch", "despatch", 5, anywhere},
	{"foreign service despatch", "despatch", 8, inHead},
	{"dispatch symbol and number", "despatch", 6, anywhere},
	{"headquarters file number", "despatch", 3, anywhere},
	{"marked for indexing", "despatch", 4, anywhere},
	{"no indexing required", "despatch", 4, anywhere},
	{"qualified desk", "despatch", 2, anywhere},
	{"qualified headquarters", "despatch", 2, anywhere},
	{"action required", "despatch", 2, inHead},
	{"i have the honor", "despatch", 4, anywhere},
	{"i have the honour", "despatch", 4, anywhere},
	{"legation of the", "despatch", 2, inHead},
	{"embassy of the united states", "despatch", 2, inHead},
	{"foreign service of the united states", "despatch", 3, inHead},
	{"american consulate", "despatch", 2, inHead},
	{"american embassy", "despatch", 2, inHead},
	{"american legation", "despatch", 2, inHead},
	{"the secretary of state", "despatch", 1, inHead},
	{"chief of station", "despatch", 2, inHead},
	{"memorandum of conversation", "memorandum-of-conversation", 9, inHead},
	{"memorandum of telephone conversation", "telephone-conversation", 10, inHead},
	{"memorandum for the record", "memorandum-for-the-record", 10, inHead},
	{"memo for the record", "memorandum-for-the-record", 10, inHead},
	{"memorandum for record", "memorandum-for-the-record", 9, inHead},
	{"memorandum for the file", "memorandum-for-the-record", 9, inHead},
	{"memorandum for files", "memorandum-for-the-record", 9, inHead},
	{"memorandum for", "memorandum", 7, inHead},
	{"memorandum to", "memorandum", 6, inHead},
	{"office memorandum", "memorandum", 8, inHead},
	{"memorandum", "memorandum", 5, onItsOwn},
	{"united states government", "memorandum", 3, inHead},
	{"request for", "form", 4, onItsOwn},
	{"application for", "form", 4, onItsOwn},
	{"notification of", "form", 4, onItsOwn},
	{"personnel action", "form", 4, inHead},
	{"space below for", "form", 3, anywhere},
	{"last-first-middle", "form", 4, anywhere},
	{"when filled in", "form", 1, inHead},
	{"serial number", "form", 1.5, anywhere},
	{"date of birth", "form", 1.5, anywhere},
	{"index card", "index-card", 7, inHead},
	{"minutes of", "minutes", 7, inHead},
	{"those present", "minutes", 3, inHead},
	{"information report", "report", 5, inHead},
	{"in reply please refer to", "memorandum", 3, inHead},
	{"neither recommendations nor conclusions", "memorandum", 1.5, anywhere},
	{"date dictated", "report", 5, anywhere},
	{"contact report", "report", 8, inHead},
	{"report made by", "report", 6, inHead},
	{"title of case", "report", 4, inHead},
	{"investigation made by", "report", 5, inHead},
	{"unevaluated information", "report", 5, anywhere},
	{"report of", "report", 4, inHead},
	{"report on", "report", 4, inHead},
	{"intelligence estimate", "intelligence-estimate", 8, inHead},
	{"testimony of", "testimony", 8, inHead},
	{"testimony", "testimony", 6, onItsOwn},
	{"eye witness account", "testimony", 7, inHead},
	{"eyewitness", "testimony", 6, inHead},
	{"reported by", "testimony", 3, inHead},
	{"report by", "testimony", 4, inHead},
	{"recorded by", "testimony", 4, inHead},
	{"interviewed by", "testimony", 5, inHead},
	{"interview with", "testimony", 4, inHead},
	{"statement made by", "testimony", 4, inHead},
	{"experiences of", "testimony", 4, inHead},
	{"experiences in", "testimony", 4, inHead},
	{"persecution of", "testimony", 1, inHead},
	{"statement by", "statement", 5, inHead},
	{"aide-memoire", "aide-memoire", 7, inHead},
	{"agreement between", "agreement", 6, inHead},
	{"yours sincerely", "letter", 4, anywhere},
	{"sincerely yours", "letter", 4, anywhere},
	{"yours faithfully", "letter", 4, anywhere},
	{"yours truly", "letter", 4, anywhere},
	{"very truly yours", "letter", 4, anywhere},
	{"cordially yours", "letter", 4, anywhere},
	{"respectfully yours", "despatch", 1.5, anywhere},
}

// formLexicon mends misread words of pages.
var formLexicon = func() *wording.Lexicon {
	var all []string
	for _, f := range formWords {
		all = append(all, f.words)
	}
	return wording.NewLexicon(all)
}()

// formLetters are the phrases in letters alone.
var formLetters = func() []string {
	out := make([]string, len(formWords))
	for i, f := range formWords {
		out[i] = lettersOf(f.words)
	}
	return out
}()

// mostName is the most letters of a line that names a form.
const mostName = 60

// misreadName tells whether one of a head's lines is a form's name misread, with little
// else in it.
func misreadName(lines []string, name string) bool {
	return len(name) >= 10 && slices.ContainsFunc(lines, func(l string) bool {
		return len(l) <= len(name)+24 && alikeIn(l, name)
	})
}

// formKinds weighs a page's phrases: its lines in reading order, folded and
// mended, the first head of them those of the page's head.
func formKinds(lines []string, head int) map[string]float64 {
	out := map[string]float64{}
	best := map[string]float64{} // a phrase within a longer one does not count twice
	top := strings.Join(lines[:head], " ")
	all := strings.Join(lines, " ")
	var short []string // lines of the head that can be the name of a form
	for _, l := range lines[:head] {
		if n := lettersOf(l); len(n) >= 10 && len(n) <= mostName {
			short = append(short, n)
		}
	}
	for i, f := range formWords {
		seen := false
		switch f.where {
		case anywhere:
			seen = strings.Contains(all, f.words)
		case inHead:
			seen = strings.Contains(top, f.words) || misreadName(short, formLetters[i])
		case onItsOwn:
			seen = slices.ContainsFunc(lines[:head], func(l string) bool {
				return len(l) <= len(f.words)+14 && strings.Contains(l, f.words)
			})
		}
		if !seen {
			continue
		}
		if f.where == anywhere {
			out[f.kind] += f.weight
		} else if f.weight > best[f.kind] {
			best[f.kind] = f.weight
		} else {
			out[f.kind] += f.weight / 4
		}
	}
	for k, w := range best {
		out[k] += w
	}
	return out
}

// strongest is the kind with the greatest weight, and its share among all when
// weights are taken as logarithms of odds.
func strongest(weights map[string]float64) (kind string, weight, share float64) {
	sum := 0.0
	for k, w := range weights {
		sum += math.Exp(min(w, 40))
		if kind == "" || w > weight || w == weight && k < kind {
			kind, weight = k, w
		}
	}
	if kind == "" {
		return kindOther, 0, 0
	}
	return kind, weight, math.Exp(min(weight, 40)) / sum
}
