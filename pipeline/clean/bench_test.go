package clean

import (
	"strings"
	"testing"
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

// BenchmarkCorrect is cleaning alone, of a text with twelve damages a page.
func BenchmarkCorrect(b *testing.B) {
	text := strings.Repeat(page, 1000)
	in := Input{Text: text}
	Correct(in) // unpacks the lexicon
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Correct(in)
	}
}
