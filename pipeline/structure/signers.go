package structure

import (
	"strings"

	"nightshift/pipeline/structure/evidence"
	"nightshift/pipeline/structure/wording"
)

// signature takes a signature's lines: a name, and what its bearer is. Columns of
// names are parted at stops.
func (v *pageValues) signature(prints []*print) {
	var parts []string
	for _, pr := range prints {
		if t := trimStray(v.clear.part(pr.start, pr.end)); t != "" && wordlike(t) > 0.3 && !noSigner(t) {
			parts = append(parts, t)
		}
	}
	if len(parts) == 0 {
		return
	}
	at := span{prints[0].start, prints[len(prints)-1].end}
	if names := splitNames(parts); len(names) > 1 {
		for _, n := range names {
			v.out.Signatures = append(v.out.Signatures, *v.value(at, n))
		}
		return
	}
	v.out.Signatures = append(v.out.Signatures, *v.value(at, strings.Join(parts, " ")))
}

// noSigner tells whether a line under a closing is none of a signer's: a number, the
// file that the copy is for, the typist's initials, a dateline.
func noSigner(t string) bool {
	return !longEnough(strings.Trim(t, "0123456789 .-")) || ofCopy(t) || dateLine(t)
}

// ofCopy tells whether a line says for which file the copy is, or who typed it.
func ofCopy(t string) bool {
	a, b, ok := strings.Cut(t, "/")
	initials := ok && capitalsOnly(a, 2, 4) && capitalsOnly(b, 2, 4)
	return initials || evidence.Initials(t) || strings.HasPrefix(wording.Fold(t), "file") && strings.ContainsAny(t, "0123456789")
}

// splitNames parts lines in which names stand side by side, each with a stop:
// "Alder. Family Birch."; nil when there is one name.
func splitNames(lines []string) []string {
	var out []string
	for _, l := range lines {
		if !strings.HasSuffix(l, ".") {
			return nil
		}
		from := 0
		for i := 0; i+1 < len(l); i++ {
			if l[i] == '.' && l[i+1] == ' ' && len(wordBefore(l, from, i)) > 2 {
				out = append(out, strings.TrimSpace(l[from:i+1]))
				from = i + 1
			}
		}
		out = append(out, strings.TrimSpace(l[from:]))
	}
	if len(out) <= len(lines) && len(lines) < 3 {
		return nil
	}
	return out
}

// enclosures takes each enclosure of a list; the heading over it is none, and what
// is said of the copy under it is none either.
func (v *pageValues) enclosures(b *block) {
	out := v.out.Enclosures
	left := b.prints[0].box[0]
	for _, pr := range b.prints {
		t := trimStray(v.clear.part(pr.start, pr.end))
		low := strings.ToLower(strings.TrimRight(t, " :."))
		if l, ok := labelOf(v.s[pr.start:pr.end]); ok && l.label == labelEnclosures {
			if t = trimStray(v.clear.part(pr.start+l.value, pr.end)); t == "" {
				continue
			}
		}
		switch {
		case low == "list of enclosures" || low == "enclosures" || low == "enclosure" || t == "":
		case enclosureNumber(t) || len(out) == 0:
			left = pr.box[0]
			out = append(out, *v.value(pr.span, t))
		case pr.box[0] < left || ofCopy(t):
			v.out.Enclosures = out
			return
		default:
			last := &out[len(out)-1]
			last.Value += " " + t
			last.End = v.at(pr.end)
		}
	}
	v.out.Enclosures = out
}

// enclosureNumber tells whether a line begins an entry of a list of enclosures:
// "No. 1.", "1/", "2.", with letters misread and stray signs before it.
func enclosureNumber(t string) bool {
	f := strings.Fields(strings.TrimLeft(t, " -–—_~*'\"‘“.,|"))
	if len(f) < 2 {
		return false
	}
	w := strings.Trim(f[0], ".,:/()")
	if n, rest := number(w); n > 0 && rest == "" {
		return true
	}
	return len(w) >= 2 && len(w) <= 4 && strings.Contains(strings.ToLower(w), "o") && strings.ContainsAny(f[1][:1], "0123456789l")
}

// writers takes what testimonies and reports say in their heads: who wrote them,
// and their title as subject.
func (v *pageValues) writers() {
	switch v.out.Kind {
	case "testimony", "report", "paper", "despatch":
	default:
		return
	}
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText || 2*pr.box[1] > s.height {
			continue
		}
		text := v.s[pr.start:pr.end]
		for _, w := range []string{"eport by ", "eported by ", "ecorded by ", "nterviewed by "} {
			if i := strings.Index(text, w); i >= 0 && v.out.From == nil {
				name, _, _ := strings.Cut(text[i+len(w):], ")")
				v.out.From = v.parser.value(span{pr.start + i + len(w), pr.start + i + len(w) + len(name)}, trimStray(strings.TrimRight(name, " .,")))
			}
		}
	}
	if len(v.out.Subjects) > 0 {
		return
	}
	above := 0 // what a despatch is about stands under its dateline
	for i := range v.draft.blocks {
		k, b := v.kinds[i].Kind, &v.draft.blocks[i]
		if k == "dateline" && v.out.Kind == "despatch" && b.page == 0 {
			above = b.prints[0].box[3]
			break
		}
	}
	for i := range v.draft.blocks {
		k, b := v.kinds[i].Kind, &v.draft.blocks[i]
		if k == "body" || k == "salutation" || b.page > 0 {
			return
		}
		if b.prints[0].box[1] < above || v.out.Kind == "despatch" && b.prints[0].x < 1 && len(v.own(b)) < 20 {
			continue
		}
		if w, _ := titleKind(kindLexicon.Mend(v.own(b))); w != kindOther {
			continue // the name of a form
		}
		if text := v.own(b); (k == "title" || k == "heading") && wordlike(text) > 0.5 && longWord(text) && len(text) > 8 && strings.Contains(text, " ") && !letterhead(text) {
			v.out.Subjects = append(v.out.Subjects, Subject{Text: v.own(b), Start: v.at(b.start), End: v.at(b.end)})
			return
		}
	}
}
