package transcript

import (
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
)

func line(text string, confidence float64) Line {
	return Line{Words: []Word{{Text: text, Confidence: confidence}}}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		confidence float64
		grade      string
		low        bool
	}{{98, "A", false}, {90, "B", false}, {85, "C", false}, {80, "D", true}, {60, "E", true}, {20, "E", true}} {
		p := Page{Blocks: []Block{{Lines: []Line{line("word", c.confidence)}}, {Kind: "noise", Lines: []Line{line("x", 1)}}}}
		p.Judge()
		if p.Grade != c.grade || p.LowQuality != c.low || p.MeanConfidence != c.confidence {
			t.Errorf("confidence %v: grade %s, low %v, mean %v", c.confidence, p.Grade, p.LowQuality, p.MeanConfidence)
		}
	}
	p := Page{Blocks: []Block{{Kind: "noise", Lines: []Line{line("x", 1)}}}}
	if p.Judge(); !p.LowQuality || p.Grade != "E" {
		t.Errorf("a page of noise: grade %s", p.Grade)
	}
}

const altoPages = `<?xml version="1.0" encoding="ISO-8859-1"?>
<a:alto xmlns:a="http://www.loc.gov/standards/alto/ns-v4#"><a:Description><a:MeasurementUnit>mm10</a:MeasurementUnit>
<a:Processing ID="p"><a:processingSoftware><a:softwareName>Reader</a:softwareName><a:softwareVersion>7</a:softwareVersion></a:processingSoftware></a:Processing></a:Description>
<a:Layout><a:Page ID="one" PHYSICAL_IMG_NR="1" WIDTH="2100" HEIGHT="2970"><a:PrintSpace>
<a:TextBlock ID="b" HPOS="100" VPOS="100" WIDTH="900.4" HEIGHT="60"><a:TextLine HPOS="100" VPOS="100" WIDTH="900" HEIGHT="30">
<a:String CONTENT="L` + "\xe9" + `gation" HPOS="100" VPOS="100" WIDTH="300" HEIGHT="30" WC="0.9"><a:ALTERNATIVE>Legation</a:ALTERNATIVE></a:String><a:SP/>
<a:String CONTENT="of" HPOS="420" VPOS="100" WIDTH="60" HEIGHT="30" WC="0.5"><a:Glyph CONTENT="o" HPOS="420" VPOS="100" WIDTH="30" HEIGHT="30" GC="0.4"/><a:Glyph CONTENT="f" HPOS="450" VPOS="100" WIDTH="30" HEIGHT="30" GC="0.6"/></a:String><a:SP/>
<a:String CONTENT="Kar" SUBS_TYPE="HypPart1" SUBS_CONTENT="Karsova" HPOS="500" VPOS="100" WIDTH="90" HEIGHT="30" WC="0.9"/><a:HYP CONTENT="-" HPOS="590" VPOS="100" WIDTH="20" HEIGHT="30"/></a:TextLine>
<a:TextLine HPOS="100" VPOS="130" WIDTH="900" HEIGHT="30"><a:String CONTENT="sova" SUBS_TYPE="HypPart2" SUBS_CONTENT="Karsova" HPOS="100" VPOS="130" WIDTH="120" HEIGHT="30" WC="0.9"/></a:TextLine></a:TextBlock>
<a:Illustration ID="i" HPOS="0" VPOS="500" WIDTH="10" HEIGHT="10"/></a:PrintSpace></a:Page>
<a:Page ID="two" PHYSICAL_IMG_NR="2" WIDTH="10" HEIGHT="10"/></a:Layout></a:alto>`

func TestGivenALTO(t *testing.T) {
	raw := []byte(altoPages)
	if kind, ok := SniffGiven(raw); !ok || kind != archive.TypeALTO {
		t.Fatalf("sniffed as %q", kind)
	}
	if n, err := GivenPages(raw, archive.TypeALTO); n != 2 || err != nil {
		t.Fatalf("%d pages, %v", n, err)
	}
	p, err := GivenPage(raw, archive.TypeALTO, 1)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := TextAsRead([]Page{*p}); text != "Légation of Kar\u00ad\nsova" {
		t.Errorf("text %q", text)
	}
	if p.Image.Width != 2100 || p.Image.DPI != 254 || p.Engine.Name != "Reader" || p.Engine.Version != "7" || p.Grade == "" || p.Blank {
		t.Errorf("page %+v", p)
	}
	ws := p.Blocks[0].Lines[0].Words
	if ws[0].Box != (Box{100, 100, 400, 130}) || ws[0].X0 != nil || ws[2].Box[2] != 610 {
		t.Errorf("words %+v", ws)
	}
	if w := ws[1]; len(w.X0) != 2 || w.X0[1] != 450 || w.CharConf[1] != 60 || w.Confidence != 50 {
		t.Errorf("glyphs %+v", w)
	}
	if p, err := GivenPage(raw, archive.TypeALTO, 2); err != nil || !p.Blank {
		t.Errorf("empty page: %+v, %v", p, err)
	}
	if _, err := GivenPage(raw, archive.TypeALTO, 3); err == nil {
		t.Error("page 3 of 2 is there")
	}
	if _, err := GivenPages(raw[:len(raw)-40], archive.TypeALTO); err == nil {
		t.Error("a document cut short counts as whole")
	}
}

func TestGivenHOCR(t *testing.T) {
	raw := []byte(hocrPage)
	if kind, ok := SniffGiven(raw); !ok || kind != archive.TypeHOCR {
		t.Fatalf("sniffed as %q", kind)
	}
	if n, err := GivenPages(raw, archive.TypeHOCR); n != 2 || err != nil {
		t.Fatalf("%d pages, %v", n, err)
	}
	first, err := GivenPage(raw, archive.TypeHOCR, 1)
	if err != nil || first.Image.Width != 600 || first.Image.Height != 400 || first.Image.DPI != 300 || first.Grade == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := GivenPage(raw, archive.TypeHOCR, 2)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := TextAsRead([]Page{*second}); text != "second" || second.MeanConfidence != 100 || second.Grade != "" {
		t.Errorf("%q, %+v", text, second)
	}
	for _, no := range []string{"", "plain", "<html><body>no OCR</body></html>", "<?xml version='1.0'?><mets/>", "<alt"} {
		if kind, ok := SniffGiven([]byte(no)); ok {
			t.Errorf("%q sniffed as %s", no, kind)
		}
	}
}

// FuzzGivenPage: whatever is followed keeps the transcript's promises.
func FuzzGivenPage(f *testing.F) {
	kinds := []string{archive.TypeHOCR, archive.TypeALTO, archive.TypePAGE}
	f.Add([]byte(altoPages), byte(1), 1)
	f.Add([]byte(hocrPage), byte(0), 2)
	for _, d := range dialects {
		f.Add([]byte(d.raw), byte(slices.Index(kinds, d.kind)), 1)
	}
	f.Fuzz(func(t *testing.T, raw []byte, which byte, index int) {
		kind := kinds[int(which)%len(kinds)]
		SniffGiven(raw)
		n, err := GivenPages(raw, kind)
		p, perr := GivenPage(raw, kind, index)
		if perr == nil && (index < 1 || err == nil && index > n) {
			t.Fatalf("page %d of %d", index, n)
		}
		if perr != nil {
			return
		}
		keepsPromises(t, p.Blocks)
		if text, _ := TextAsRead([]Page{*p}); p.Blank != (strings.TrimSpace(text) == "") {
			t.Fatalf("blank is %v, the text is %q", p.Blank, text)
		}
	})
}
