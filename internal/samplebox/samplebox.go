// Package samplebox draws the sample box: invented memos of the 1950s, typed on
// a worn machine, scanned carelessly, in two folders. `make demo` runs it and
// tests read it. The committed files under testdata are what Files returns;
// `go generate ./internal/samplebox` writes them anew.
package samplebox

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/jpeg"
	"path"
	"strings"
)

//go:generate go run ./draw ../../testdata

// The box and its truth, below testdata.
const (
	Box   = "samplebox"
	Truth = "samplebox-truth" // the typed text of each item, FOLDER/ITEM.txt, pages parted by form feeds
)

// The folders of the box. The second has a name that object keys and URLs
// escape in different ways.
const (
	Conference = "Lake Conference 1955"
	Legation   = "Légation Karsova 1957 + post"
)

//go:embed memos
var memos embed.FS

// Text is what was typed for an item: its pages, without the marks for gaps.
func Text(item string) ([]string, error) {
	pages, err := typed(item)
	for i := range pages {
		pages[i] = strings.ReplaceAll(pages[i], string(tight), " ")
	}
	return pages, err
}

func typed(item string) ([]string, error) {
	raw, err := memos.ReadFile("memos/" + item + ".txt")
	if err != nil {
		return nil, fmt.Errorf("memo %s: %w", item, err)
	}
	return strings.Split(string(raw), "\f"), nil
}

// A scan is one file or a group of them, made from one memo.
type scan struct {
	folder, item string
	seed         uint64
	wear         []wear // of each page
	files        func(item string, pages []*image.Gray) (map[string][]byte, error)
}

func scans() []scan {
	clean := wear{}
	return []scan{
		{Conference, "memcon-lake-convention", 11, []wear{{skew: 14, specks: 60}, {skew: -9, specks: 90, blot: true}, {specks: 40}}, asTIFF},
		{Conference, "memorandum-harbor-dues", 12, []wear{{grey: 40, shade: 40, grain: 6, skew: 6}, {grey: 40, shade: 20}}, asGroup},
		{Conference, "despatch-112", 13, []wear{{skew: -12, specks: 30}, {skew: 5, specks: 30}}, asPDF},
		{Conference, "letter-to-ainsley", 14, []wear{{grey: 25, grain: 5, skew: -16}}, asJPEG},
		{Conference, "telephone-call-dunmore", 15, []wear{{grey: 60, shade: 30}}, asPNG},
		{Legation, "telegram-31-from-karsova", 16, []wear{{specks: 250, skew: 4}}, asTIFF},
		{Legation, "telegram-19-to-karsova", 17, []wear{{grey: 70, grain: 8, shade: 30}}, asJPEG},
		{Legation, "record-of-inspection", 18, []wear{{skew: 20, specks: 80, blot: true}}, asTIFF},
		{Legation, "letter-of-thanks", 19, []wear{{grey: 35, shade: 50, skew: 7}}, asPNG},
		{Legation, "note-verbale-cut-short", 20, []wear{clean}, asTruncatedTIFF},
		{Legation, "memcon-ratification", 21, nil, nil},
	}
}

// Files are all files of the box and its truth by their path below testdata.
func Files() (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, s := range scans() {
		pages, err := typed(s.item)
		if err != nil {
			return nil, err
		}
		text := strings.Join(pages, "\f")
		out[path.Join(Truth, s.folder, s.item+".txt")] = []byte(strings.ReplaceAll(text, string(tight), " "))
		if s.files == nil { // a text is its own scan
			out[path.Join(Box, s.folder, s.item+".txt")] = []byte(text)
			continue
		}
		drawn, err := s.draw(pages, dpi)
		if err != nil {
			return nil, err
		}
		files, err := s.files(s.item, drawn)
		if err != nil {
			return nil, err
		}
		for name, data := range files {
			out[path.Join(Box, s.folder, name)] = data
		}
	}
	out[path.Join(Box, Legation, "letter-to-ainsley (copy).jpg")] = out[path.Join(Box, Conference, "letter-to-ainsley.jpg")]
	out[path.Join(Box, Legation, "back-of-inspection.tif")] = blankPage()
	out[path.Join(Truth, Legation, "back-of-inspection.txt")] = []byte{}
	out[path.Join(Box, Legation, "scanner-settings.ini")] = []byte("[scanner]\nresolution=200\nmode=auto\n")
	return out, nil
}

// draw types the pages and wears them, as scanned at so many dots an inch.
func (s scan) draw(pages []string, resolution int) ([]*image.Gray, error) {
	t, err := newTypewriter(s.seed, resolution)
	if err != nil {
		return nil, err
	}
	lines := 0
	for _, p := range pages {
		lines = max(lines, strings.Count(p, "\n")+1)
	}
	var out []*image.Gray
	for i, p := range pages {
		out = append(out, s.wear[i].apply(t.sheet(p, lines), resolution, &t.hand))
	}
	return out, nil
}

func blankPage() []byte {
	hand := noise(22)
	sheet := image.NewGray(image.Rect(0, 0, paperW, 1100))
	for i := range sheet.Pix {
		sheet.Pix[i] = 0xFF
	}
	return tiffG4(dpi, blackAndWhite(wear{specks: 35}.apply(sheet, dpi, &hand), 128))
}

func bilevels(pages []*image.Gray) []bilevel {
	out := make([]bilevel, len(pages))
	for i, p := range pages {
		out[i] = blackAndWhite(p, 150)
	}
	return out
}

func asTIFF(item string, pages []*image.Gray) (map[string][]byte, error) {
	return map[string][]byte{item + ".tif": tiffG4(dpi, bilevels(pages)...)}, nil
}

// asTruncatedTIFF is a file whose copying stopped: its directory, which is
// written last, is gone.
func asTruncatedTIFF(item string, pages []*image.Gray) (map[string][]byte, error) {
	whole := tiffG4(dpi, bilevels(pages)...)
	return map[string][]byte{item + ".tif": whole[:len(whole)*6/10]}, nil
}

func asPDF(item string, pages []*image.Gray) (map[string][]byte, error) {
	return map[string][]byte{item + ".pdf": pdfG4(dpi, bilevels(pages)...)}, nil
}

func asJPEG(item string, pages []*image.Gray) (map[string][]byte, error) {
	data, err := jpegOf(pages[0], dpi)
	return map[string][]byte{item + ".jpg": data}, err
}

func asPNG(item string, pages []*image.Gray) (map[string][]byte, error) {
	data, err := pngOf(pages[0])
	return map[string][]byte{item + ".png": data}, err
}

// asGroup is one file a page, JPEG and PNG by turns.
func asGroup(item string, pages []*image.Gray) (map[string][]byte, error) {
	out := map[string][]byte{}
	for i, p := range pages {
		data, err := jpegOf(p, dpi)
		ext := "jpg"
		if i%2 == 1 {
			data, err = pngOf(p)
			ext = "png"
		}
		if err != nil {
			return nil, err
		}
		out[fmt.Sprintf("%s_p%03d.%s", item, i+1, ext)] = data
	}
	return out, nil
}

func jpegOf(page *image.Gray, resolution int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page, &jpeg.Options{Quality: 45}); err != nil {
		return nil, fmt.Errorf("encode a JPEG: %w", err)
	}
	// The encoder writes no resolution; a JFIF header after the first two bytes does.
	high, low := byte(resolution>>8), byte(resolution)
	jfif := []byte{0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, high, low, high, low, 0, 0}
	return append(append([]byte{0xFF, 0xD8}, jfif...), b.Bytes()[2:]...), nil
}
