package structure

import (
	"slices"
	"strings"

	"nightshift/pipeline/structure/evidence"
	"nightshift/pipeline/structure/wording"
)

// offices takes addressee and sender of despatches that give them as offices
// without a label that could be read: the first is the addressee, the last the
// sender.
func (v *pageValues) offices() {
	if v.out.To != nil && v.out.From != nil || v.out.Kind != "despatch" && v.out.Kind != "memorandum" {
		return
	}
	var lines []*print
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		at := v.valueSpan(s, pr, pr.start)
		if pr.role == ofText && 20*pr.box[1] < 9*s.height && namesPost(v.s[at.start:at.end]) {
			lines = append(lines, pr)
		}
	}
	slices.SortStableFunc(lines, func(a, b *print) int { return a.box[1] - b.box[1] })
	if len(lines) < 2 {
		return
	}
	post := func(pr *print) *Value {
		at := v.valueSpan(s, pr, pr.start)
		return v.value(at, trimStray(v.clear.part(at.start, at.end)))
	}
	z := len(lines) - 1
	if v.out.To == nil {
		v.out.To = post(lines[0])
	}
	if v.out.From == nil {
		v.out.From = post(lines[z])
	}
	if len(v.out.Subjects) == 0 {
		v.underPosts(lines[z])
	}
}

// underPosts takes the first line of words under the sender's for the subject, with
// those it goes on in: forms whose labels cannot be read have it there.
func (v *pageValues) underPosts(last *print) {
	s := &v.pages.sheets[0]
	var top *print
	for j := range s.prints {
		pr := &s.prints[j]
		text := v.s[pr.start:pr.end]
		if pr.role != ofText && pr.role != ofHand || pr.box[1] < last.box[3] || pr.box[1] > last.box[3]+5*s.advance || pr.box[0] > (s.left+s.right)/2 ||
			pr.confidence < 40 || len(text) < 12 || !longWord(text) || wordlike(text) < 0.5 || 4*(pr.box[2]-pr.box[0]) > 3*s.width || isLetterByte(text[0]) && text[0] >= 'a' {
			continue
		}
		if top == nil || pr.box[1] < top.box[1] {
			top = pr
		}
	}
	if top == nil || itemNumber(v.s[top.start:top.end]) || salutes(v.s[top.start:top.end]) {
		return
	}
	parts := v.under(s, top.index(s), top.box[0], top.box[1], []span{v.valueSpan(s, top, top.start)})
	x := v.of(field{parts: parts})
	v.out.Subjects = append(v.out.Subjects, Subject{Text: x.Value, Start: x.Start, End: x.End})
}

// index is the place of a line among its page's.
func (p *print) index(s *sheet) int {
	for j := range s.prints {
		if &s.prints[j] == p {
			return j
		}
	}
	return 0
}

// signer takes the name typed under a memorandum, on the right, where there is no
// closing: it is the writer's.
func (v *pageValues) signer() {
	switch v.out.Kind {
	case "memorandum", "memorandum-for-the-record", "memorandum-of-conversation", "report":
	default:
		return
	}
	if v.out.From != nil || len(v.out.Signatures) > 0 {
		return
	}
	s := &v.pages.sheets[len(v.pages.sheets)-1]
	foot := 0 // of the page's prose
	for j := range s.prints {
		if pr := &s.prints[j]; pr.role == ofText && pr.box[0] < (s.left+s.right)/2 && 2*(pr.box[2]-pr.box[0]) > s.right-s.left && pr.x > 0.6 && pr.confidence > 60 {
			foot = max(foot, pr.box[3])
		}
	}
	for j := range s.prints {
		pr := &s.prints[j]
		at := v.valueSpan(s, pr, pr.start)
		name := signedName(trimStray(v.clear.part(at.start, at.end)))
		if pr.role != ofText || pr.box[1] < foot || 2*pr.box[0] < s.left+s.right-4*s.pitch || len(name) > 40 || strings.ContainsAny(name, "0123456789:/") || name == strings.ToUpper(name) || !evidence.PersonName(name) {
			continue
		}
		if role := v.roleUnder(s, pr); role != nil {
			at.end = max(at.end, role.end)
			name += ", " + trimStray(v.clear.part(role.start, role.end))
		}
		v.out.Signatures = append(v.out.Signatures, *v.value(at, name))
		v.out.From = v.value(at, name)
		return
	}
}

// signedName is the name that a line begins with: its words up to the first that is
// all capitals or all small, as stamps beside a signature have them.
func signedName(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if len(w) > 3 && (w == strings.ToUpper(w) || w == strings.ToLower(w)) && i > 1 {
			return strings.Join(words[:i], " ")
		}
	}
	return s
}

// roleUnder is the line right under a signer's name: office or symbol.
func (v *pageValues) roleUnder(s *sheet, name *print) *span {
	for j := range s.prints {
		pr := &s.prints[j]
		if down := pr.box[1] - name.box[1]; pr.role == ofStamp || down < s.line/2 || down > 2*max(s.advance, s.line) || abs(pr.box[0]-name.box[0]) > 3*s.pitch {
			continue
		}
		at := v.valueSpan(s, pr, pr.start)
		if t := trimStray(v.s[at.start:at.end]); longEnough(t) && len(t) < 40 {
			return &at
		}
	}
	return nil
}

// namesPost tells whether a line of a head names an office or its holder and
// nothing else: "Chief of Station, Oslo", "DIRECTOR, FBI", "SAC, MIAMI".
func namesPost(s string) bool {
	t := strings.Trim(strings.TrimSpace(s), " '\"‘’“”.,_|*-")
	if len(t) > 60 || len(t) < 6 {
		return false
	}
	low := wording.Fold(t)
	for _, w := range []string{"chief,", "chief of", "chief ", "deputy chief", "director,", "director of", "deputy director", "sac,", "sac ", "legat", "the director", "assistant director", "special agent in charge", "commander", "commanding"} {
		if strings.HasPrefix(low, w) || len(w) >= 6 && len(low) > len(w) && wording.Near(low[:len(w)], w) && low[len(w)-1] == w[len(w)-1] {
			return true
		}
	}
	return false
}

// betweenLabels takes the office or person that stands alone in the column of values
// between the addressee and the subject for the sender: heads have them in this order,
// and the label was lost.
func (v *pageValues) betweenLabels() {
	if v.out.From != nil || v.out.Kind != "memorandum" && v.out.Kind != "despatch" {
		return
	}
	s := &v.pages.sheets[0]
	var to, subject *field
	for i := range v.pages.fields {
		switch f := &v.pages.fields[i]; {
		case f.page > 0 || f.plain == 0:
		case f.label == labelTo && to == nil:
			to = f
		case f.label == labelSubject && subject == nil:
			subject = f
		}
	}
	if to == nil || subject == nil {
		return
	}
	column := v.leftOf(s, to.parts[0])
	var last *print
	for j := range s.prints {
		pr := &s.prints[j]
		if pr.role != ofText || pr.box[1] < to.line.box[3] || pr.box[3] > subject.line.box[1]+s.line/2 || v.inField(pr) || s.besideLabel(pr) {
			continue
		}
		if x := pr.box[0]; abs(x-column) > 4*s.pitch && abs(x-v.leftOf(s, subject.parts[0])) > 4*s.pitch {
			continue
		}
		text := trimStray(v.s[pr.start:pr.end])
		if (namesPost(text) || evidence.PersonName(text)) && (last == nil || pr.box[1] > last.box[1]) {
			last = pr
		}
	}
	if last == nil {
		return
	}
	parts := v.under(s, last.index(s), last.box[0], last.box[1], []span{v.valueSpan(s, last, last.start)})
	v.out.From = v.of(field{parts: parts})
}

// leftOf is where the first word of a part of a page's text stands.
func (v *pageValues) leftOf(s *sheet, at span) int {
	for j := range s.prints {
		pr := &s.prints[j]
		if at.start < pr.start || at.start >= pr.end {
			continue
		}
		for k := range pr.words {
			if w := &pr.words[k]; v.byteAt(w.End) > at.start {
				return w.Box[0]
			}
		}
		return pr.box[0] + (at.start-pr.start)*s.pitch
	}
	return 0
}

// inField tells whether a line is part of a field's value.
func (v *pageValues) inField(pr *print) bool {
	for i := range v.pages.fields {
		f := &v.pages.fields[i]
		if v.unread(f) {
			continue
		}
		for _, at := range f.parts {
			if at.start >= pr.start && at.start < pr.end {
				return true
			}
		}
	}
	return false
}

// officeSymbol tells whether a word is the symbol of an office: capitals and figures
// parted by strokes, "C/SR/CI/R", "RI/ANALYSIS".
func officeSymbol(w string) bool {
	w = strings.Trim(w, ".,;:()[]|'\"")
	parts := strings.Split(w, "/")
	if len(parts) < 2 || len(w) > 24 || w != strings.ToUpper(w) || !isLetterByte(w[0]) {
		return false
	}
	letters := 0
	for _, p := range parts {
		if p == "" || strings.Trim(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-&.") != "" {
			return false
		}
		letters += len(strings.Trim(p, "0123456789-."))
	}
	return letters >= 3
}

// slipSymbol takes the symbol of an office that stands alone in the head of a
// routing slip whose sender's label could not be read.
func (v *pageValues) slipSymbol() {
	if v.out.Kind != "routing-slip" || v.out.From != nil {
		return
	}
	s := &v.pages.sheets[0]
	for j := range s.prints {
		pr := &s.prints[j]
		text := trimStray(v.s[pr.start:pr.end])
		w, rest, _ := strings.Cut(text, " ")
		if pr.role == ofStamp || 10*pr.box[1] > 3*s.height || !officeSymbol(w) || len(rest) > 8 || strings.Contains(rest, " ") {
			continue
		}
		v.out.From = v.value(pr.span, text)
		return
	}
}

// aboveSymbol takes the name over an office's symbol at the end of a memorandum
// for its writer's, where neither a label nor a closing tells it.
func (v *pageValues) aboveSymbol() {
	if v.out.From != nil || v.out.Kind != "memorandum" && v.out.Kind != "memorandum-for-the-record" && v.out.Kind != "report" {
		return
	}
	for i := len(v.pages.sheets) - 1; i >= 0; i-- {
		s := &v.pages.sheets[i]
		for j := range s.prints {
			pr := &s.prints[j]
			w, _, _ := strings.Cut(v.s[pr.start:pr.end], " ")
			if pr.role == ofStamp || 3*pr.box[1] < s.height || !officeSymbol(w) {
				continue
			}
			if name := v.nameOver(s, pr); name != nil {
				v.out.From = v.value(*name, trimStray(v.clear.part(name.start, name.end))+", "+w)
				v.out.Signatures = append(v.out.Signatures, *v.out.From)
				return
			}
		}
	}
}

// nameOver is the name right over a line, and beginning where it begins: two to four
// words with capitals, of which one may be misread.
func (v *pageValues) nameOver(s *sheet, symbol *print) *span {
	for j := range s.prints {
		pr := &s.prints[j]
		if up := symbol.box[1] - pr.box[1]; pr.role == ofStamp || up < s.line/2 || up > 2*max(s.advance, s.line) || abs(pr.box[0]-symbol.box[0]) > 4*s.pitch {
			continue
		}
		name := signedName(v.s[pr.start:pr.end])
		words := strings.Fields(name)
		capital, long := 0, 0
		for _, w := range words {
			if w[0] >= 'A' && w[0] <= 'Z' {
				capital++
			}
			if longEnough(w) && strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,'-") == "" {
				long++
			}
		}
		if len(words) < 2 || len(words) > 4 || capital < len(words)-1 || long < 2 || words[0] != strings.Trim(words[0], "abcdefghijklmnopqrstuvwxyz") && words[0][0] >= 'a' {
			continue
		}
		last := words[len(words)-1]
		return &span{pr.start, pr.start + strings.Index(v.s[pr.start:pr.end], last) + len(last)}
	}
	return nil
}

// overSender takes what stands over the sender in the column of values for the
// addressee, where its label could not be read: heads have them in this order.
func (v *pageValues) overSender() {
	if v.out.To != nil || v.out.From == nil || v.out.Kind != "memorandum" && v.out.Kind != "despatch" && v.out.Kind != "airgram" {
		return
	}
	s := &v.pages.sheets[0]
	var from *field
	for i := range v.pages.fields {
		if f := &v.pages.fields[i]; f.page == 0 && f.label == labelFrom && f.plain > 0 && from == nil {
			from = f
		}
	}
	if from == nil {
		return
	}
	column := v.leftOf(s, from.parts[0])
	var over *print
	var at span
	for j := range s.prints {
		pr := &s.prints[j]
		up := from.line.box[1] - pr.box[1]
		if pr.role != ofText || pr.hasLabel || up < s.line/2 || up > 4*max(s.advance, s.line) || over != nil && pr.box[1] < over.box[1] {
			continue
		}
		start := pr.start // behind what is left of the label
		for k := range pr.words {
			if w := &pr.words[k]; abs(w.Box[0]-column) <= 3*s.pitch && k <= 1 {
				start = v.byteAt(w.Start)
				break
			}
		}
		part := v.valueSpan(s, pr, start)
		text := trimStray(v.s[part.start:part.end])
		if abs(v.leftOf(s, part)-column) > 3*s.pitch || len(text) < 4 || len(text) > 60 || wordlike(text) < 0.7 || dateLine(text) || markingNear(text) != "" || letterhead(wording.Fold(text)) || printedCaption(text) || withoutStamp(text) != text {
			continue
		}
		over, at = pr, part
	}
	if over != nil {
		v.out.To = v.value(at, trimStray(v.clear.part(at.start, at.end)))
	}
}
