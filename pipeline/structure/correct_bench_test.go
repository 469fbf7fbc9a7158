package structure

import (
	"strings"
	"testing"

	"nightshift/pipeline/clean"
)

// page is damaged prose of about a page.
const page = `21. Memorandum of Conversation

Washington, February 3, 1961.

The Secretary said he looked forward to working with Mr. Menshikov toward improvement of rela-
tions, a matter of enormous mutual interest. He suggested it would be valuable to find means of
progress on lesser but tangible questions thus providing a proper framework for consider` + "\u00ad" + `ation of
more difﬁcult questions. For example,there are the questions of an air transport agreement,  the
establishment of consulates at Leningrad and New York, and expansion of the exchange prograrn. While
thesc are not the most important questions theycan build a basis for mutual understanding and also
assist in deve loping public understanding. [Page 55] The Ambassador said he had no word, noting that
theUSSR approach had been made by Ambassador Thompson , and that a reply is expected.1

`

// BenchmarkParse is structuring and cleaning together: bytes a second of one
// core.
func BenchmarkParse(b *testing.B) {
	for _, n := range []struct {
		name  string
		pages int
	}{{"1MB", 1000}, {"8MB", 8000}} {
		b.Run(n.name, func(b *testing.B) {
			text := strings.Repeat(page, n.pages)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(Input{Text: text})
			}
		})
	}
}

// BenchmarkCorrect is cleaning alone.
func BenchmarkCorrect(b *testing.B) {
	text := strings.Repeat(page, 1000)
	in := Cleaning(Input{Text: text})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		clean.Correct(in)
	}
}
