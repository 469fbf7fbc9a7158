// Package hocr writes a page's text layer as hOCR 1.2, which is XHTML: clean
// words at their places, what was read there in data-as-read.
package hocr

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/markup"
	"nightshift/pipeline/transcript"
)

const prologue = markup.Declaration +
	`<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">` + "\n"

// Write writes page p of the item. A page without words is an empty ocr_page.
func Write(out io.Writer, in record.Input, p layer.Page) error {
	t := p.Transcript
	w := markup.New(out, prologue)
	w.Open("html", "xmlns", "http://www.w3.org/1999/xhtml", "xml:lang", "en", "lang", "en")
	w.Open("head")
	w.Leaf("title", fmt.Sprintf("%s, page %d", in.Manifest.Locator, p.Number))
	w.Leaf("meta", "", "http-equiv", "Content-Type", "content", "text/html;charset=utf-8")
	w.Leaf("meta", "", "name", "ocr-system", "content", strings.TrimSpace(t.Engine.Name+" "+t.Engine.Version)+", nightshift")
	w.Leaf("meta", "", "name", "ocr-capabilities", "content", "ocr_page ocr_carea ocr_par ocr_line ocrx_word")
	w.Close()
	w.Open("body")
	title := fmt.Sprintf("image %s; bbox 0 0 %d %d; ppageno %d", quoted(in.Manifest.Pages[p.Number-1].Scan), t.Image.Width, t.Image.Height, p.Number-1)
	if t.Image.DPI > 0 {
		title += fmt.Sprintf("; scan_res %d %d", t.Image.DPI, t.Image.DPI)
	}
	w.Open("div", "class", "ocr_page", "id", "page_1", "title", title, "data-parked", t.Parked)
	word := 0
	for i, b := range p.Blocks {
		id := strconv.Itoa(i + 1)
		w.Open("div", "class", "ocr_carea", "id", "block_"+id, "title", bbox(b.Box), "data-section", b.Kind)
		w.Open("p", "class", "ocr_par", "id", "par_"+id, "title", bbox(b.Box))
		for j, l := range b.Lines {
			w.Inline("span", "class", "ocr_line", "id", fmt.Sprintf("line_%s_%d", id, j+1), "title", bbox(l.Box))
			for k, v := range l.Words {
				if k > 0 {
					w.Text(" ")
				}
				word++
				writeWord(w, word, v)
			}
			w.Close()
		}
		w.Close()
		w.Close()
	}
	return w.End()
}

func writeWord(w *markup.Writer, n int, v layer.Word) {
	text, broken := v.Text, ""
	if v.Part == layer.FirstHalf {
		text, broken = text+"-", v.Whole
	}
	read := v.AsRead
	if read == text {
		read = ""
	}
	w.Inline("span", "class", "ocrx_word", "id", "word_"+strconv.Itoa(n),
		"title", fmt.Sprintf("%s; x_wconf %d", bbox(v.Box), int(math.Round(v.Confidence))), "data-as-read", read, "data-whole-word", broken)
	w.Text(text)
	w.Close()
}

func bbox(b transcript.Box) string { return fmt.Sprintf("bbox %d %d %d %d", b[0], b[1], b[2], b[3]) }

// quoted spells a file name as hOCR properties have it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
