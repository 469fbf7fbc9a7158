package structure

import (
	"strings"

	"nightshift/pipeline/structure/wording"
)

// classWords are the phrases that classification sentences of source notes are
// made of, lower case.
var classWords = map[string]bool{
	"top secret": true, "secret": true, "confidential": true, "restricted": true, "unclassified": true, "official use only": true,
	"limited official use": true, "no classification marking": true, "no classification": true, "eyes only": true, "personal and private": true,
	"personal": true, "priority": true, "niact": true, "flash": true, "immediate": true, "limit distribution": true, "limited distribution": true,
	"limdis": true, "exdis": true, "nodis": true, "no distribution": true, "no foreign dissem": true, "noforn": true, "background use only": true, "sensitive": true,
	"official-informal": true, "official informal": true, "operational immediate": true, "emergency": true, "secret-limit distribution": true,
	"controlled dissem": true, "codeword": true, "umbra": true, "routine": true, "literally eyes only": true, "exclusively eyes only": true,
	"for official use only": true, "security information": true, "restricted data": true, "specat": true, "rush": true, "plus": true, "cherokee": true,
	"strictly confidential": true, "private": true, "limited distribution only": true, "nato": true, "cosmic": true, "outside system": true, "via backchannel": true,
	"literally eyes only for the secretary": true, "no dissem abroad": true, "warning notice": true, "exclusive": true, "presidential handling": true,
	"night action": true, "deferred": true, "critic": true, "stadis": true, "no distribution outside department": true, "internal use only": true, "informal": true, "confidential-modified handling": true,
	"dissem": true, "controlled dissem/no dissem abroad": true, "talent-keyhole": true, "talent": true, "harvan": true, "roger channel": true, "tosec": true, "contains codeword": true, "noform": true, "eyesonly": true,
}

// classSentence tells whether s consists of classification phrases.
func classSentence(s string) bool {
	s = strings.Trim(wording.Fold(s), " .,;")
	if s == "" || len(s) > 160 {
		return false
	}
	first := true
	for part := range strings.SplitSeq(s, ";") {
		for i, p := range strings.Split(part, ",") {
			p = strings.Join(strings.Fields(p), " ")
			switch {
			case knownMarking(p):
			case first || p == "" || len(p) > 45:
				return false
			case i > 0 && strings.Count(p, " ") > 1 && !markingWord(p):
				return false
			}
			first = false
		}
	}
	return true
}

// knownMarking tells whether a folded phrase is a marking of this list, or one
// with more behind a dash, stroke or bracket.
func knownMarking(p string) bool {
	if classWords[p] {
		return true
	}
	for _, w := range []string{"top secret", "secret", "confidential", "unclassified"} {
		if rest, ok := strings.CutPrefix(p, w); ok && len(rest) < 30 {
			for _, d := range []string{"-", "/", "–", "—", " ("} {
				if strings.HasPrefix(rest, d) {
					return true
				}
			}
		}
	}
	return len(p) >= 6 && wording.Near(p, "secret") || wording.Near(p, "confidential") || wording.Near(p, "top secret")
}

func markingWord(p string) bool {
	for _, w := range []string{"eyes only", "no foreign", "no dissem", "dissem", "handle via", "for the secretary", "limit", "immediate", "only", "channel"} {
		if strings.Contains(p, w) {
			return true
		}
	}
	return false
}

// sentences splits at full stops that end a sentence: before a capital or the
// end, not after an initial or a known abbreviation.
func sentences(s string) []span {
	var out []span
	at := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '.' {
			continue
		}
		end := i + 1
		if end < len(s) && (s[end] != ' ' && s[end] != ')' || end+1 < len(s) && isLower(s[end+1])) {
			continue
		}
		if w := wordBefore(s, at, i); len(w) == 1 && i > 1 || abbreviations[w] {
			continue
		}
		out = append(out, span{at, end})
		for end < len(s) && (s[end] == ' ' || s[end] == ')') {
			end++
		}
		at, i = end, end-1
	}
	if at < len(s) {
		out = append(out, span{at, len(s)})
	}
	return out
}

var abbreviations = map[string]bool{"Mr": true, "Mrs": true, "Dr": true, "Jr": true, "Sr": true, "No": true, "Nos": true, "vol": true, "Vol": true, "p": true, "pp": true, "Gen": true, "Col": true, "Lt": true, "St": true, "Amb": true, "Adm": true, "Sen": true, "Rep": true, "ed": true, "ff": true, "Messrs": true, "Capt": true}

// sourceParts reads the parts of a source note's clean text.
func sourceParts(n *SourceNote) {
	body := n.Text
	if i := sourceWord(body); i >= 0 {
		body = strings.TrimSpace(body[i+len("Source:"):])
	}
	lead := body
	if c, ok := classificationIn(body); ok {
		n.Classification = strings.Trim(body[c.start:c.end], " .,;")
		n.Markings = markings(n.Classification)
		lead = body[:c.start]
	}
	for i, sp := range sentences(body) {
		sentence := strings.TrimSpace(body[sp.start:sp.end])
		if i == 0 {
			n.place(strings.Trim(lead[:min(len(lead), sp.end)], " ."))
		}
		n.people(sentence)
	}
}

// sourceWord is where a note says "Source:", at its beginning or behind a
// summary; -1 for nowhere.
func sourceWord(s string) int {
	const word = "Source:"
	if len(s) >= len(word) && wording.Near(strings.ToLower(s[:len(word)]), "source:") {
		return 0
	}
	if strings.HasPrefix(s, "Summary:") {
		return strings.Index(s, word)
	}
	return -1
}

// classificationIn finds the first sentence of a source note, behind the first,
// that is a classification: a known marking first, then short markings of any
// kind ("Secret; Exdis; RYBAT").
func classificationIn(s string) (span, bool) {
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '.')
		if i < 0 {
			return span{}, false
		}
		at += i + 1
		start := at
		for start < len(s) && (s[start] == ' ' || s[start] == ')') {
			start++
		}
		if start >= len(s) || s[start] < 'A' || s[start] > 'Z' {
			continue
		}
		end := start
		for end < len(s) && s[end] != '.' {
			end++
		}
		if classSentence(s[start:end]) {
			return span{start, end}, true
		}
	}
}

// place reads the archive and file of the first sentence, and a classification
// that a comma joined to it.
func (n *SourceNote) place(s string) {
	if i := strings.LastIndex(s, ", "); i > 0 && classSentence(s[i+2:]) {
		n.Classification = s[i+2:]
		n.Markings = markings(n.Classification)
		s = s[:i]
	}
	n.Archive, _, _ = strings.Cut(s, ",")
	if i := strings.LastIndex(s, ", "); i > 0 && strings.ContainsAny(s[i:], "0123456789") {
		n.File = strings.TrimSpace(s[i+2:])
	}
}

func markings(s string) []string {
	var out []string
	for p := range strings.SplitSeq(s, ";") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out[1:]
}

// people reads who drafted, approved and cleared.
func (n *SourceNote) people(s string) {
	low := strings.ToLower(s)
	take := func(field *string, words ...string) {
		for _, w := range words {
			i := strings.Index(low, w)
			if *field != "" || i < 0 {
				continue
			}
			*field = personAfter(s[i+len(w):])
		}
	}
	take(&n.DraftedBy, "drafted by ", "drafted and approved by ", "drafted and initialed by ", "prepared by ")
	if n.DraftedBy == "" && strings.HasPrefix(low, "drafted on ") {
		if i := strings.Index(low, " by "); i > 0 {
			n.DraftedBy = personAfter(s[i+4:])
		}
	}
	take(&n.Approved, "approved by ", "approved in ")
	take(&n.Cleared, "cleared by ", "cleared with ", "cleared in draft by ", "cleared in draft with ")
}

// personAfter is the name or names up to a verb, date or stop.
func personAfter(s string) string {
	end := len(s)
	for _, w := range []string{" and approved", " and cleared", " and initialed", ", cleared", ", approved", "; ", " on ", ", and approved", " and concurred", " and sent", ". ", ", who", ", Office", " of the "} {
		if i := strings.Index(s, w); i >= 0 && i < end {
			end = i
		}
	}
	return strings.Trim(s[:end], " .,")
}
