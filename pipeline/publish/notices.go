package publish

import (
	"fmt"
	"strings"
	"unicode"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
)

// sameAtLeast is how many letters two pages must have in common, all of theirs,
// to be the same page twice: less is a heading, a stamp, a blank form's number.
const sameAtLeast = 60

// notices lists what a person should look at on the pages of an item, and the
// pages without ink. Both follow from the pages and their text alone.
func notices(in record.Input) (look []archive.Notice, blank []int) {
	first := map[string]int{}
	text := []rune(in.Reading.Text)
	for i, p := range in.Pages {
		n := i + 1
		for _, o := range p.Oddities {
			look = append(look, archive.Notice{Page: n, Reason: o.Reason, Detail: o.Detail})
		}
		if p.Blank {
			blank = append(blank, n)
		}
		if i >= len(in.Reading.Pages) {
			continue
		}
		span := in.Reading.Pages[i]
		if span.Start < 0 || span.End > len(text) || span.Start >= span.End {
			continue
		}
		letters := lettersOf(text[span.Start:span.End])
		if len(letters) < sameAtLeast {
			continue
		}
		if before, twice := first[letters]; twice {
			look = append(look, archive.Notice{Page: n, Reason: archive.PageTwice, Detail: fmt.Sprintf("the same text as page %d", before)})
			continue
		}
		first[letters] = n
	}
	return look, blank
}

// lettersOf is text without anything but its letters and digits.
func lettersOf(text []rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, string(text))
}
