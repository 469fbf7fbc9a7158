// Package evidence says what a block of a document is: title, dateline,
// paragraph … It owns the signs that speak for and against each kind of
// section, the table of their weights, and the decoder that finds the best
// reading of all blocks together. It knows no offsets and no values.
//
// A new kind of section is a few rows in weights.tsv; a new sign is a line in
// the list below.
package evidence

import "strings"

// Block is a paragraph, heading or list, as the decoder sees it.
type Block struct {
	Text string // as read, note marks and page marks included
	// Entries of a list, without their bullets; nil when it is no list.
	Entries []string
	// Print is how the block stands on a page; nil in texts that have no pages.
	Print *Print
	// Known is the kind when something else than this package has found it
	// ("notes", "page-mark"); the decoder keeps it.
	Known string
}

// Print is how a block of lines stands on its page.
type Print struct {
	Lines   int
	Right   bool   // begins right of the middle of the text column
	Centred bool   // as far from the left margin as from the right
	Set     bool   // its first line is set in
	Wide    bool   // its lines reach across the column
	Top     bool   // in the upper two fifths of the document's first page
	Foot    bool   // in the lowest eighth of its page
	First   bool   // on the document's first page
	Field   string // of a memorandum head: what it announces
	Unsure  bool   // read with low confidence
}

// view is what the signs look at: a block, measured once, and its neighbours.
type view struct {
	*measure
	block      *Block
	at, of     int // place among the blocks that are not marks
	left       int // blocks after it before the notes
	prev, next *measure
	head       listHead // of the heading before it
	prose      bool     // a long paragraph stands before it
	title      bool     // a line that begins as titles do stands before it
	titled     bool     // the same, or the document begins with a number
	directive  bool     // a directive's title stands before it
	lists      int      // lists before it
	tail       int      // blocks since a closing
}

// signs in the order of their numbers. Each is cheap: the block was measured.
var signs = []struct {
	name string
	seen func(v *view) bool
}{
	// shape
	{"tiny", func(v *view) bool { return v.length <= 24 }},
	{"short", func(v *view) bool { return v.length > 24 && v.length <= 70 }},
	{"middling", func(v *view) bool { return v.length > 70 && v.length <= 160 }},
	{"long", func(v *view) bool { return v.length > 160 }},
	{"ends with stop", func(v *view) bool { return v.last == '.' }},
	{"ends with colon", func(v *view) bool { return v.last == ':' }},
	{"ends with comma", func(v *view) bool { return v.last == ',' }},
	{"ends with other stop", func(v *view) bool { return v.last == ';' || v.last == '!' || v.last == '?' || v.last == '"' }},
	{"ends open", func(v *view) bool { return v.last == 'a' || v.last == '0' || v.last == ')' }},
	{"all capitals", func(v *view) bool { return v.letters > 2 && v.lower == 0 }},
	{"capital words", func(v *view) bool { return v.words > 1 && v.lowerWords == 0 && v.lower > 0 }},
	{"small words", func(v *view) bool { return v.lowerWords > 0 && v.capWords > v.lowerWords }},
	{"mostly small words", func(v *view) bool { return v.lowerWords > 0 && v.capWords <= v.lowerWords }},
	{"begins small", func(v *view) bool { return v.first == 'a' }},
	{"one word", func(v *view) bool { return v.words == 1 }},
	{"has digits", func(v *view) bool { return v.digits > 0 && v.length <= 160 }},
	{"sentences", func(v *view) bool { return v.sentences > 0 }},
	{"in brackets", func(v *view) bool { return v.bracketed }},
	{"here follows", func(v *view) bool { return v.bracketed && v.hereFollows }},
	{"quoted", func(v *view) bool { return v.first == '"' }},
	{"dash first", func(v *view) bool { return v.first == '-' }},
	// numbering
	{"number first", func(v *view) bool { return v.label == labelNumber }},
	{"small letter first", func(v *view) bool { return v.label == labelSmall }},
	{"capital letter first", func(v *view) bool { return v.label == labelCapital }},
	{"roman number first", func(v *view) bool { return v.label == labelRoman }},
	{"bracketed number first", func(v *view) bool { return v.label == labelParen }},
	{"numbered and short", func(v *view) bool { return v.label != 0 && v.length <= 90 && v.last != '.' && v.last != ';' }},
	{"numbered as the block before", func(v *view) bool { return v.label != 0 && v.prev != nil && v.prev.label == v.label }},
	{"numbered as the block after", func(v *view) bool { return v.label != 0 && v.next != nil && v.next.label == v.label }},
	// lists
	{"list", func(v *view) bool { return v.entries > 0 }},
	{"list of one", func(v *view) bool { return v.entries == 1 }},
	{"list of two to four", func(v *view) bool { return v.entries > 1 && v.entries < 5 }},
	{"long list", func(v *view) bool { return v.entries >= 5 }},
	{"short entries", func(v *view) bool { return v.entries > 0 && v.entryLength <= 80 }},
	{"long entries", func(v *view) bool { return v.entries > 0 && v.entryLength > 140 }},
	{"entries name people", func(v *view) bool { return v.entries > 0 && v.people*2 >= v.entries }},
	{"an entry names a person", func(v *view) bool { return v.people > 0 && v.people*2 < v.entries }},
	{"entries numbered", func(v *view) bool { return v.entries > 0 && v.numbered*2 > v.entries }},
	{"entries are sentences", func(v *view) bool { return v.entries > 0 && v.stops*2 >= v.entries && v.entryLength > 60 }},
	{"entries cite papers", func(v *view) bool { return v.entries > 0 && v.cites*2 >= v.entries }},
	{"list with subject head inside", func(v *view) bool { return v.entries > 0 && v.inside == headSubject }},
	{"list with participants head inside", func(v *view) bool { return v.entries > 0 && v.inside == headParticipants }},
	{"list with reference head inside", func(v *view) bool { return v.entries > 0 && v.inside == headReference }},
	{"list with recipient head inside", func(v *view) bool { return v.entries > 0 && v.inside == headRecipient }},
	{"entries are general and specific", func(v *view) bool { return v.entries > 0 && v.general > 0 }},
	{"entries are offices", func(v *view) bool { return v.entries > 0 && v.officers*2 > v.entries }},
	{"first list under a directive's title", func(v *view) bool { return v.entries > 0 && v.directive && v.lists == 0 }},
	{"later list under a directive's title", func(v *view) bool { return v.entries > 0 && v.directive && v.lists > 0 }},
	{"one entry under a list of offices", func(v *view) bool { return v.entries == 1 && v.prev != nil && v.prev.officers > 0 }},
	{"first of all lists", func(v *view) bool { return v.entries > 0 && v.lists == 0 && !v.prose }},
	{"under subject head", func(v *view) bool { return v.head == headSubject }},
	{"under participants head", func(v *view) bool { return v.head == headParticipants }},
	{"under reference head", func(v *view) bool { return v.head == headReference }},
	{"under recipient head", func(v *view) bool { return v.head == headRecipient }},
	{"list under a colon", func(v *view) bool { return v.entries > 0 && v.prev != nil && v.prev.last == ':' }},
	{"list after names of the present", func(v *view) bool { return v.entries > 0 && v.prev != nil && v.prev.present }},
	// place
	{"first", func(v *view) bool { return v.at == 0 }},
	{"second", func(v *view) bool { return v.at == 1 }},
	{"third or fourth", func(v *view) bool { return v.at == 2 || v.at == 3 }},
	{"before all prose", func(v *view) bool { return !v.prose }},
	{"last", func(v *view) bool { return v.left == 0 }},
	{"next to last", func(v *view) bool { return v.left == 1 }},
	{"after a closing", func(v *view) bool { return v.prev != nil && v.prev.closing }},
	{"soon after a closing", func(v *view) bool { return v.tail > 1 && v.tail <= 3 }},
	{"after a colon", func(v *view) bool { return v.prev != nil && v.prev.last == ':' && v.entries == 0 }},
	{"short after short", func(v *view) bool { return v.length <= 90 && v.prev != nil && v.prev.length <= 90 }},
	{"short before long", func(v *view) bool { return v.length <= 90 && v.next != nil && v.next.length > 160 }},
	{"short before short", func(v *view) bool { return v.length <= 90 && v.next != nil && v.next.length <= 90 }},
	{"no title before", func(v *view) bool { return !v.title }},
	// words
	{"kind of document", func(v *view) bool { return v.docWord }},
	{"number and kind of document", func(v *view) bool { return v.docWord && v.label == labelNumber }},
	{"numbered at the beginning", func(v *view) bool { return v.opensWithNumber() && v.length <= 300 }},
	{"kind of document and no title yet", func(v *view) bool { return v.docWord && !v.title && !v.prose && v.at < 3 }},
	{"another title", func(v *view) bool { return v.titled && v.length <= 300 && (v.docWord || v.fromTo) }},
	{"from and to", func(v *view) bool { return v.fromTo }},
	{"classification", func(v *view) bool { return v.classed }},
	{"dateline", func(v *view) bool { return v.dateline }},
	{"undated", func(v *view) bool { return v.undated }},
	{"received", func(v *view) bool { return v.received }},
	{"file citation", func(v *view) bool { return v.filed }},
	{"subject head", func(v *view) bool { return v.heads == headSubject }},
	{"participants head", func(v *view) bool { return v.heads == headParticipants }},
	{"reference head", func(v *view) bool { return v.heads == headReference }},
	{"recipient head", func(v *view) bool { return v.heads == headRecipient }},
	{"salutation", func(v *view) bool { return v.salutes && v.length <= 60 }},
	{"closing", func(v *view) bool { return v.closing }},
	{"a person's name", func(v *view) bool { return v.personal }},
	{"initials and name", func(v *view) bool { return v.initials && v.length <= 60 }},
	{"one capital word", func(v *view) bool { return v.words == 1 && v.first == 'A' && v.lower > 0 && v.digits <= 2 }},
	{"office held", func(v *view) bool { return v.office && v.length <= 80 }},
	{"for someone", func(v *view) bool { return v.forSomeone }},
	{"name and office", func(v *view) bool { return v.initials && v.office && v.lowerWords == 0 && v.length <= 80 }},
	{"name before an attachment", func(v *view) bool { return v.personal && v.next != nil && v.next.attachment }},
	{"attachment in brackets", func(v *view) bool { return v.attachment && v.bracketed }},
	{"after an attachment's head", func(v *view) bool { return v.prev != nil && v.prev.attachment && v.length <= 160 }},
	{"document symbol", func(v *view) bool { return v.symbol }},
	{"attachment", func(v *view) bool { return v.attachment }},
	// how it stands on a page
	{"on a page", func(v *view) bool { return v.block.Print != nil }},
	{"one line of print", printed(func(p *Print) bool { return p.Lines == 1 })},
	{"two to four lines of print", printed(func(p *Print) bool { return p.Lines > 1 && p.Lines < 5 })},
	{"five lines of print or more", printed(func(p *Print) bool { return p.Lines >= 5 })},
	{"on the right", printed(func(p *Print) bool { return p.Right })},
	{"centred", printed(func(p *Print) bool { return p.Centred && p.Lines < 4 })},
	{"set in", printed(func(p *Print) bool { return p.Set })},
	{"wide", printed(func(p *Print) bool { return p.Wide })},
	{"at the top", printed(func(p *Print) bool { return p.Top })},
	{"below the top", printed(func(p *Print) bool { return p.First && !p.Top })},
	{"on a later page", printed(func(p *Print) bool { return !p.First })},
	{"at the foot", printed(func(p *Print) bool { return p.Foot })},
	{"read with doubt", printed(func(p *Print) bool { return p.Unsure })},
	{"field of a recipient", field("recipients")},
	{"field of a subject", field("subjects")},
	{"field of a date", field("dateline")},
	{"field of references", field("references")},
	{"field of a classification", field("classification")},
	{"field of enclosures", field("enclosure")},
	{"field of participants", field("participants")},
	{"field of another kind", field("other")},
	{"letterhead", func(v *view) bool { return v.block.Print != nil && v.letterhead }},
	{"address", func(v *view) bool { return v.block.Print != nil && v.address }},
	{"enclosures named", func(v *view) bool { return v.block.Print != nil && v.encloses }},
	{"copies named", func(v *view) bool { return v.block.Print != nil && v.copies }},
	{"typist's initials", func(v *view) bool { return v.block.Print != nil && v.typist }},
	{"number of a paper", func(v *view) bool { return v.block.Print != nil && v.numbered0 }},
	{"after a salutation", func(v *view) bool { return v.block.Print != nil && v.prev != nil && v.prev.salutes }},
	{"before a salutation", func(v *view) bool { return v.block.Print != nil && v.next != nil && v.next.salutes }},
	{"some way after a closing", func(v *view) bool {
		return v.block.Print != nil && v.tail > 3 && v.tail < 30 && v.length < 50 && v.sentences == 0
	}},
	{"names after a closing", func(v *view) bool { return v.block.Print != nil && v.tail > 0 && v.tail < 40 && v.names }},
	{"before a dateline or brackets", func(v *view) bool {
		return v.block.Print != nil && v.next != nil && (v.next.dateline || v.next.bracketed0)
	}},
	{"before an address", func(v *view) bool { return v.block.Print != nil && v.next != nil && v.next.address }},
	{"after an address", func(v *view) bool { return v.block.Print != nil && v.prev != nil && v.prev.address }},
	{"soon after enclosures", func(v *view) bool { return v.block.Print != nil && v.prev != nil && v.prev.encloses }},
	{"postscript", func(v *view) bool { return v.block.Print != nil && v.postscript }},
	{"no prose yet", func(v *view) bool { return v.block.Print != nil && !v.prose }},
}

// printed is a sign of how a block stands on its page.
func printed(seen func(p *Print) bool) func(v *view) bool {
	return func(v *view) bool { return v.block.Print != nil && seen(v.block.Print) }
}

// field is the sign of a memorandum head's field.
func field(kind string) func(v *view) bool {
	return printed(func(p *Print) bool { return p.Field == kind })
}

// Sign names, in the order of the bits that Observe sets.
func Signs() []string {
	out := make([]string, len(signs))
	for i, s := range signs {
		out[i] = s.name
	}
	return out
}

// Observation is the signs seen in one block, ascending.
type Observation []uint8

// Observe looks at all blocks of a document. Blocks of Known kind have no
// observation; they are seen only as the document's shape.
func Observe(blocks []Block) []Observation {
	ms := make([]measure, len(blocks))
	var open []int // blocks to be told apart
	for i := range blocks {
		if blocks[i].Known == "" {
			ms[i] = measured(&blocks[i])
			open = append(open, i)
		}
	}
	out := make([]Observation, len(blocks))
	v := view{of: len(open)}
	arena := make([]uint8, 0, 12*len(open))
	for n, i := range open {
		v.measure, v.block, v.at, v.left = &ms[i], &blocks[i], n, len(open)-1-n
		v.prev, v.next = nil, nil
		if n > 0 {
			v.prev = &ms[open[n-1]]
		}
		if n+1 < len(open) {
			v.next = &ms[open[n+1]]
		}
		v.follow()
		from := len(arena)
		for k := range signs {
			if signs[k].seen(&v) {
				arena = append(arena, uint8(k))
			}
		}
		out[i] = arena[from:len(arena):len(arena)]
		v.pass()
	}
	return out
}

// follow brings what carries over from the blocks before.
func (v *view) follow() {
	v.head = headNone
	if v.prev != nil {
		v.head = v.prev.heads
		if v.prev.closing {
			v.tail = 1
		} else if v.tail > 0 {
			v.tail++
		}
	}
}

// opensWithNumber tells whether the document begins with its number in a volume,
// which a file's decimal number is not.
func (v *view) opensWithNumber() bool { return v.at == 0 && v.label == labelNumber && !v.filed }

// pass notes what the block means for those after it.
func (v *view) pass() {
	if v.length > 200 && v.entries == 0 {
		v.prose = true
	}
	v.titled = v.titled || v.opensWithNumber() || v.docWord && v.at < 3
	if v.docWord && v.at < 3 {
		v.title = true
		v.directive = v.directive || v.measure.directive
	}
	if v.entries > 0 {
		v.lists++
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
