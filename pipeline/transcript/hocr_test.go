package transcript

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const hocrPage = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><body>
 <div class='ocr_page' id='page_1' title='image "x"; bbox 0 0 600 400; ppageno 0; scan_res 300 300'>
  <div class='ocr_carea' title="bbox 10 10 300 60">
   <p class='ocr_par' lang='eng' title="bbox 10 10 300 60">
    <span class='ocr_line' title="bbox 10 10 300 30; baseline 0 -5; x_size 20">
     <span class='ocrx_word' title='bbox 10 10 60 30; x_wconf 91'><span class='ocrx_cinfo' title='x_bboxes 10 10 30 30; x_conf 98.5'>A</span><span class='ocrx_cinfo' title='x_bboxes 32 10 60 30; x_conf 70'>&amp;</span></span>
     <span class='ocrx_word' title='bbox 70 10 90 30; x_wconf 95'>plain</span>
     <span class='ocrx_word' title='bbox 95 10 99 30; x_wconf 95'> </span>
    </span>
    <span class='ocr_header' title="bbox 10 40 300 60">
     <span class='ocrx_word' title='bbox 10 40 60 60; x_wconf 12'><span class='ocrx_cinfo' title='x_bboxes 10 40 60 60; x_conf 12'>ffi</span></span>
    </span>
   </p>
  </div>
  <div class='ocr_photo' title="bbox 300 100 500 300"></div>
  <div class='ocr_separator' title="bbox 0 390 600 392"></div>
  <div class='ocr_carea'><p class='ocr_par'><span class='ocr_line' title="bbox 1 1 2 2"></span></p></div>
 </div>
 <div class='ocr_page'><p class='ocr_par'><span class='ocr_line'><span class='ocrx_word'>second</span></span></p></div>
</body></html>`

func TestParseHOCR(t *testing.T) {
	blocks, err := ParseHOCR([]byte(hocrPage))
	if err != nil {
		t.Fatal(err)
	}
	if len(blocks) != 3 || blocks[1].Kind != "photo" || blocks[2].Kind != "separator" {
		t.Fatalf("%d blocks: %+v", len(blocks), blocks)
	}
	if blocks[1].Box != (Box{300, 100, 500, 300}) {
		t.Errorf("photo at %v", blocks[1].Box)
	}
	text, lay := TextAsRead([]Page{{Blocks: blocks}})
	if text != "A& plain\nffi" {
		t.Errorf("text %q", text)
	}
	if len(lay.Lines) != 2 {
		t.Fatalf("%d lines", len(lay.Lines))
	}
	w := blocks[0].Lines[0].Words[0]
	if w.Box != (Box{10, 10, 60, 30}) || w.Confidence != 91 || !slices.Equal(w.X0, []int{10, 32}) || !slices.Equal(w.X1, []int{30, 60}) || !slices.Equal(w.CharConf, []float32{98.5, 70}) {
		t.Errorf("word %+v", w)
	}
	// One box for several letters counts for each of them.
	if l := blocks[0].Lines[1].Words[0]; !slices.Equal(l.X0, []int{10, 10, 10}) || len(l.CharConf) != 3 {
		t.Errorf("ligature %+v", l)
	}
}

func TestParseHOCRBadNumbers(t *testing.T) {
	raw := strings.NewReplacer("bbox 10 10 60 30", "bbox -1 1e9 x 99999999999", "x_wconf 91", "x_wconf NaN", "x_conf 98.5", "x_conf 1e99").Replace(hocrPage)
	blocks, err := ParseHOCR([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if w := blocks[0].Lines[0].Words[0]; w.Box != (Box{}) || w.Confidence != 0 || w.CharConf[0] != 100 {
		t.Errorf("word %+v", w)
	}
}

func TestParseHOCRDepth(t *testing.T) {
	if _, err := ParseHOCR([]byte(strings.Repeat("<div>", 1e5))); err == nil {
		t.Error("no error for elements without end")
	}
}

// FuzzParseHOCR: whatever is parsed keeps the transcript's promises.
func FuzzParseHOCR(f *testing.F) {
	f.Add([]byte(hocrPage))
	f.Add([]byte("<span class='ocrx_word'>a<span class='ocrx_cinfo'>\xFF</span>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		blocks, err := ParseHOCR(raw)
		if err != nil {
			return
		}
		keepsPromises(t, blocks)
	})
}

// keepsPromises checks what every reader of blocks relies on.
func keepsPromises(t *testing.T, blocks []Block) {
	t.Helper()
	for _, b := range blocks {
		if b.Kind == "" && len(b.Lines) == 0 {
			t.Error("a text block without lines")
		}
		for _, l := range b.Lines {
			if len(l.Words) == 0 {
				t.Error("a line without words")
			}
			for _, w := range l.Words {
				n := utf8.RuneCountInString(w.Text)
				if n == 0 || strings.ContainsAny(w.Text, " \n\f\t") || !utf8.ValidString(w.Text) {
					t.Errorf("word %q", w.Text)
				}
				if len(w.X0) != len(w.X1) || len(w.X0) != len(w.CharConf) || len(w.X0) != 0 && len(w.X0) != n {
					t.Errorf("word %q of %d with %d boxes", w.Text, n, len(w.X0))
				}
				if !(w.Confidence >= 0 && w.Confidence <= 100) {
					t.Errorf("confidence %v", w.Confidence)
				}
			}
		}
	}
}
