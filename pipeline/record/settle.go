package record

import (
	"fmt"
	"slices"
	"unicode"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

// ruleReview is the rule of corrections that a person accepted in an earlier
// reading and that no rule proposes now.
const ruleReview = "review"

// settlement says what became of the reviews of an item's corrections.
type settlement struct {
	decided map[int]int        // correction of the structure to the review that decides it
	added   []clean.Correction // accepted once, and not found again by the rules
	by      []int              // for each of added, its review
	fates   []fate             // for each review
}

// fate is what became of one review, and where in the text as read it holds;
// at is -1 where nothing is.
type fate struct {
	outcome, detail string
	at              int
}

// settle finds for every reviewed correction what it is about now. The last
// review about the same place holds.
func settle(text []rune, s structure.Structure, reviews []Review) settlement {
	out := settlement{decided: map[int]int{}, fates: make([]fate, len(reviews))}
	if !slices.ContainsFunc(reviews, func(r Review) bool { return r.Correction != nil }) {
		return out
	}
	places := printed(text)
	holder := map[[2]int]int{} // place to the review that holds there
	for i, r := range reviews {
		if r.Correction == nil {
			continue
		}
		n, place, f := locate(places, s.Corrections, *r.Correction)
		out.fates[i] = f
		if f.outcome == SecondLook {
			continue
		}
		if before, ok := holder[place]; ok {
			out.fates[before].outcome, out.fates[before].detail = outcomeSuperseded, "decided otherwise by review "+r.ID
			out.drop(before)
		}
		holder[place] = i
		switch {
		case n >= 0:
			out.decided[n] = i
		case r.Correction.Accept && f.detail == "":
			out.add(i, r, place)
		}
	}
	return out
}

// drop forgets the correction that review i had added.
func (s *settlement) drop(i int) {
	if j := slices.Index(s.by, i); j >= 0 {
		s.added, s.by = slices.Delete(s.added, j, j+1), slices.Delete(s.by, j, j+1)
	}
}

// add makes the accepted correction of review i, which no rule proposes now.
func (s *settlement) add(i int, r Review, place [2]int) {
	after := r.Correction.After
	if r.Correction.Instead != nil {
		after = *r.Correction.Instead
	}
	s.added = append(s.added, clean.Correction{
		Start: place[0], End: place[1], Before: r.Correction.Before, After: after, Kind: r.Correction.Kind,
		Rule: ruleReview, Evidence: []string{"accepted by " + r.Who + " in an earlier reading"}, Confidence: 1, Decision: clean.Applied,
	})
	s.by = append(s.by, i)
}

// locate finds what v is about: the correction (its number, or -1) and its
// place. A place where nothing is proposed has a fate of its own.
func locate(p print, cs []clean.Correction, v CorrectionReview) (n int, place [2]int, f fate) {
	best := -1
	n = -1
	for i, c := range cs {
		if c.Before != v.Before || c.After != v.After {
			continue
		}
		if score := p.likeness(v, c.Start, c.End); score > best || score == best && score >= 0 && near(c.Start, v.At) < near(cs[n].Start, v.At) {
			n, best = i, score
		}
	}
	if n >= 0 && best >= 0 {
		return n, [2]int{cs[n].Start, cs[n].End}, fate{outcomeApplied, "", cs[n].Start}
	}
	if start, end, ok := p.find(v, v.Before); ok && p.text(start, end) == v.Before {
		for _, c := range cs {
			if c.Start < end && start < c.End || c.Start == start && c.End == end {
				return -1, place, fate{SecondLook, fmt.Sprintf("another correction stands there now: %q to %q", c.Before, c.After), start}
			}
		}
		return -1, [2]int{start, end}, fate{outcomeApplied, "", start}
	}
	if start, end, ok := p.find(v, v.After); ok && v.Accept && p.text(start, end) == v.After {
		return -1, [2]int{start, end}, fate{outcomeApplied, "the text is now read so", start}
	}
	return -1, place, fate{SecondLook, "the text it refers to is not there any more", -1}
}

func near(a, b int) int { return max(a-b, b-a) }

// print is a text without its white space: lines may break elsewhere in another
// reading.
type print struct {
	all   []rune
	runes []rune
	at    []int // of each in all
}

func printed(text []rune) print {
	p := print{all: text}
	for i, r := range text {
		if !unicode.IsSpace(r) {
			p.runes, p.at = append(p.runes, r), append(p.at, i)
		}
	}
	return p
}

// contextNeeded is how many printed characters on each side must be those that
// the person saw: two words, about.
const contextNeeded = 8

// sides are the printed characters of v's context, the nearest on each side.
func (v CorrectionReview) sides() (left, right []rune) {
	left, right = printed([]rune(v.Left)).runes, printed([]rune(v.Right)).runes
	return left[max(0, len(left)-contextNeeded):], right[:min(len(right), contextNeeded)]
}

// likeness tells how much of v's context stands around start..end: -1 when it
// is too little.
func (p print) likeness(v CorrectionReview, start, end int) int {
	i, _ := slices.BinarySearch(p.at, start)
	j, _ := slices.BinarySearch(p.at, end)
	left, right := printed([]rune(v.Left)).runes, printed([]rune(v.Right)).runes
	a, b := 0, 0
	for a < len(left) && i-1-a >= 0 && left[len(left)-1-a] == p.runes[i-1-a] {
		a++
	}
	for b < len(right) && j+b < len(p.runes) && right[b] == p.runes[j+b] {
		b++
	}
	if a < min(contextNeeded, len(left)) || b < min(contextNeeded, len(right)) {
		return -1
	}
	return a + b
}

// find looks for s between v's context, nearest to where it stood. The place is
// that of s itself in the text, white space at its ends included.
func (p print) find(v CorrectionReview, s string) (start, end int, ok bool) {
	left, right := v.sides()
	if len(left)+len(right) == 0 {
		return 0, 0, false
	}
	middle := printed([]rune(s)).runes
	pattern := slices.Concat(left, middle, right)
	for i := 0; i+len(pattern) <= len(p.runes); i++ {
		if !slices.Equal(p.runes[i:i+len(pattern)], pattern) {
			continue
		}
		from, to := p.between(i+len(left), i+len(left)+len(middle), []rune(s))
		if !ok || near(from, v.At) < near(start, v.At) {
			start, end, ok = from, to, true
		}
	}
	return start, end, ok
}

// between is the stretch of the text from printed character i to j, with as
// much white space before and after as s has.
func (p print) between(i, j int, s []rune) (start, end int) {
	before, after := 0, 0
	for before < len(s) && unicode.IsSpace(s[before]) {
		before++
	}
	for after < len(s)-before && unicode.IsSpace(s[len(s)-1-after]) {
		after++
	}
	if i == j { // s is white space, or nothing: all that stands between its neighbours
		start, end = 0, len(p.all)
		if i > 0 {
			start = p.at[i-1] + 1
		}
		if i < len(p.at) {
			end = p.at[i]
		}
		return start, end
	}
	return max(0, p.at[i]-before), min(len(p.all), p.at[j-1]+1+after)
}

func (p print) text(start, end int) string { return string(p.all[start:end]) }
