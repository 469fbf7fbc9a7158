package transcript

import (
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
)

// Dialects of other programs' OCR, each with the text that a person reads in it.
var dialects = []struct{ name, kind, raw, want string }{
	{"ALTO, a line in one String", archive.TypeALTO, altoOf(`<TextBlock><TextLine HPOS="10" VPOS="10" WIDTH="200" HEIGHT="20"><String CONTENT="Port Office, 9 June" HPOS="10" VPOS="10" WIDTH="200" HEIGHT="20"/></TextLine></TextBlock>`), "Port Office, 9 June"},
	{"ALTO, a String with polygons only", archive.TypeALTO, altoOf(`<TextBlock><TextLine><Shape><Polygon POINTS="10,10 210,10 210,30 10,30"/></Shape><String CONTENT="two words"/></TextLine></TextBlock>`), "two words"},
	{"ALTO, nested zones, decimal commas, WC in percent", archive.TypeALTO, altoOf(`<ComposedBlock><ComposedBlock><TextBlock HPOS="1,5"><TextLine><String CONTENT="deep" HPOS="1,5" VPOS="2,25" WIDTH="30,5" HEIGHT="9,1" WC="93"/></TextLine></TextBlock></ComposedBlock></ComposedBlock>`), "deep"},
	{"ALTO, HYP without content", archive.TypeALTO, altoOf(`<TextBlock><TextLine><String CONTENT="Dampf" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9" SUBS_TYPE="HypPart1" SUBS_CONTENT="Dampfer"/><HYP/></TextLine><TextLine><String CONTENT="er" HPOS="1" VPOS="11" WIDTH="9" HEIGHT="9" SUBS_TYPE="HypPart2" SUBS_CONTENT="Dampfer"/></TextLine></TextBlock>`), "Dampf\u00ad\ner"},
	{"ALTO, HypPart1 without HYP", archive.TypeALTO, altoOf(`<TextBlock><TextLine><String CONTENT="Dampf" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9" SUBS_TYPE="HypPart1" SUBS_CONTENT="Dampfer"/></TextLine><TextLine><String CONTENT="er" HPOS="1" VPOS="11" WIDTH="9" HEIGHT="9"/></TextLine></TextBlock>`), "Dampf\u00ad\ner"},
	{"ALTO, a hyphen of the word's own", archive.TypeALTO, altoOf(`<TextBlock><TextLine><String CONTENT="well" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9" SUBS_TYPE="HypPart1" SUBS_CONTENT="well-known"/><HYP CONTENT="-"/></TextLine><TextLine><String CONTENT="known" HPOS="1" VPOS="11" WIDTH="9" HEIGHT="9"/></TextLine></TextBlock>`), "well-\nknown"},
	{"ALTO, no block, no line", archive.TypeALTO, altoOf(`<String CONTENT="stray" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9"/>`), "stray"},
	{"ALTO in UTF-16", archive.TypeALTO, inUTF16(`<?xml version="1.0" encoding="UTF-16"?>` + altoOf(`<TextBlock><TextLine><String CONTENT="été" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9"/></TextLine></TextBlock>`)), "été"},

	{"hOCR, lines without words", archive.TypeHOCR, hocrOf(`<div class="ocr_carea"><p class="ocr_par"><span class="ocr_line" title="bbox 10 10 200 30">Dear Mr. Ainsley,</span><br><span class="ocr_line" title="bbox 10 40 200 60">the lamps</span></p></div>`), "Dear Mr. Ainsley,\nthe lamps"},
	{"hOCR, ocr_word and fractions", archive.TypeHOCR, hocrOf(`<span class="ocr_line" title="bbox 10.5 10.25 200 30"><span class="ocr_word" title="bbox 10.5 10.25 60.0 30.0">one</span> <span class="ocr_word" title="bbox 70.5 10 90 30">two</span></span>`), "one two"},
	{"hOCR, several classes", archive.TypeHOCR, hocrOf(`<span class="line ocr_line big" title="bbox 10 10 200 30"><span class="w ocrx_word" title="bbox 10 10 60 30; x_confs 99 98 97">one</span></span>`), "one"},
	{"hOCR, words without lines", archive.TypeHOCR, hocrOf(`<p class="ocr_par"><span class="ocrx_word" title="bbox 10 10 60 30">one</span> <span class="ocrx_word" title="bbox 70 12 90 30">two</span> <span class="ocrx_word" title="bbox 10 40 60 60">three</span></p>`), "one two\nthree"},
	{"hOCR, tags left open", archive.TypeHOCR, hocrOf(`<p class=ocr_par><span class=ocr_line title="bbox 1 1 90 9">one<br>two</span><p class=ocr_par><span class=ocr_line title="bbox 1 20 90 29"><em>three</em></span>`), "onetwo\n\nthree"},
	{"hOCR, a word element that holds a line", archive.TypeHOCR, hocrOf(`<span class="ocr_line" title="bbox 1 1 90 9"><span class="ocrx_word" title="bbox 1 1 90 9">a whole line</span></span>`), "a whole line"},
	{"hOCR, letters without words", archive.TypeHOCR, hocrOf(`<span class="ocr_line" title="bbox 1 1 90 9"><span class="ocrx_cinfo" title="x_bboxes 1 1 5 9">o</span><span class="ocrx_cinfo">n</span></span>`), "on"},

	{"PAGE 2019, words", archive.TypePAGE, pageOf("2019-07-15", `<TextRegion id="r"><Coords points="10,10 200,10 200,60 10,60"/><TextLine id="l"><Coords points="10,10 200,10 200,30 10,30"/><Word id="w"><Coords points="10,10 60,10 60,30 10,30"/><TextEquiv conf="0.9"><Unicode>one</Unicode></TextEquiv></Word><Word id="x"><Coords points="70,10 90,30"/><TextEquiv conf="0.8"><Unicode>two</Unicode></TextEquiv></Word><TextEquiv><Unicode>one two</Unicode></TextEquiv></TextLine></TextRegion>`), "one two"},
	{"PAGE 2013, lines alone", archive.TypePAGE, pageOf("2013-07-15", `<TextRegion id="r"><Coords points="10,10 200,60"/><TextLine id="l"><Coords points="10,10 200,30"/><TextEquiv><Unicode>Port Office, 9 June</Unicode></TextEquiv></TextLine></TextRegion>`), "Port Office, 9 June"},
	{"PAGE, a line that a person corrected", archive.TypePAGE, pageOf("2013-07-15", `<TextRegion id="r"><TextLine id="l"><Coords points="10,10 200,30"/><Word id="w"><Coords points="10,10 60,30"/><TextEquiv><Unicode>0ne</Unicode></TextEquiv></Word><TextEquiv><Unicode>One</Unicode></TextEquiv></TextLine></TextRegion>`), "One"},
	{"PAGE, the reading order", archive.TypePAGE, pageOf("2019-07-15", `<ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="0" regionRef="b"/><RegionRefIndexed index="1" regionRef="a"/></OrderedGroup></ReadingOrder><TextRegion id="a"><TextLine><Coords points="1,1 9,9"/><TextEquiv><Unicode>last</Unicode></TextEquiv></TextLine></TextRegion><TextRegion id="b"><TextLine><Coords points="1,1 9,9"/><TextEquiv index="1"><Unicode>f1rst</Unicode></TextEquiv><TextEquiv index="0"><Unicode>first</Unicode></TextEquiv></TextLine></TextRegion>`), "first\n\nlast"},
	{"PAGE, text of the region alone", archive.TypePAGE, pageOf("2010-03-19", `<TextRegion id="a"><Coords><Point x="10" y="10"/><Point x="90" y="50"/></Coords><TextEquiv><Unicode>one two
three</Unicode></TextEquiv></TextRegion>`), "one two\nthree"},
	{"PAGE, regions in a table", archive.TypePAGE, pageOf("2019-07-15", `<TableRegion id="t"><Coords points="1,1 99,99"/><TextRegion id="c"><Coords points="1,1 49,9"/><TextLine><Coords points="1,1 49,9"/><TextEquiv><Unicode>cell</Unicode></TextEquiv></TextLine></TextRegion></TableRegion>`), "cell"},
}

func altoOf(inside string) string {
	return `<alto xmlns="http://www.loc.gov/standards/alto/ns-v2#"><Description><MeasurementUnit>pixel</MeasurementUnit></Description><Layout><Page WIDTH="600" HEIGHT="400"><PrintSpace>` + inside + `</PrintSpace></Page></Layout></alto>`
}

func hocrOf(inside string) string {
	return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="ocr-system" content="some 1"><title>Given</title></head><body><div class="ocr_page" title="bbox 0 0 600 400">` + inside + `</div></body></html>`
}

func pageOf(version, inside string) string {
	return `<?xml version="1.0"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/` + version + `"><Metadata><Creator>Somebody</Creator></Metadata><Page imageFilename="a.tif" imageWidth="600" imageHeight="400">` + inside + `</Page></PcGts>`
}

func inUTF16(s string) string {
	out := []byte{0xFF, 0xFE}
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return string(out)
}

func TestDialects(t *testing.T) {
	for _, c := range dialects {
		raw := []byte(c.raw)
		if kind, ok := SniffGiven(raw[:min(4096, len(raw))]); !ok || kind != c.kind {
			t.Errorf("%s: taken for %q", c.name, kind)
			continue
		}
		if n, err := GivenPages(raw, c.kind); n != 1 || err != nil {
			t.Errorf("%s: %d pages, %v", c.name, n, err)
		}
		p, err := GivenPage(raw, c.kind, 1)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if text, _ := TextAsRead([]Page{*p}); text != c.want || p.Blank || len(p.Oddities) > 0 {
			t.Errorf("%s: text %q, want %q; blank %v, %v", c.name, text, c.want, p.Blank, p.Oddities)
		}
		last := -1
		for _, w := range p.Blocks[0].Lines[0].Words {
			if w.Box[2] < w.Box[0] || w.Box[0] < last {
				t.Errorf("%s: word %q at %v, after %d", c.name, w.Text, w.Box, last)
			}
			last = w.Box[0]
		}
	}
}

func TestApportionedIsSaid(t *testing.T) {
	p, err := GivenPage([]byte(dialects[0].raw), archive.TypeALTO, 1)
	if err != nil || !slices.Contains(p.Steps, apportionedStep) {
		t.Fatalf("steps %q, %v", p.Steps, err)
	}
	w := p.Blocks[0].Lines[0].Words
	if len(w) != 4 || w[0].Box[0] != 10 || w[3].Box[2] != 210 || w[1].Box[0] <= w[0].Box[2] {
		t.Errorf("words %+v", w)
	}
}

func TestTextThatDoesNotArriveIsTold(t *testing.T) {
	for name, raw := range map[string]string{
		"hOCR": hocrOf(`<p class="some_par">Twenty words that stand in no line of any class that is known</p>`),
	} {
		p, err := GivenPage([]byte(raw), archive.TypeHOCR, 1)
		if err != nil || len(p.Oddities) != 1 || p.Oddities[0].Reason != archive.TextLost || !strings.Contains(p.Oddities[0].Detail, "0 arrived") && !strings.Contains(p.Oddities[0].Detail, "which 0") {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}
