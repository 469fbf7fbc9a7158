package structure

import (
	"strings"

	"nightshift/pipeline/structure/wording"
)

// classification takes the marking that stands alone at the head or foot of the
// first pages: what most of them say. Where a page offers several to choose from, as
// printed slips do, and none is marked elsewhere, there is none.
func (v *pageValues) classification() {
	if v.out.Classification != nil {
		return
	}
	var handling *Value
	for i := range v.pages.sheets[:min(2, len(v.pages.sheets))] {
		s := &v.pages.sheets[i]
		var first *Value
		choices := map[string]bool{}
		for j := range s.prints {
			pr := &s.prints[j]
			if pr.role == ofStamp {
				continue
			}
			for w := range strings.FieldsSeq(v.s[pr.start:pr.end]) {
				if m := markingNear(w); m == "SECRET" || m == "CONFIDENTIAL" || m == "UNCLASSIFIED" {
					choices[lettersOf(m)] = true
				}
			}
			m, c := markingIn(v.s[pr.start:pr.end])
			if m == "" {
				m, c = spacedMarking(v.s[pr.start:pr.end])
			}
			if m == "" {
				continue
			}
			y := float64(pr.box[1]) / float64(max(1, s.height))
			if (first == nil || !leveled(first.Value) && leveled(m)) && (y <= 0.4 || y >= 0.8) {
				first = v.parser.value(span{pr.start + c.start, pr.start + c.end}, m)
				if v.out.Kind != "telegram" && v.filledIn(s, pr) && !strings.Contains(m, "(") {
					first.Value += " (When Filled In)"
				}
			}
		}
		if first == nil {
			continue
		}
		if !leveled(first.Value) && i == 0 && len(v.pages.sheets) > 1 {
			handling = first // who may see it; the next page may say how secret it is
			continue
		}
		if v.out.Kind == "routing-slip" && len(choices) > 1 {
			return
		}
		v.out.Classification = v.furtherMarked(first)
		return
	}
	v.out.Classification = handling
	if handling == nil {
		v.saidClassified()
	}
}

// leveled tells whether a marking says how secret a paper is, and not only who may see
// it.
func leveled(m string) bool { return m != "EYES ONLY" }

// furtherMarked is a marking with what another of the first pages adds to it behind a
// stroke: "SECRET" on the first and "SECRET/TIDEWAY" on the second.
func (v *pageValues) furtherMarked(m *Value) *Value {
	for i := range v.pages.sheets[:min(3, len(v.pages.sheets))] {
		s := &v.pages.sheets[i]
		for j := range s.prints {
			pr := &s.prints[j]
			words := strings.Fields(v.s[pr.start:pr.end])
			if pr.role == ofStamp || len(words) > 8 || 10*pr.box[1] > 3*s.height && 10*pr.box[1] < 8*s.height {
				continue
			}
			for k, w := range words {
				level, more, ok := strings.Cut(w, "/")
				if !ok && k+1 < len(words) && strings.HasPrefix(words[k+1], "/") {
					level, more, ok = w, strings.TrimPrefix(words[k+1], "/"), true
				}
				if more = strings.Trim(more, "/.,;:"); ok && markingNear(level) == m.Value && capitalsOnly(more, 4, 12) {
					m.Value += "/" + more
					return m
				}
			}
		}
	}
	return m
}

// saidClassified takes the marking that a paper's text says it has: "This report is
// classified "Secret"".
func (v *pageValues) saidClassified() {
	for i := range v.pages.sheets[:min(2, len(v.pages.sheets))] {
		s := &v.pages.sheets[i]
		for j := range s.prints {
			pr := &s.prints[j]
			text := v.s[pr.start:pr.end]
			at := strings.Index(text, "classified ")
			if pr.role != ofText || at < 0 || at > 0 && isLetterByte(text[at-1]) {
				continue
			}
			rest := text[at+len("classified "):]
			if m, _, ok := strings.Cut(strings.TrimLeft(rest, "\"“'‘"), "\""); ok && len(strings.TrimLeft(rest, "\"“'‘")) < len(rest) && markingNear(m) != "" {
				from := pr.end - len(strings.TrimLeft(rest, "\"“'‘"))
				v.out.Classification = v.parser.value(span{from, from + len(m)}, m)
				return
			}
		}
	}
}

// filledIn tells whether the lines under a marking say that a form has it only when
// filled in.
func (v *pageValues) filledIn(s *sheet, marking *print) bool {
	said := ""
	for j := range s.prints {
		pr := &s.prints[j]
		if down := pr.box[1] - marking.box[1]; pr.role == ofStamp || down < -s.line || down > 4*s.line || pr == marking || pr.box[0] > marking.box[2]+8*s.line || pr.box[2] < marking.box[0]-s.line {
			continue
		}
		for w := range strings.FieldsSeq(v.s[pr.start:pr.end]) {
			if wording.Near(lettersOf(w), "filled") {
				return true
			}
		}
		if v.out.Kind == "routing-slip" && v.bracketed(pr) {
			return true
		}
		said += lettersOf(v.s[pr.start:pr.end])
	}
	return len(said) < 40 && (strings.Contains(said, "filledin") || wording.Near(said, "whenfilledin"))
}

// bracketed tells whether a line is three words in brackets of which the first
// begins as "when" does: printed slips have no others under a marking.
func (v *pageValues) bracketed(pr *print) bool {
	t := strings.ToLower(strings.TrimSpace(v.s[pr.start:pr.end]))
	return len(t) > 9 && len(t) < 20 && strings.HasPrefix(t, "(w") && strings.HasSuffix(t, ")") && len(strings.Fields(t)) == 3
}

// plainMarkings are the markings that stand alone at a page's head or foot.
var plainMarkings = []string{"TOP SECRET", "SECRET", "CONFIDENTIAL", "RESTRICTED", "OFFICIAL USE ONLY", "UNCLASSIFIED", "STRICTLY CONFIDENTIAL", "EYES ONLY"}

// markingNear is the marking that a text is: as it stands when it is one to the
// letter, else the one that it is a misreading of; "" for none.
func markingNear(s string) string {
	t := joinLetters(strings.Trim(strings.TrimSpace(s), " .,;:=~-—_|*'\"‘’“”°"))
	if head, tail, ok := strings.Cut(t, " "); ok && strings.Contains(head, "/") && strings.ContainsAny(tail, "0123456789") {
		t = head // the paper's number stands behind it
	}
	if before, ok := strings.CutSuffix(lettersOf(asLetters(t)), "secret"); ok && before != "" && len(before) <= 4 && before != "op" && before != "non" && (len(before) != 3 || differ(before, "top") > 1) {
		return "SECRET" // behind a stray word
	}
	if classSentence(t) && len(t) > 5 && secrecy(t) {
		if !knownMarking(wording.Fold(t)) || classWords[wording.Fold(t)] || strings.ContainsAny(t, ";,(/") {
			return t
		}
	}
	key := lettersOf(t)
	if len(t) == 6 && len(key) == 5 && t == strings.ToUpper(t) && wording.Near(strings.ToLower(t), "secret") {
		return "SECRET" // a sign among its letters
	}
	if len(key) < 6 || len(key) > 20 {
		return ""
	}
	for _, m := range plainMarkings {
		if k := lettersOf(m); wording.Near(key, k) && (len(k) > 6 || len(key) == 6) {
			return m
		}
	}
	return ""
}

// secrecy tells whether a marking says how secret a paper is, beside how urgent.
func secrecy(t string) bool {
	low := wording.Fold(t)
	for _, w := range []string{"secret", "confidential", "restricted", "unclassified", "official use", "eyes only"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// markingIn finds a marking in a line that has little else than marks: "SECRET",
// "S-E-C-R-E-T", ". SECREL ;", "Strictly Confidential."
func markingIn(s string) (string, span) {
	if m := markingNear(s); m != "" {
		return m, span{0, len(s)}
	}
	if len(strings.TrimSpace(s)) > 45 || alikeIn(lettersOf(s), "secretservice") {
		return "", span{}
	}
	for at := 0; at < len(s); {
		end := at
		for end < len(s) && s[end] != ' ' {
			end++
		}
		if w := strings.Trim(s[at:end], ".,;:()[]|~'"); len(w) >= 6 && w == strings.ToUpper(w) {
			if m := markingNear(w); m != "" && m != "UNCLASSIFIED" {
				return m, span{at, end}
			}
		}
		at = end + 1
	}
	return "", span{}
}

// spacedMarking finds a marking whose letters are set apart by hyphens, anywhere in a
// line: no other word is written so.
func spacedMarking(s string) (string, span) {
	for at := 0; at < len(s); {
		end := at
		for end < len(s) && s[end] != ' ' {
			end++
		}
		if w := s[at:end]; strings.Count(w, "-") >= 5 {
			if m := markingNear(joinLetters(strings.Trim(w, cableSigns))); m != "" {
				return m, span{at, end}
			}
		}
		at = end + 1
	}
	return "", span{}
}
