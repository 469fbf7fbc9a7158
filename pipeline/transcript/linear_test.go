package transcript

import (
	"runtime"
	"strings"
	"testing"
)

// TestReadingIsLinear: eight times the input takes about eight times the memory
// in all, whatever is repeated in it. What was copied anew for each piece took
// the square.
func TestReadingIsLinear(t *testing.T) {
	hocr := func(before, piece, after string) func(int) error {
		return func(n int) error {
			_, err := ParseHOCR([]byte("<div class='ocr_page'><p class='ocr_par'><span class='ocr_line'>" + before + strings.Repeat(piece, n) + after + "</span></p></div>"))
			return err
		}
	}
	alto := func(before, piece, after string) func(int) error {
		return func(n int) error {
			p := altoParser{want: 1}
			return p.parse([]byte("<alto><Layout><Page><PrintSpace><TextBlock><TextLine>" + before + strings.Repeat(piece, n) + after + "</TextLine></TextBlock></PrintSpace></Page></Layout></alto>"))
		}
	}
	page := func(before, piece, after string) func(int) error {
		return func(n int) error {
			_, err := parsePAGE([]byte("<PcGts><Page imageWidth='9' imageHeight='9'>" + before + strings.Repeat(piece, n) + after + "</Page></PcGts>"))
			return err
		}
	}
	const line = "<TextRegion id='a'><TextLine><Coords points='1,1 2,2'/>"
	for what, read := range map[string]func(int) error{
		"comments in a character": hocr("<span class='ocrx_word'><span class='ocrx_cinfo'>", "a<!---->", "</span></span>"),
		"comments in a word":      hocr("<span class='ocrx_word'>", "a<!---->", "</span>"),
		"characters of a word":    hocr("<span class='ocrx_word'>", "<span class='ocrx_cinfo'>ab</span>", "</span>"),
		"words of a line":         hocr("", "<span class='ocrx_word'>a</span> ", ""),
		"glyphs of a word":        alto("<String CONTENT='ab'>", "<Glyph CONTENT='ab'/>", "</String>"),
		"hyphens of a word":       alto("<String CONTENT='ab'/>", "<HYP CONTENT='-----'/>", ""),
		"comments in a PAGE text": page(line+"<TextEquiv><Unicode>", "a<!---->", "</Unicode></TextEquiv></TextLine></TextRegion>"),
		"readings of a PAGE line": page(line, "<TextEquiv index='1'><Unicode>ab</Unicode></TextEquiv>", "</TextLine></TextRegion>"),
		"words of a PAGE line":    page(line, "<Word><Coords points='1,1 2,2'/><TextEquiv><Unicode>ab</Unicode></TextEquiv></Word>", "</TextLine></TextRegion>"),
		"points of a PAGE line":   page(line+"<Coords points='", "1,1 ", "'/></TextLine></TextRegion>"),
		"regions of a PAGE page":  page("", line+"<TextEquiv><Unicode>ab</Unicode></TextEquiv></TextLine></TextRegion>", ""),
		"order of a PAGE page":    page("<ReadingOrder>", "<RegionRefIndexed regionRef='a'/>", "</ReadingOrder>"),
		"words of an ALTO line":   alto("", "<String CONTENT='ab'/>", ""),
	} {
		taken := func(n int) float64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := read(n); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			runtime.ReadMemStats(&after)
			return float64(after.TotalAlloc - before.TotalAlloc)
		}
		taken(100)
		if small, large := taken(2000), taken(16000); large > 12*small {
			t.Errorf("%s: eight times as many take %.1f times the memory", what, large/small)
		}
	}
}
