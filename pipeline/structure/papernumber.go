package structure

import (
	"slices"
	"strings"
)

// paperSymbol is the symbol of a despatch ("UFGW-606"), or what a cable is cited
// and was received by ("HAVA 0693; IN 38553"), anywhere on the first page.
func (v *pageValues) paperSymbol() string {
	switch v.out.Kind {
	case "despatch":
		return v.despatchSymbol()
	case "telegram":
		return v.cableNumber()
	case "airgram":
		return v.airgramNumber()
	}
	return ""
}

// airgramNumber is the number of an airgram's head: "A-312".
func (v *pageValues) airgramNumber() string {
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		w, _, _ := strings.Cut(strings.TrimSpace(v.s[pr.start:pr.end]), " ")
		letter, digits, ok := strings.Cut(strings.Trim(w, ".,;:"), "-")
		if ok && capitalsOnly(letter, 1, 2) && digitsOnly(digits, 1, 4) && 3*pr.box[1] < s.height {
			return letter + "-" + digits
		}
	}
	return ""
}

// overCaption is the number that stands over its caption, as forms have it that number
// their boxes from above: "187 / DESP. NO.".
func (v *pageValues) overCaption() string {
	if v.out.Kind != "despatch" && v.out.Kind != "airgram" {
		return ""
	}
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		text := v.s[pr.start:pr.end]
		if l, ok := labelOf(text); !ok || l.label != labelNumber || strings.TrimSpace(text[l.value:]) != "" {
			continue
		}
		for k := range s.prints {
			q := &s.prints[k]
			n := numberIn(trimStray(v.s[q.start:q.end]))
			if up := pr.box[1] - q.box[1]; n != "" && q.role == ofText && up > s.line/2 && up < 2*max(s.advance, s.line) && abs(q.box[0]-pr.box[0]) < 6*s.pitch && len(trimStray(v.s[q.start:q.end])) <= len(n)+2 {
				return n
			}
		}
	}
	return ""
}

// despatchSymbol is the symbol that stands alone, or begins a line that is no
// reference to another paper.
func (v *pageValues) despatchSymbol() string {
	for _, t := range v.readBadly(&v.pages.sheets[0]) {
		words := strings.Fields(t)
		for i, w := range words {
			w = strings.Trim(w, ".,;:()[]'\"")
			code, digits, ok := strings.Cut(w, "-")
			if !ok || !mostlyCapitals(code) || !capitalsOnly(strings.ToUpper(code), 3, 5) || !digitsOnly(digits, 3, 6) || i > 0 && len(words) > 2 {
				continue
			}
			if _, dated := findDate(t); !dated {
				return strings.ToUpper(w)
			}
		}
	}
	return ""
}

// cableNumber is what a cable is cited by, and the number it was received under.
func (v *pageValues) cableNumber() string {
	s := &v.pages.sheets[0]
	var cited, received string
	for _, t := range v.readBadly(s) {
		words := strings.Fields(t)
		if l, ok := labelOf(t); ok && l.label == labelReference {
			continue
		}
		for i, w := range words {
			w = strings.Trim(w, ".,;:()[]'\"")
			next := ""
			if i+1 < len(words) {
				next = strings.Trim(words[i+1], cableSigns)
			}
			switch {
			case len(w) == 4 && w == strings.ToUpper(w) && differ(asLetters(w), "cite") <= 1 && capitalsOnly(next, 3, 5) && i+2 < len(words) && cited == "":
				if d := strings.Trim(words[i+2], ".,;:()"); digitsOnly(d, 3, 6) {
					cited = next + " " + d
				}
			case (w == "IN" || w == "DIR") && !strings.HasPrefix(words[i], "(") && digitsOnly(next, 5, 6) && received == "":
				received = w + " " + next
			}
		}
		if n := serialNumber(t); n != "" {
			return n
		}
	}
	if len(s.prints) > mostPrints {
		return received
	}
	rows := v.cableRows(s)
	for i := range rows {
		r := &rows[i]
		if code, digits, _ := r.citation(); cited == "" && code != "" && (r.addressed() || v.ofSender(code)) {
			cited = code + " " + digits
		}
	}
	if cited == received {
		received = ""
	}
	return strings.Trim(cited+"; "+received, "; ")
}

// ofSender tells whether a code of four letters or more is the beginning or the end of
// the sender's name.
func (v *pageValues) ofSender(code string) bool {
	if v.out.From == nil || len(code) < 4 {
		return false
	}
	from := strings.ToUpper(lettersOf(v.out.From.Value))
	return strings.HasPrefix(from, code) || strings.HasSuffix(from, code)
}

// serialNumber is the number with which the text of a telegram begins, before its day:
// "214, May 4, 7 p.m."
func serialNumber(line string) string {
	n, rest, ok := strings.Cut(strings.TrimLeft(line, " '\"‘“.,|"), ", ")
	if !ok || !digitsOnly(n, 1, 4) {
		return ""
	}
	month, rest, _ := strings.Cut(rest, " ")
	day, _, _ := strings.Cut(rest, ",")
	if m := monthNumbers[strings.ToLower(strings.Trim(month, "."))]; m == 0 || !digitsOnly(strings.TrimSpace(day), 1, 2) || !strings.Contains(rest, ",") {
		return ""
	}
	return n
}

// numbered takes the number of a paper from what names its subject or sender by it,
// where it has none of its own: the file of the person that a report is about,
// "Rosa QUILL (201-123456)", and the file of the field office that a memorandum comes
// from, "SAC, ROWAN (105-1598)".
func (v *pageValues) numbered() {
	if len(v.out.Subjects) > 0 && v.out.Kind == "report" {
		s := &v.out.Subjects[0]
		if i := strings.LastIndexByte(s.Text, '('); i > 0 && fileNumber(s.Text[i:]) {
			n := strings.Trim(s.Text[i:], "() ")
			s.Text = strings.TrimRight(s.Text[:i], " +-*,;:|")
			if v.out.Number == nil {
				v.out.Number = &n
			}
		}
	}
	if v.out.Number != nil || v.out.Kind != "memorandum" && v.out.Kind != "letter" {
		return
	}
	if v.out.FileNumber != nil && caseFile("("+v.out.FileNumber.Value+")") != "" {
		n := v.out.FileNumber.Value
		v.out.Number = &n
		return
	}
	if v.out.From != nil {
		if n := caseFile(v.out.From.Value); n != "" && strings.HasPrefix(v.out.From.Value, "SAC") {
			v.out.Number = &n
		}
		return
	}
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		text := strings.TrimSpace(v.s[pr.start:pr.end])
		if n := caseFile(text); n != "" && 4*pr.box[1] < s.height && strings.HasPrefix(text, "(") && slices.Contains([]role{ofText, ofHand}, pr.role) {
			v.out.Number = &n
			return
		}
	}
}

// fileNumber tells whether what stands in brackets is a number of six figures or more,
// with dashes.
func fileNumber(s string) bool {
	t := strings.Trim(s, "() ")
	digits := strings.ReplaceAll(t, "-", "")
	return digitsOnly(digits, 6, 12)
}

// caseFile is the number of a case in brackets: its class, a dash, its serial.
func caseFile(s string) string {
	_, rest, ok := strings.Cut(s, "(")
	n, _, closed := strings.Cut(rest, ")")
	class, serial, dash := strings.Cut(n, "-")
	if !ok || !closed || !dash || !digitsOnly(class, 2, 3) || !digitsOnly(serial, 2, 6) {
		return ""
	}
	return n
}
