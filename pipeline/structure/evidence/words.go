package evidence

import (
	"strings"

	"nightshift/pipeline/structure/wording"
)

// listHead is what a heading over a list announces.
type listHead uint8

const (
	headNone listHead = iota
	headSubject
	headParticipants
	headReference
	headRecipient
	headOther
)

// heads are the words of memorandum forms that stand over a list or value.
var heads = map[string]listHead{
	"subject": headSubject, "subjects": headSubject, "re": headSubject, "topic": headSubject, "topics": headSubject, "subj": headSubject,
	"participants": headParticipants, "participant": headParticipants, "present": headParticipants, "also present": headParticipants,
	"those present": headParticipants, "attendance": headParticipants, "attendees": headParticipants, "in attendance": headParticipants,
	"persons present": headParticipants, "participation": headParticipants, "members present": headParticipants, "others present": headParticipants,
	"ref": headReference, "refs": headReference, "reference": headReference, "references": headReference,
	"to": headRecipient, "from": headRecipient, "through": headRecipient, "thru": headRecipient, "via": headRecipient, "for": headRecipient,
	"cc": headRecipient, "copies to": headRecipient, "info": headRecipient, "memorandum for": headRecipient, "memorandum to": headRecipient, "action": headRecipient,
	"place": headOther, "date": headOther, "time": headOther, "time and place": headOther, "date and time": headOther, "place and time": headOther,
	"date, time, and place": headOther, "time, date, and place": headOther, "date & time": headOther, "time, date and place": headOther, "date, time and place": headOther,
	"place and date": headOther, "date and place": headOther, "location": headOther,
}

func listHeadOf(s string) listHead {
	if len(s) > 40 {
		return headNone
	}
	t := strings.ToLower(strings.TrimRight(bare(strings.TrimSpace(s)), " .:;—–-"))
	return heads[t]
}

// documents are the words that a title begins with, beside "The … to the …".
var documents = []string{
	"memorandum", "telegram", "letter", "editorial note", "minutes", "airgram", "despatch", "dispatch", "circular", "message",
	"report", "paper", "statement", "note ", "note from", "briefing", "information memorandum", "action memorandum", "national ", "special national",
	"intelligence", "record of", "record ", "summary", "address", "speech", "remarks", "backchannel", "draft", "telephone conversation",
	"transcript", "aide-m", "aide m", "agreement", "joint ", "resolution", "executive order", "study", "essay", "article", "interview", "news conference",
	"estimate", "diary", "notes ", "notes of", "notes on", "extract", "excerpt", "instruction", "directive", "presidential", "decision", "position paper", "policy",
	"editorialnote", "operations plan", "progress", "current ", "talking points", "discussion paper", "study prepared", "proclamation", "press release",
	"communiqu", "treaty", "protocol", "exchange of", "terms of", "guidelines", "testimony", "personal ", "oral ", "research ", "cia ", "routing", "unofficial", "proposal", "conversation",
	"the secretary of state to", "the ambassador in", "the acting secretary of state to", "the minister", "the charg", "the under secretary", "president ", "the president",
	"the acting", "the assistant secretary", "the consul", "the embassy in", "the british", "the united states", "the deputy", "the counselor", "the director", "mr. ", "department of",
}

// classes are the words that classification lines are made of.
var classes = map[string]bool{
	"top": true, "secret": true, "confidential": true, "restricted": true, "unclassified": true, "limited": true, "official": true,
	"use": true, "only": true, "eyes": true, "priority": true, "urgent": true, "niact": true, "us": true, "nodis": true, "exdis": true,
	"limdis": true, "immediate": true, "flash": true, "plain": true, "sensitive": true, "personal": true, "distribution": true,
	"limit": true, "operational": true, "security": true, "information": true, "noforn": true, "cosmic": true, "nato": true,
	"cherokee": true, "secstate": true, "no": true, "foreign": true, "dissem": true, "informal": true, "strictly": true, "very": true,
	"and": true, "for": true, "the": true, "secretary": true, "rush": true, "not": true, "to": true, "be": true, "codeword": true, "umbra": true,
}

// strong are those of which a classification line has at least one.
var strong = []string{"secret", "confidential", "restricted", "unclassified", "urgent", "priority", "niact", "official use", "nodis", "exdis", "eyes only", "personal", "plain", "flash", "immediate"}

// Classes tells whether s is a line of classification and nothing else: "secret
// priority", "Top Secret".
func Classes(s string) bool {
	if len(s) > 60 {
		return false
	}
	low := strings.ToLower(strings.Trim(s, " []().:;—–-"))
	found := false
	for _, w := range strong {
		found = found || strings.Contains(low, w)
	}
	if !found {
		return false
	}
	for _, w := range strings.FieldsFunc(low, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if !classes[w] {
			return false
		}
	}
	return true
}

var months = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec"}

// monthIn tells whether a month's name stands in s as a word.
func monthIn(low string) bool {
	for _, m := range months {
		for at := 0; ; {
			i := strings.Index(low[at:], m)
			if i < 0 {
				break
			}
			i += at
			at = i + len(m)
			if (i == 0 || !isLetter(low[i-1])) && (at >= len(low) || !isLetter(low[at])) {
				return true
			}
		}
	}
	return false
}

// yearIn tells whether a year of this archive's time stands in s.
func yearIn(s string) bool {
	for i := 0; i+4 <= len(s); i++ {
		if (s[i] == '1' && (s[i+1] == '9' || s[i+1] == '8') || s[i:i+2] == "20") && isDigit(s[i+2]) && isDigit(s[i+3]) && (i == 0 || !isDigit(s[i-1])) {
			return true
		}
	}
	return false
}

var closings = []string{"sincerely", "yours ", "very truly", "truly yours", "respectfully", "faithfully", "cordially", "with best", "with warm", "with kind",
	"best regards", "best wishes", "warm regards", "kind regards", "affectionately", "as ever", "best,", "regards", "with respect", "with great respect",
	"your devoted friend", "with high", "with sincere", "your sincere", "i am, sir", "we remain,", "i remain,", "i have the honor to be", "i have the honour to be", "i am, my dear", "believe me", "your friend", "love", "devotedly", "with my best", "with all good"}

// offices are words of what a person holds.
var offices = []string{"secretary", "ambassador", "director", "chairman", "president", "chief", "minister", "counselor", "attach", "consul", "assistant", "officer",
	"adviser", "advisor", "representative", "administrator", "commissioner", "general", "admiral", "colonel", "deputy", "chargé", "chancellor", "governor"}

func (m *measure) words2(s string) {
	if m.length > 400 {
		return
	}
	low := strings.ToLower(s)
	m.heads = listHeadOf(s)
	if m.length < 300 {
		m.letterParts(s, low)
	}
	m.docWord = documentWord(low)
	m.directive = m.docWord && m.length < 120 && directive(low)
	m.fromTo = (strings.Contains(low, " from ") || strings.Contains(low, " by ") || strings.HasPrefix(low, "the ")) && strings.Contains(low, " to ") && m.sentences < 2 && m.length < 300
	m.classed = Classes(s)
	if m.length <= 130 {
		m.dateline = (monthIn(low) && yearIn(low) || strings.Contains(low, "undated") && m.length < 60) && m.words < 16
		m.undated = strings.Contains(low, "undated") || strings.Contains(low, "no date") || strings.Contains(low, "not dated")
		m.received = strings.Contains(low, "[received") || strings.HasPrefix(low, "received")
	}
	m.filed = fileCitation(s, low)
	m.docWord = m.docWord && !(m.filed && strings.HasPrefix(low, "department of"))
	m.salutes = Salutes(s)
	if m.length <= 90 {
		m.closing = Closes(s)
		for _, c := range offices {
			m.office = m.office || strings.Contains(low, c)
		}
		m.initials = initials(s)
		m.personal = personName(s)
		m.forSomeone = strings.HasPrefix(low, "for the ") && m.length < 60
		m.symbol = symbol(s)
	}
	m.present = strings.Contains(low, "present") || strings.Contains(low, "attend") || strings.Contains(low, "participa")
	if m.length < 60 {
		w := strings.Trim(low, "[]() 0123456789.:")
		for _, a := range []string{"enclosure", "attachment", "annex", "appendix", "tab ", "extract", "attached"} {
			m.attachment = m.attachment || strings.HasPrefix(w, a)
		}
	}
}

// Closes tells whether s begins as the closing of a letter does: "Respectfully
// yours,", "Yours sincerely,".
func Closes(s string) bool {
	if len(s) > 90 {
		return false
	}
	low := strings.ToLower(strings.TrimLeft(s, " '\"‘“.,*|-_~"))
	for _, c := range closings {
		if strings.HasPrefix(low, c) {
			return true
		}
	}
	w := letters(low, 20)
	for _, c := range []string{"respectfullyyours", "sincerelyyours", "yourssincerely", "verytrulyyours", "yoursfaithfully", "faithfullyyours", "cordiallyyours"} {
		if len(w) >= len(c)-2 && (wording.Near(w[:min(len(w), len(c))], c) || wording.Near(w[:min(len(w), len(c)-1)], c)) {
			return true
		}
	}
	return false
}

// letters are the first n letters of s.
func letters(s string, n int) string {
	b := make([]byte, 0, n)
	for i := 0; i < len(s) && len(b) < n; i++ {
		if isLetter(s[i]) {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// letterParts looks for the parts of letters and despatches beside their prose.
func (m *measure) letterParts(s, low string) {
	for _, w := range []string{"legation of", "embassy of", "united states of america", "foreign service", "american consul", "department of state", "central intelligence", "federal bureau", "united states government", "war department", "navy department"} {
		m.letterhead = m.letterhead || strings.Contains(low, w)
	}
	for _, w := range []string{"the honorable", "he honorable", "the secretary of state", "his excellency", "esquire", "esq.", "to -", "messrs", "the right honourable"} {
		m.address = m.address || strings.Contains(low, w)
	}
	for _, w := range []string{"mr. ", "mrs. ", "miss ", "the council", "the director", "to mr", "to mrs", "to the "} {
		m.address = m.address || m.length < 120 && m.sentences < 2 && strings.HasPrefix(low, w)
	}
	for _, w := range []string{"enclosure", "inclosure", "list of encl", "attachment", "copies only", "encl."} {
		m.encloses = m.encloses || strings.Contains(low, w)
	}
	for _, w := range []string{"cc:", "cc ", "copy to", "copies to", "in quintuplicate", "in quadruplicate", "in triplicate", "in duplicate", "to department in", "hectograph", "distribution", "carbon"} {
		m.copies = m.copies || strings.HasPrefix(low, w) || m.length < 70 && strings.Contains(low, w)
	}
	m.typist = m.length < 60 && typistMark(s)
	m.numbered0 = strings.HasPrefix(low, "no. ") || strings.HasPrefix(low, "no ") || strings.HasPrefix(low, "noe ") || strings.HasPrefix(low, "n°") || strings.HasPrefix(low, "file no")
	m.names = m.length < 200 && stoppedNames(s)
	m.bracketed0 = strings.HasPrefix(s, "(") && m.length < 120
	m.postscript = strings.HasPrefix(low, "p.s.") || strings.HasPrefix(low, "p. s.") || strings.HasPrefix(low, "postscript")
}

// stoppedNames tells whether s is nothing but short pieces that begin with a
// capital and end with a stop: "Alder, wife and family. Jonas Birch."
func stoppedNames(s string) bool {
	s = strings.TrimSpace(s)
	if !strings.HasSuffix(s, ".") {
		return false
	}
	for piece := range strings.SplitSeq(strings.ReplaceAll(s, "\n", " "), ". ") {
		piece = strings.TrimSpace(piece)
		if len(piece) < 2 || len(piece) > 34 || piece[0] < 'A' || piece[0] > 'Z' || strings.Count(piece, " ") > 5 {
			return false
		}
	}
	return true
}

// Initials tells whether a line is the initials of a writer and a typist.
func Initials(s string) bool { return len(s) < 30 && typistMark(s) }

// typistMark tells whether a word is the initials of a writer and a typist:
// RMM/sn, KUHNKE/efb.
func typistMark(s string) bool {
	for w := range strings.FieldsSeq(s) {
		a, b, ok := strings.Cut(w, "/")
		if !ok || len(a) < 2 || len(b) < 2 || len(b) > 4 || len(a) > 12 {
			continue
		}
		if strings.ToUpper(a) == a && strings.ToLower(b) == b && isLetter(a[0]) && isLetter(b[0]) && isLetter(b[1]) {
			return true
		}
	}
	return false
}

// Salutes tells whether s begins as the address of a letter does: "Dear Mr.
// Jones:", "Sir:", "Your Imperial Majesty:".
func Salutes(s string) bool {
	if len(s) > 90 {
		return false
	}
	low := strings.ToLower(s)
	for _, w := range []string{"dear ", "my dear ", "gentlemen", "excellency", "your excellency", "your majesty", "your imperial ", "your royal ", "sir:", "sir,", "sirs:", "sirs,", "madam:", "madam,"} {
		if strings.HasPrefix(low, w) {
			return true
		}
	}
	return false
}

// directive tells whether a title is that of an order of the President or the
// Security Council, which goes to a list of offices.
func directive(low string) bool {
	for _, w := range []string{"action memorandum no", "action memorandum n", "decision memorandum", "study memorandum", "review memorandum", "presidential directive", "decision directive", "study directive"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// namesOffice tells whether an entry names an office and not who holds it.
func namesOffice(e string) bool {
	e = strings.TrimSpace(e)
	return strings.HasPrefix(e, "The ") && len(e) < 80 && !strings.HasSuffix(e, ".")
}

// documentWord tells whether a title's word begins s, after a number.
func documentWord(low string) bool {
	i := 0
	for i < len(low) && i < 5 && isDigit(low[i]) {
		i++
	}
	if i > 0 && i < len(low) && low[i] == '.' {
		low = strings.TrimLeft(low[i+1:], " ")
	}
	low = strings.TrimLeft(low, "[( ")
	for _, d := range documents {
		if strings.HasPrefix(low, d) {
			return true
		}
	}
	return false
}

// fileCitation tells whether a line is a caption: a decimal file number, a lot,
// or the name of files.
func fileCitation(s, low string) bool {
	if len(s) > 140 {
		return false
	}
	if strings.Contains(low, "files") || strings.Contains(low, " file") || strings.Contains(low, " papers") || strings.Contains(low, "lot ") {
		return strings.IndexByte(low, '.') < 0 || !strings.HasSuffix(low, ".")
	}
	if strings.Contains(low, ": telegram") || strings.Contains(low, ": airgram") || strings.Contains(low, ": despatch") || strings.Contains(low, ": circular") {
		return true
	}
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i >= 3 && i < len(s) && (s[i] == '.' && i+1 < len(s) && s[i+1] != ' ' || s[i] >= 'A' && s[i] <= 'Z') && strings.ContainsAny(s, "/")
}

// titlesOf are what a person is called by in lists of participants.
var titlesOf = []string{"Mr.", "Mrs.", "Miss", "Ms.", "Dr.", "Amb.", "Ambassador", "Secretary", "Under Secretary", "Minister", "President", "General", "Gen.", "Admiral", "Adm.", "Colonel", "Col.",
	"Senator", "Governor", "The Secretary", "The President", "The Vice President", "Sir ", "Lord ", "Messrs.", "Prime Minister", "Foreign Minister", "Chairman", "Captain", "Major", "Lt.", "Professor", "Chancellor", "M.", "Assistant Secretary",
	"Deputy", "Acting Secretary", "Vice President", "Counselor", "Congressman", "Representative", "Director", "Brig", "Vice Admiral", "Rear Admiral", "King ", "Prince ", "His Excellency", "H.E.", "The Ambassador", "The Under Secretary", "The Attorney General", "Marshal", "Commander", "Judge"}

// NamesPerson tells whether an entry of a list begins as people's do: with a
// title, or a name and what its bearer is.
func NamesPerson(e string) bool {
	e = strings.TrimSpace(e)
	if len(e) > 160 {
		return false
	}
	for _, t := range titlesOf {
		if strings.HasPrefix(e, t) {
			return true
		}
	}
	i := strings.IndexAny(e, ",—(")
	name := e
	if i > 0 {
		name = e[:i]
	}
	return personName(strings.TrimSpace(name)) && (i > 0 || initials(name))
}

// generalOrSpecific tells whether an entry is one of the two that a despatch's subject
// has: "General—Operational", "Specific: …".
func generalOrSpecific(e string) bool {
	for _, w := range []string{"General", "Specific"} {
		if rest, ok := strings.CutPrefix(e, w); ok && strings.IndexAny(strings.TrimLeft(rest, " "), "—–-:") == 0 {
			return true
		}
	}
	return false
}

// namesSeveral tells whether an entry is the names of several people and nothing
// else: "Penn, Quill, Larch, and Fenn".
func namesSeveral(e string) bool {
	if strings.Count(e, ",") < 3 || strings.ContainsAny(e, "0123456789:;/") {
		return false
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(e), "."), ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "and ")
		if len(part) > 40 || strings.Count(part, " ") > 2 {
			return false
		}
		for w := range strings.FieldsSeq(part) {
			if c := w[0]; c >= 'a' && c <= 'z' && w != "and" && w != "de" && w != "von" && w != "la" {
				return false
			}
		}
	}
	return true
}

// PersonName tells whether s is a name and nothing else: two to four capitalised
// words or initials.
func PersonName(s string) bool { return personName(s) }

// personName tells whether s is two to four capitalised words or initials.
func personName(s string) bool {
	s = strings.TrimRight(bare(strings.TrimSpace(s)), ",")
	n, long := 0, 0
	for w := range strings.FieldsSeq(s) {
		n++
		if n > 5 {
			return false
		}
		if w == "de" || w == "von" || w == "van" || w == "del" || w == "la" || w == "der" {
			continue
		}
		c := w[0]
		if (c < 'A' || c > 'Z') && c < 0x80 {
			return false
		}
		for i := 1; i < len(w); i++ {
			if isDigit(w[i]) || strings.IndexByte(":;()/[]\"", w[i]) >= 0 {
				return false
			}
		}
		if len(w) > 2 && w[len(w)-1] != '.' {
			long++
		}
	}
	return n >= 2 && n <= 5 && long >= 1 && len(s) < 50
}

// initials tells whether s holds an initial followed by a name, or is initials.
func initials(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' && s[i+1] == '.' && (i == 0 || s[i-1] == ' ' || s[i-1] == '.') {
			return true
		}
	}
	return false
}

// symbol tells whether s is the symbol of a paper: US/MC/4, JCSM-335-61, No. 58.
func symbol(s string) bool {
	if len(s) > 40 || strings.HasSuffix(s, ".") && !strings.HasPrefix(s, "No.") {
		return false
	}
	if strings.HasPrefix(s, "No. ") || strings.HasPrefix(s, "No ") {
		return true
	}
	if strings.Count(s, " ") > 1 {
		return false
	}
	slash, digit, upper := false, false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		slash = slash || c == '/' || c == '-' || c >= 0x80
		digit = digit || isDigit(c)
		upper = upper || c >= 'A' && c <= 'Z'
	}
	return upper && digit && slash
}

// citesPaper tells whether an entry cites a telegram, despatch or paper.
func citesPaper(e string) bool {
	if len(e) > 260 {
		return false
	}
	low := strings.ToLower(e)
	digit := strings.ContainsAny(e, "0123456789")
	for _, w := range []string{"embtel", "deptel", "telegram", "despatch", "nsc ", "memo", "a-", "airgram", "state ", "tel ", "circular", "ourtel", "urtel"} {
		if digit && strings.Contains(low, w) {
			return true
		}
	}
	return digit && strings.Count(e, " ") <= 2
}

// BeginsTitle tells whether s begins as a title does: a number and the word for
// a kind of document.
func BeginsTitle(s string) bool {
	return labelOf(s) == labelNumber && documentWord(strings.ToLower(s))
}
