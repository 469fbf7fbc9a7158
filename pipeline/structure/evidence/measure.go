package evidence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/structure/wording"
)

// measure is what is counted and recognised in a block, once.
type measure struct {
	length               int // code points, about
	words                int // of letters
	capWords, lowerWords int // of four letters or more
	letters, lower       int
	digits               int
	sentences            int  // stops followed by a blank and a capital
	first, last          byte // class of the first and last sign: 'a' small, 'A' capital, '0' digit, '"' quote, ')' any closing bracket, else itself
	label                labelKind
	bracketed            bool
	entries, entryLength int // of a list; mean length
	people, numbered     int // entries that name people, that are numbered
	stops, cites         int
	general              int // entries "General—…", "Specific—…"
	officers             int // entries that name an office without its holder
	inside, heads        listHead

	hereFollows, docWord, fromTo, classed, dateline, undated, received, filed        bool
	salutes, closing, personal, initials, office, forSomeone, symbol                 bool
	letterhead, address, encloses, copies, typist, numbered0, postscript, bracketed0 bool
	names                                                                            bool // short pieces, each with a capital and a stop
	attachment, present, directive                                                   bool
}

// edge is how much of a long block is looked at, at either end.
const edge = 400

func measured(b *Block) measure {
	s := strings.TrimSpace(b.Text)
	if b.Print == nil && len(s) <= 2*edge {
		s = wording.Seen(s)
		if b.Entries == nil {
			s = strings.ReplaceAll(s, "\n", " ") // a line end inside a paragraph is a blank
		}
	}
	m := measure{length: len(s)}
	body := bare(s)
	if m.length <= 2*edge {
		m.length = utf8.RuneCountInString(body)
		m.count(body)
	} else {
		m.count(body[:edge])
	}
	m.ends(body)
	m.label = labelOf(s)
	if b.Entries != nil {
		m.list(b.Entries)
		m.inside = listHeadOf(b.Entries[0])
		return m
	}
	m.words2(body)
	return m
}

// bare is s without a note mark at its end.
func bare(s string) string {
	t := strings.TrimRight(s, "0123456789")
	if n := len(s) - len(t); n > 0 && n <= 3 && t != "" {
		if c := t[len(t)-1]; c >= utf8.RuneSelf || isLetter(c) || strings.IndexByte(".,;:)]\"!?'", c) >= 0 {
			return t
		}
	}
	return s
}

func (m *measure) count(s string) {
	word, size, small := false, 0, false
	closeWord := func() {
		if word && size > 3 {
			if small {
				m.lowerWords++
			} else {
				m.capWords++
			}
		}
		word = false
	}
	stop := false
	for i, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			m.letters++
			m.lower++
			if !word {
				word, size, small = true, 0, true
				m.words++
			}
			size++
			stop = false
		case r >= 'A' && r <= 'Z', r >= utf8.RuneSelf && unicode.IsLetter(r):
			if stop && i > 0 && s[i-1] == ' ' {
				m.sentences++
			}
			m.letters++
			if unicode.IsLower(r) {
				m.lower++
			}
			if !word {
				word, size, small = true, 0, unicode.IsLower(r)
				m.words++
			}
			size++
			stop = false
		case r >= '0' && r <= '9':
			m.digits++
			closeWord()
		case r == '.' || r == '?' || r == '!':
			stop = size > 3 || size == 3 && small || !word
			closeWord()
		case r == 'ʼ' || r == '\'' || r == '’':
		case r == ' ':
			closeWord()
		default:
			stop = false
			closeWord()
		}
	}
	closeWord()
}

func (m *measure) ends(s string) {
	if s == "" {
		return
	}
	r, _ := utf8.DecodeRuneInString(s)
	m.first = class(r)
	t := strings.TrimRight(s, " \t\n")
	r, _ = utf8.DecodeLastRuneInString(t)
	m.last = class(r)
	if m.last == '"' && len(t) > 4 {
		if i := strings.LastIndexAny(t[:len(t)-1], ".?!,"); i >= len(t)-5 {
			m.last = '.'
		}
	}
	m.bracketed = s[0] == '[' && strings.HasSuffix(strings.TrimRight(t, "0123456789"), "]")
	if m.bracketed {
		m.hereFollows = hasPrefixFold(s, "[here follow") || hasPrefixFold(s, "[omitted here") || strings.Contains(s, "not declassified")
	}
}

func class(r rune) byte {
	switch {
	case r >= '0' && r <= '9':
		return '0'
	case r == '“' || r == '”' || r == '"' || r == '‘' || r == '’':
		return '"'
	case r == '—' || r == '–' || r == '-':
		return '-'
	case r == ')' || r == ']':
		return ')'
	case unicode.IsUpper(r):
		return 'A'
	case unicode.IsLetter(r):
		return 'a'
	case r < utf8.RuneSelf:
		return byte(r)
	}
	return '~'
}

type labelKind uint8

const (
	labelNumber  labelKind = iota + 1 // 12.
	labelSmall                        // a. or a)
	labelCapital                      // B.
	labelRoman                        // IV.
	labelParen                        // (1) or 1)
)

// labelOf is how a paragraph is numbered.
func labelOf(s string) labelKind {
	paren := len(s) > 0 && s[0] == '('
	if paren {
		s = s[1:]
	}
	i := 0
	for i < len(s) && i < 6 && (isLetter(s[i]) || isDigit(s[i])) {
		i++
	}
	if i == 0 || i >= len(s) {
		return 0
	}
	tag, end := s[:i], s[i]
	switch {
	case end == ')' && (paren || i <= 2):
		return labelParen
	case paren || end != '.' || i+1 < len(s) && s[i+1] != ' ' && !isLetter(s[i+1]):
		return 0
	case strings.Trim(tag, "0123456789") == "":
		return labelNumber
	case strings.Trim(tag, "IVX") == "" && (i > 1 || tag == "I" || tag == "V"):
		return labelRoman
	case i == 1 && tag[0] >= 'a' && tag[0] <= 'z':
		return labelSmall
	case i == 1:
		return labelCapital
	}
	return 0
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

func (m *measure) list(entries []string) {
	m.entries = len(entries)
	sum, names := 0, 0
	for i, e := range entries {
		sum += len(e)
		if i >= 200 {
			continue
		}
		switch {
		case generalOrSpecific(strings.TrimSpace(e)):
			m.general++
		case NamesPerson(e), namesSeveral(e):
			m.people++
		case personName(e):
			names++
		}
		if namesOffice(e) {
			m.officers++
		}
		if labelOf(e) != 0 {
			m.numbered++
		}
		b := bare(strings.TrimSpace(e))
		if strings.HasSuffix(b, ".") || strings.HasSuffix(b, ";") {
			m.stops++
		}
		if citesPaper(b) {
			m.cites++
		}
	}
	m.entryLength = sum / len(entries)
	if m.people > 0 && 5*(m.people+names) >= 4*len(entries) {
		m.people += names // bare names beside people with title or initials
	}
}
