package clean

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
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

// BenchmarkCorrect is cleaning alone: of a text with twelve damages a page, and
// of texts that were made to be slow, each in two sizes, so that what is not
// linear shows. cpuMB/s is by the processor time of the process.
func BenchmarkCorrect(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"damaged", page},
		{"one line", strings.ReplaceAll(strings.ReplaceAll(page, "\n", " "), "  ", " ")},
		{"one word", "abcdefghijklmnopqrstuvwxyz"},
		{"noise", "~'x_ |}# ;i1l ^^ vv\\ ,.» qzx  {%} ¬rn= t|h *& o0O <> eee ~~ ii! "},
		{"unknown words", "thc gcvernnent ofthe Uuited Statcs aud tbe rninister wcre unahle tc reacn agreernents onthe rnatter. "},
		{"mixed scripts", "Прави\u00adтельство СССР said theUSSR 外務大臣は大使と会見し a\u200bש\u200dל Governmentʼs Γραμμή cоnsider thе ﬁle. "},
		{"blanks", " \u00a0\t  "},
		{"spaced letters", "S E C R E T m e m o "},
		{"hyphens", "govern-\nment co-\u00ad\nexist- "},
	} {
		for _, size := range []int{1 << 18, 1 << 20} {
			b.Run(fmt.Sprintf("%s %d KB", c.name, size>>10), func(b *testing.B) {
				in := Input{Text: strings.Repeat(c.text, size/len(c.text))}
				Correct(Input{}) // unpacks the lexicon
				b.SetBytes(int64(len(in.Text)))
				b.ReportAllocs()
				began := spent()
				for b.Loop() {
					Correct(in)
				}
				b.ReportMetric(float64(len(in.Text))*float64(b.N)/1e6/(spent()-began).Seconds(), "cpuMB/s")
			})
		}
	}
}

// spent is the processor time of the process.
func spent() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
