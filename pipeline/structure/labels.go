package structure

import (
	"slices"
	"strings"

	"nightshift/pipeline/structure/wording"
)

// label is what a form or memorandum head announces before a value.
type label uint8

const (
	noLabel label = iota
	labelTo
	labelFrom
	labelThrough
	labelSubject
	labelDate
	labelReference
	labelCopies
	labelClass
	labelPlace
	labelNumber
	labelFile
	labelParticipants
	labelEnclosures
	labelAttention
	labelSigner // of a form
	labelName   // of the person whom a form is about
	labelAction // who is to act: to whom an outgoing telegram goes
	labelOther  // another field of a form: ends the value before it
)

// labelWords are the words of heads, folded. The longest that fits counts.
var labelWords = map[string]label{
	"to": labelTo, "memorandum for": labelTo, "memo for": labelTo, "memorandum to": labelTo, "for": labelTo, "action to": labelTo, "sent to": labelTo,
	"from": labelFrom, "fm": labelFrom, "frm": labelFrom, "originator of memo": labelFrom,
	"through": labelThrough, "thru": labelThrough, "via": labelThrough,
	"subject": labelSubject, "subjects": labelSubject, "subj": labelSubject, "re": labelSubject, "title": labelSubject, "file title/number/volume": labelSubject,
	"date": labelDate, "dated": labelDate, "date prepared": labelDate, "date typed": labelDate,
	"ref": labelReference, "refs": labelReference, "reference": labelReference, "references": labelReference,
	"cc": labelCopies, "copies to": labelCopies, "copy to": labelCopies, "info": labelCopies, "information": labelCopies,
	"classification": labelClass, "place": labelPlace,
	"no": labelNumber, "noe": labelNumber, "number": labelNumber, "despatch no": labelNumber, "dispatch no": labelNumber, "record number": labelNumber, "dispatch symbol and number": labelNumber,
	"agency file number": labelFile, "agency filenumber": labelFile, "file no": labelFile, "file number": labelFile, "file": labelFile, "headquarters file number": labelFile, "hqs file no": labelFile,
	"signature of requesting official": labelSigner, "signature of requesting officer": labelSigner, "signature of requester": labelSigner, "requested by": labelSigner, "name": labelName, "submitted by": labelSigner,
	"participants": labelParticipants, "participant": labelParticipants, "present": labelParticipants, "those present": labelParticipants, "also present": labelParticipants,
	"persons present": labelParticipants, "in attendance": labelParticipants, "attendees": labelParticipants,
	"enclosure": labelEnclosures, "enclosures": labelEnclosures, "list of enclosures": labelEnclosures, "attachment": labelEnclosures, "attachments": labelEnclosures, "encl": labelEnclosures, "inclosure": labelEnclosures,
	"agency": labelOther, "record series": labelOther, "originator": labelOther, "pages": labelOther, "document type": labelOther, "restrictions": labelOther,
	"current status": labelOther, "date of last review": labelOther, "date of lastreview": labelOther, "opening criteria": labelOther, "comments": labelOther,
	"remarks": labelOther, "room no": labelOther, "building": labelOther, "extension": labelOther, "attention": labelAttention, "attn": labelAttention, "orig": labelOther, "originating officer": labelOther,
	"unit": labelOther, "ext": labelOther, "conf": labelOther, "action": labelAction, "action required": labelOther, "action required - references": labelOther, "inclusive dates": labelOther,
	"custodial unit/location": labelOther, "room": labelOther, "deletions, if any": labelOther, "page": labelOther, "source": labelOther, "routing": labelOther, "time": labelOther,
	// captions of forms that begin as a label does
	"to: action branch": labelOther, "to: all addressees": labelOther, "for rm use only": labelOther, "for use of": labelOther, "for foia review on": labelOther, "to be filed": labelOther, "refer to": labelOther,
	// reports of investigations
	"title of case": labelSubject, "title or caption": labelSubject, "report made by": labelFrom, "reporting agent": labelFrom, "investigation made by": labelFrom, "character of case": labelOther, "reporting office": labelOther,
	"office of origin": labelOther, "investigative period": labelOther, "period covered": labelOther, "typed by": labelOther, "date covered": labelOther, "type of case": labelOther, "status": labelOther, "synopsis": labelOther,
	// reports of intelligence
	"country": labelOther, "report no": labelNumber, "date distr": labelDate, "date of distr": labelDate, "date of report": labelDate, "no pages": labelOther, "no. of pages": labelOther, "no. of encls": labelOther, "date of info": labelOther, "date of information": labelOther, "place acquired": labelOther,
	"date acquired": labelOther, "supplement to report no": labelOther, "report class": labelOther,
	// forms of persons
	"date of birth": labelOther, "place of birth": labelOther, "citizenship": labelOther, "nationality": labelOther, "occupation": labelOther, "serial number": labelOther, "residence": labelOther,
	"desp no": labelNumber, "desp. no": labelNumber, "cross reference to": labelOther, "processing action": labelOther, "officer's initials": labelOther, "in reply, please refer to": labelOther,
	"agency information": labelOther, "document information": labelOther, "control": labelOther, "rec'd": labelOther, "received": labelOther,
}

// longestLabel bounds the words of a label in bytes.
const longestLabel = 33

// labelled is a label at the beginning of a line: what it is, where its value
// begins, and how plainly it stands there (2: with a colon).
type labelled struct {
	label label
	value int // offset in the line
	plain int
}

// labelOf reads the label that a line begins with. Stray signs may stand before
// it; its letters may be misread; between it and the value stands a colon, a sign
// that a colon was read as, or nothing.
func labelOf(s string) (labelled, bool) {
	at := 0
	for at < len(s) && at < 8 && !isLetterByte(s[at]) {
		if s[at] >= '0' && s[at] <= '9' && !numbered(s[at:]) {
			return labelled{}, false
		}
		at++
	}
	if l, ok := misreadLabel(s, at); ok {
		return l, true
	}
	for end := min(len(s), at+longestLabel); end > at; end-- {
		if end < len(s) && (isLetterByte(s[end]) || !isLetterByte(s[end-1])) || end == at+1 {
			continue
		}
		words := strings.Join(strings.Fields(wording.Fold(s[at:end])), " ")
		l, ok := labelWords[words]
		if !ok && len(words) >= 6 {
			l, ok = nearLabel(words)
		}
		if !ok {
			continue
		}
		return separated(s, at, end, l)
	}
	return labelled{}, false
}

// headLabels are the short labels of heads, of which a letter may be misread where
// the colon was not: "T0:", "FROK:", "DATF:".
var headLabels = []struct {
	word  string
	label label
}{{"to", labelTo}, {"from", labelFrom}, {"date", labelDate}, {"thru", labelThrough}, {"subj", labelSubject}, {"info", labelCopies}, {"refs", labelReference}, {"title", labelSubject}}

// misreadLabel reads a short label in capitals with one letter misread, and its
// colon: of a label of two letters, only as a digit.
func misreadLabel(s string, at int) (labelled, bool) {
	end := at
	for end < len(s) && end < at+6 && s[end] != ' ' && s[end] != ':' {
		end++
	}
	colon := end
	for colon < len(s) && colon < end+16 && s[colon] == ' ' {
		colon++
	}
	w := s[at:end]
	if len(w) < 2 || colon >= len(s) || s[colon] != ':' || w != strings.ToUpper(w) || labelWords[strings.ToLower(w)] != noLabel {
		return labelled{}, false
	}
	key := asLetters(w)
	for _, h := range headLabels {
		if key == h.word || len(h.word) > 3 && key == h.word[1:] || len(h.word) > 2 && len(key) == len(h.word) && differ(key, h.word) == 1 {
			out := labelled{label: h.label, value: colon + 1, plain: 2}
			for out.value < len(s) && strings.IndexByte(" :|.-_~", s[out.value]) >= 0 {
				out.value++
			}
			return out, true
		}
	}
	return labelled{}, false
}

// misreadBare tells whether a text is a short label of heads with a letter misread.
func misreadBare(s string) bool {
	_, ok := misreadLabel(s+":", 0)
	return ok
}

// asLetters is a word in small letters, with the digits that engines take for
// letters as these.
func asLetters(w string) string {
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune("0158", r); i >= 0 {
			return rune("oisb"[i])
		}
		return r
	}, strings.ToLower(w))
}

// differ counts the places in which two words of one length differ.
func differ(a, b string) int {
	n := 0
	for i := 0; i < min(len(a), len(b)); i++ {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// separated reads what stands between a label and its value.
func separated(s string, at, end int, l label) (labelled, bool) {
	upper := s[at:end] == strings.ToUpper(s[at:end])
	i := end
	for i < len(s) && s[i] == ' ' {
		i++
	}
	out := labelled{label: l, value: len(s)}
	if i >= len(s) {
		if !upper && len(s[at:end]) < 5 {
			return labelled{}, false
		}
		out.plain = 1
		return out, true
	}
	rest := s[i:]
	if l == labelNumber && end-at <= 3 {
		v := strings.TrimLeft(rest, ". :°")
		if v == "" && upper && end-at == 2 {
			return labelled{label: l, value: len(s), plain: 1}, true // over or under its box
		}
		if v == "" || v[0] < '0' || v[0] > '9' {
			return labelled{}, false
		}
		out.value, out.plain = len(s)-len(v), 1
		return out, true
	}
	if v := strings.TrimLeft(rest, ". "); l == labelFile && i > end-1 && v != "" && v[0] >= '0' && v[0] <= '9' {
		out.value, out.plain = len(s)-len(v), 1
		return out, true
	}
	colon := strings.IndexByte(rest[:min(len(rest), 4)], ':')
	switch {
	case colon >= 0 && strings.Trim(rest[:colon], " .-_?*'\"") == "":
		out.value, out.plain = i+colon+1, 2
	case strings.ContainsRune(";=+«»-—–“‘'\"._*>", first(rest)):
		if v := strings.TrimLeft(rest, ";=+«»* "); !upper && (v == rest || !capitalWord(v)) {
			return labelled{}, false
		}
		out.value, out.plain = i+len(string(first(rest))), 1
	case upper && (rest[0] == '3' || rest[0] == 's' || rest[0] == 't' || rest[0] == '$') && len(rest) > 1 && rest[1] == ' ':
		out.value, out.plain = i+1, 1 // a colon read as a letter
	case upper && i > end && end-at > 3:
		out.value, out.plain = i, 0
	case upper && i > end && (l == labelTo || l == labelReference || l == labelFrom):
		out.value, out.plain = i, 0
	default:
		return labelled{}, false
	}
	for out.value < len(s) && strings.IndexByte(" :|.-_~“", s[out.value]) >= 0 {
		out.value++
	}
	return out, true
}

func first(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// capitalWord tells whether s begins with a word of capitals, or a number.
func capitalWord(s string) bool {
	w, _, _ := strings.Cut(s, " ")
	return len(w) > 1 && w == strings.ToUpper(w) && w[0] < 0x80 && (isLetterByte(w[0]) || w[0] >= '0' && w[0] <= '9')
}

// nearLabel is the label that words are near to.
func nearLabel(words string) (label, bool) {
	k, ok := longLabels.Near(words, func(k string) bool { return sameShort(words, k) })
	return labelWords[k], ok
}

// sameShort tells whether the words of up to three letters of two labels of as
// many words are the same: "of" is no misreading of "for".
func sameShort(a, b string) bool {
	as, bs := strings.Fields(a), strings.Fields(b)
	if len(as) != len(bs) {
		return true // a blank was lost, or read where none is
	}
	for i := range as {
		if len(as[i]) <= 3 && len(bs[i]) <= 3 && as[i] != bs[i] {
			return false
		}
	}
	return true
}

// bareLabel tells whether a line is a label and nothing else.
func bareLabel(s string) bool {
	l, ok := labelOf(s)
	return ok && l.plain > 0 && strings.TrimSpace(s[l.value:]) == ""
}

// longLabels are those that may be misread, in a fixed order.
var longLabels = func() wording.Phrases {
	var out []string
	for k := range labelWords {
		if len(k) >= 6 {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return wording.NewPhrases(out)
}()

// numbered tells whether s begins with a field's number: "18. REMARKS".
func numbered(s string) bool {
	i := 0
	for i < len(s) && i < 3 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i > 0 && i < len(s) && s[i] == '.'
}

func isLetterByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
