package oddnames

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Habits, each drawn as often as it says. What is right is said beside the names.
var habits = []struct {
	kind  string
	times int
	draw  func(d *drawer)
}{
	{"eight digits", 8, numbered(one, "%08d", "PPN84512903X_%08d", "00000%03d", "39015012345678_%08d")},
	{"eight digits with texts beside", 3, func(d *drawer) {
		for n := range d.few() {
			name := fmt.Sprintf("%08d", n+1)
			d.page(name + ".tif")
			d.side(name+".txt", "text\n")
		}
		d.side("checksum.md5", "d41d8cd98f00b204e9800998ecf8427e  00000001.tif\n")
	}},
	{"leaves r and v", 6, sides([2]string{"%03dr", "%03dv"}, [2]string{"MS-12_f%03dr", "MS-12_f%03dv"}, [2]string{"fol. %dr", "fol. %dv"},
		[2]string{"Bl_%dr", "Bl_%dv"}, [2]string{"add45_%03d_r", "add45_%03d_v"}, [2]string{"f%dR", "f%dV"})},
	{"leaves recto and verso", 5, sides([2]string{"letter_%03d_recto", "letter_%03d_verso"}, [2]string{"%d recto", "%d verso"},
		[2]string{"ms7-%02d-ro", "ms7-%02d-vo"}, [2]string{"%03d-Recto", "%03d-Verso"}, [2]string{"fol%03d.recto", "fol%03d.verso"})},
	{"front and back of cards", 5, func(d *drawer) {
		pair := [][2]string{{"postcard_%03d_front", "postcard_%03d_back"}, {"card %d front", "card %d back"}, {"IMG_%04d-front", "IMG_%04d-back"},
			{"foto%03d_Vorderseite", "foto%03d_Rückseite"}, {"cp%03d-recto", "cp%03d-verso"}}[d.nth]
		first, ext := anywhere(d), d.ext()
		for n := range 2 + d.IntN(5) {
			d.item()
			d.page(fmt.Sprintf(pair[0], first+n) + ext)
			d.page(fmt.Sprintf(pair[1], first+n) + ext)
		}
		d.either()
	}},
	{"one card, front and back", 3, listed([]string{"front", "back"}, []string{"postcard_front", "postcard_back"}, []string{"Vorderseite", "Rückseite"})},
	{"windows numbers", 4, numbered(one, "letter (%d)", "Scan (%d)", "Brief an Clara (%d)", "(%d)")},
	{"windows numbers, the first without", 3, func(d *drawer) {
		ext, stem := d.ext(), d.pick("letter", "Scan", "document")
		d.page(stem + ext)
		for n := range d.few() {
			d.page(fmt.Sprintf("%s (%d)%s", stem, n+2, ext))
		}
	}},
	{"mac numbers, the first without", 3, func(d *drawer) {
		ext, stem := d.ext(), d.pick("Scan", "Untitled", "Image")
		d.page(stem + ext)
		for n := range d.few() {
			d.page(fmt.Sprintf("%s %d%s", stem, n+2, ext))
		}
	}},
	{"cameras", 9, numbered(anywhere, "IMG_%04d", "DSC%05d", "DSCF%04d", "_MG_%04d", "P101%04d", "IMGP%04d", "100_%04d", "CRW_%04d", "DJI_%04d")},
	{"phones", 5, func(d *drawer) {
		format := []string{"20230914_1015%02d", "IMG_20230914_1015%02d", "PXL_20230914_1015%02d345", "IMG-20230914-WA00%02d", "CamScanner 09-14-2023 10.15_%d"}[d.nth]
		step := 1
		if d.nth < 3 { // seconds: pages are some seconds apart
			step = 3
		}
		for n := range d.few() {
			d.page(fmt.Sprintf(format, 10+n*step) + ".jpg")
		}
	}},
	{"scanners", 9, numbered(one, "scan%04d", "Scan_%04d", "Image%03d", "Scannen%04d", "numérisation%04d", "img20230914_10151%03d",
		"SKM_C25823091410150_%04d", "Document_2023-09-14_%03d", "MX-2640N_20230914_101512_%03d")},
	{"halves a and b", 4, sides([2]string{"scan%04da", "scan%04db"}, [2]string{"%03dA", "%03dB"}, [2]string{"p%d-a", "p%d-b"}, [2]string{"img_%04d_a", "img_%04d_b"})},
	{"halves left and right", 5, sides([2]string{"book_%04d_L", "book_%04d_R"}, [2]string{"%04dL", "%04dR"}, [2]string{"IMG_%04d_left", "IMG_%04d_right"},
		[2]string{"scan-%03d-1L", "scan-%03d-2R"}, [2]string{"opening %d links", "opening %d rechts"})},
	{"halves 1 and 2", 3, func(d *drawer) {
		pair, first := []string{"%03d_%d", "scan %d-%d", "p%02d.%d"}[d.nth], anywhere(d)
		for n := range 2 + d.IntN(5) {
			d.item()
			d.page(fmt.Sprintf(pair, first+n, 1) + ".tif")
			d.page(fmt.Sprintf(pair, first+n, 2) + ".tif")
		}
		d.either() // or two pages of an item with that number
	}},
	{"leading letters", 5, func(d *drawer) {
		ext, pad := d.ext(), []string{"%s%03d", "%s%d", "%s-%02d", "%s_%03d", "%s %d"}[d.nth]
		for _, letter := range []string{"A", "B", "C"}[:2+d.IntN(2)] {
			d.item()
			for n := range d.few() {
				d.page(fmt.Sprintf(pad, letter, n+1) + ext)
			}
		}
		d.either()
	}},
	{"roman front matter", 4, func(d *drawer) {
		ext := d.ext()
		format := []string{"%s", "p_%s", "book_%s", "page %s"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf(format, roman(n+1)) + ext)
		}
		for n := range d.few() {
			d.page(fmt.Sprintf(format, fmt.Sprint(n+1)) + ext)
		}
	}},
	{"roman numbers", 4, func(d *drawer) {
		ext := d.ext()
		format := []string{"%s", "letter_%s", "Tafel %s", "chapter-%s"}[d.nth]
		for n := range d.few() + 4 {
			numeral := roman(n + 1)
			if d.nth != 1 {
				numeral = strings.ToUpper(numeral)
			}
			d.page(fmt.Sprintf(format, numeral) + ext)
		}
	}},
	{"leaves and pages mixed", 3, func(d *drawer) {
		ext := d.ext()
		for n := range 3 {
			d.page(fmt.Sprintf("f%03dr%s", n+1, ext))
			d.page(fmt.Sprintf("f%03dv%s", n+1, ext))
		}
		for n := range 4 {
			d.page(fmt.Sprintf("p%03d%s", n+7, ext))
		}
		d.unsaid()
	}},
	{"capital and lower-case extensions", 4, func(d *drawer) {
		exts := [][]string{{".tif", ".TIF"}, {".jpg", ".JPG", ".Jpg"}, {".jpeg", ".jpg", ".JPG"}, {".tiff", ".tif"}}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf("%04d%s", n+1, exts[d.IntN(len(exts))]))
		}
	}},
	{"capital and lower-case names", 3, func(d *drawer) {
		stem, ext := []string{"letter", "brief", "scan"}[d.nth], d.ext()
		for n := range d.few() {
			s := stem
			if n%3 == 1 {
				s = strings.ToUpper(s[:1]) + s[1:]
			} else if n%3 == 2 {
				s = strings.ToUpper(s)
			}
			d.page(fmt.Sprintf("%s_%03d%s", s, n+1, ext))
		}
	}},
	{"two normal forms", 4, func(d *drawer) {
		forms := [][2]string{{"Geb\u00fchren_", "Gebu\u0308hren_"}, {"re\u00e7u-", "rec\u0327u-"}, {"p\u00e1gina ", "pa\u0301gina "}, {"\u00c5rsbok", "A\u030arsbok"}}[d.nth]
		ext := d.ext()
		for n := range d.few() {
			d.page(fmt.Sprintf("%s%03d%s", forms[d.IntN(2)], n+1, ext))
		}
	}},
	{"two normal forms of a folder", 2, func(d *drawer) {
		forms := [2]string{"Geb\u00fchren 4", "Gebu\u0308hren 4"}
		for n := range d.few() {
			d.page(fmt.Sprintf("%s/%03d.tif", forms[n%2], n+1))
		}
		d.unsaid()
	}},
	{"gaps", 6, func(d *drawer) {
		format, ext := []string{"%04d", "letter_%03d", "%08d", "IMG_%04d", "p. %d", "letter (%d)"}[d.nth], d.ext()
		count, missing := d.few()+3, 0
		missing = 2 + d.IntN(count-3)
		for n := 1; n <= count; n++ {
			if n != missing {
				d.page(fmt.Sprintf(format, n) + ext)
			}
		}
		d.unsaid()
	}},
	{"a gap among leaves", 3, func(d *drawer) {
		format, ext := []string{"%03d%s", "fol. %d%s", "ms_%03d_%s"}[d.nth], d.ext()
		missing := 1 + d.IntN(8)
		for n := range 10 {
			if n != missing {
				d.page(fmt.Sprintf(format, 1+n/2, []string{"r", "v"}[n%2]) + ext)
			}
		}
		d.unsaid()
	}},
	{"odd numbers only", 2, func(d *drawer) {
		for n := range d.few() {
			d.page(fmt.Sprintf("p%03d.tif", 2*n+1))
		}
		d.unsaid()
	}},
	{"master and access, two formats", 5, copies([2]string{"%04d.tif", "%04d.jpg"}, [2]string{"ms_%03d.TIF", "ms_%03d.JPG"}, [2]string{"%08d.tif", "%08d.jp2"},
		[2]string{"IMG_%04d.CR2.tif", "IMG_%04d.jpg"}, [2]string{"letter-%d.tiff", "letter-%d.png"})},
	{"master and access, two folders", 5, copies([2]string{"master/%04d.tif", "access/%04d.jpg"}, [2]string{"TIFF/ms_%03d.tif", "JPEG/ms_%03d.jpg"},
		[2]string{"preservation/%04d.tif", "derivatives/%04d.jp2"}, [2]string{"tif/%08d.tif", "jpg/%08d.jpg"}, [2]string{"masters/%03d.tif", "thumbs/%03d.jpg"})},
	{"master and access, said in the name", 5, copies([2]string{"%04d_master.tif", "%04d_access.jpg"}, [2]string{"%04d_m.tif", "%04d_a.jpg"},
		[2]string{"%03d-hires.tif", "%03d-lowres.jpg"}, [2]string{"ms_%03d_archival.tif", "ms_%03d_web.jpg"}, [2]string{"%04d_o.tif", "%04d_thumb.jpg"})},
	{"master and access, a gap in one", 2, func(d *drawer) {
		for n := range 8 {
			if n == 4 {
				d.page(fmt.Sprintf("%04d.tif", n+1))
				continue
			}
			d.page(fmt.Sprintf("%04d.tif", n+1), fmt.Sprintf("%04d.jpg", n+1))
		}
	}},
	{"item.json", 10, itemJSON},
	{"nested folders", 3, func(d *drawer) {
		for year := range 2 {
			for letter := range 2 + d.IntN(2) {
				d.item()
				for n := range d.few() {
					d.page(fmt.Sprintf("%d/letter %d/%03d.tif", 1920+year, letter+1, n+1))
				}
			}
		}
	}},
	{"nested folders, numbers that go on", 2, func(d *drawer) {
		n := 0
		for folder := range 3 {
			d.item()
			for range d.few() {
				n++
				d.page(fmt.Sprintf("Mappe %d/IMG_%04d.jpg", folder+1, n))
			}
		}
		d.either()
	}},
	{"pages beside folders of pages", 2, func(d *drawer) {
		for n := range d.few() {
			d.page(fmt.Sprintf("%03d.tif", n+1))
		}
		d.item()
		for n := range d.few() {
			d.page(fmt.Sprintf("enclosure/%03d.tif", n+1))
		}
	}},
	{"names of odd bytes", 4, func(d *drawer) {
		stem := []string{"Geb\xfchr_", "re\xe7u-", "\x83\x58\x83\x4c\x83\x83\x83\x93", "Fa\u0308\xe4_"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf("%s%03d.tif", stem, n+1))
		}
	}},
	{"numbers without zeros", 5, numbered(one, "%d", "letter %d", "p%d", "Scan-%d", "doc.%d")},
	{"zeros that differ", 4, func(d *drawer) {
		stem, ext := []string{"", "p", "letter_", "IMG "}[d.nth], d.ext()
		for n := range d.few() + 3 {
			d.page(fmt.Sprintf("%s%0*d%s", stem, 1+d.IntN(4), n+1, ext))
		}
	}},
	{"dots, underscores and dates", 6, func(d *drawer) {
		format := []string{"letter.1923.05.12.%03d", "1923-05-12_%03d", "letter_1923-05-12_p%d", "1999.12.3_%03d", "19230512-%d", "12.05.1923 - %d"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf(format, n+1) + ".tif")
		}
	}},
	{"letters told apart by their dates", 3, func(d *drawer) {
		format := []string{"letter_1923-05-%02d_p%d", "1923.05.%02d_%03d", "192305%02d_%d"}[d.nth]
		for day := range 3 {
			d.item()
			for n := range 2 + d.IntN(3) {
				d.page(fmt.Sprintf(format, 10+3*day, n+1) + ".jpg")
			}
		}
	}},
	{"one page a day", 3, func(d *drawer) {
		format := []string{"1923-05-%02d", "diary_192305%02d", "%02d.05.1923"}[d.nth]
		for n := range d.few() {
			d.item()
			d.page(fmt.Sprintf(format, n+1) + ".jpg")
		}
		d.either()
	}},
	{"the word for page", 11, numbered(anywhere, "p. %d", "page %d", "Seite_%03d", "S. %d", "pag_%d", "página %d", "str. %d", "Blatt %d", "pg%03d", "ms12_p%d", "Bild-%03d")},
	{"number of number", 3, func(d *drawer) {
		count := d.few() + 2
		format := []string{"Page %d of %d", "%d_of_%d", "scan %d-%d"}[d.nth]
		for n := range count {
			d.page(fmt.Sprintf(format, n+1, count) + ".jpg")
		}
	}},
	{"numbers in signs", 5, numbered(one, "letter-%d-", "letter [%d]", "letter{%d}", "letter#%d", "-%d-")},
	{"leaves put in", 6, listed(
		[]string{"11", "12", "12a", "12b", "13", "14"}, []string{"011", "012", "012bis", "013"}, []string{"p11", "p12", "p12 bis", "p12 ter", "p13"},
		[]string{"ms_011", "ms_012", "ms_012a", "ms_013", "ms_014"}, []string{"11", "12", "12.1", "12.2", "13"}, []string{"fol. 11r", "fol. 11v", "fol. 11bis r", "fol. 11bis v", "fol. 12r", "fol. 12v"})},
	{"covers", 7, listed(
		[]string{"cover", "001", "002", "003", "004", "back cover"},
		[]string{"000_cover", "001", "002", "003", "004_back"},
		[]string{"front_cover", "inside_front_cover", "001", "002", "003", "inside_back_cover", "back_cover", "spine"},
		[]string{"Einband_vorne", "Vorsatz", "001", "002", "003", "Nachsatz", "Einband_hinten"},
		[]string{"ms12_cover", "ms12_001", "ms12_002", "ms12_003", "ms12_spine"},
		[]string{"00_front", "01", "02", "03", "99_back"},
		[]string{"Title", "p001", "p002", "p003", "p004", "endpaper"})},
	{"colour targets", 5, listed(
		[]string{"000_target", "001", "002", "003", "004"}, []string{"001", "002", "003", "004", "target"}, []string{"ms_001", "ms_002", "ms_003", "ms_colorchecker"},
		[]string{"0000_color_target", "0001", "0002", "0003"}, []string{"001", "002", "003", "zz_Farbkarte"})},
	{"shelfmarks", 6, numbered(one, "MS_Add_12345_%03d", "GB-0074-LMA-4063-01-%03d", "B 23 Nr 45 Bl %d", "NL-HaNA_1.04.02_11190_%04d", "AT-OeStA_FHKA_%d", "bsb00012345_%05d")},
	{"several items in a folder", 6, func(d *drawer) {
		format := []string{"letter-%03d-%04d", "box3_folder2_item%d_p%03d", "%04d_%04d", "doc%d-%d", "Akte %d Blatt %d", "K%d_B%02d"}[d.nth]
		first := 11 + d.IntN(80)
		for item := range 3 {
			d.item()
			for n := range 2 + d.IntN(10) {
				d.page(fmt.Sprintf(format, first+item, n+1) + ".tif")
			}
		}
	}},
	{"several items told apart by words", 4, func(d *drawer) {
		format := []string{"%s_%03d", "%s %d", "%s-p%d", "%s%02d"}[d.nth]
		for _, word := range []string{"contract", "deed", "letter"} {
			d.item()
			for n := range 2 + d.IntN(10) {
				d.page(fmt.Sprintf(format, word, n+1) + ".tif")
			}
		}
	}},
	{"volumes", 3, func(d *drawer) {
		format := []string{"v%d_%03d", "Bd%d_S%03d", "vol. %d p. %d"}[d.nth]
		for volume := range 3 {
			d.item()
			for n := range d.few() {
				d.page(fmt.Sprintf(format, volume+1, n+1) + ".tif")
			}
		}
	}},
	{"copies by a file manager", 5, func(d *drawer) {
		again := []string{"%04d - Copy", "%04d - Kopie", "%04d copy", "%04d(1)", "%04d_1"}[d.nth]
		count := d.few()
		for n := range count {
			if n == 2 {
				d.page(fmt.Sprintf("%04d.jpg", n+1), fmt.Sprintf(again+".jpg", n+1))
				continue
			}
			d.page(fmt.Sprintf("%04d.jpg", n+1))
		}
	}},
	{"taken again", 4, func(d *drawer) {
		again := []string{"%04d_retake", "%04d_v2", "%04d new", "%04d_neu"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf("%04d.tif", n+1))
			if n == 2 {
				d.page(fmt.Sprintf(again+".tif", n+1))
			}
		}
		d.unsaid()
	}},
	{"a system's litter", 3, func(d *drawer) {
		for n := range d.few() {
			name := fmt.Sprintf("%04d.tif", n+1)
			d.page(name)
			if d.nth > 0 {
				d.side("._"+name, "\x00\x05\x16\x07")
			}
		}
		d.side("Thumbs.db", "\xd0\xcf\x11\xe0")
		d.side(".DS_Store", "\x00\x00\x00\x01Bud1")
		d.side("desktop.ini", "[.ShellClassInfo]\r\n")
	}},
	{"two extensions", 3, numbered(one, "%04d.tif", "page_%03d.psd", "%d.pdf")},
	{"odd blanks", 4, numbered(one, "letter  %d", "letter\u00a0%d", " %03d", "letter_ %d ")},
	{"from nought or from the middle", 5, numbered(func(d *drawer) int { return 117 * d.IntN(2) }, "%04d", "p%d", "ms_%03d", "%d", "IMG_%04d")},
	{"openings", 4, func(d *drawer) {
		format := []string{"%03d-%03d", "p%d-%d", "ms_%03d_%03d", "S. %d+%d"}[d.nth]
		first := 2 + 2*d.IntN(40)
		for n := range d.few() {
			d.page(fmt.Sprintf(format, first+2*n, first+2*n+1) + ".tif")
		}
	}},
	{"openings of leaves", 2, func(d *drawer) {
		format := []string{"%03dv-%03dr", "ff. %dv-%dr"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf(format, n+1, n+2) + ".tif")
		}
	}},
	{"digits of other scripts", 3, func(d *drawer) {
		zero := []rune{'٠', '०', '０'}[d.nth]
		for n := range d.few() {
			name := strings.Map(func(r rune) rune { return zero + r - '0' }, fmt.Sprintf("%03d", n+1))
			d.page(name + ".jpg")
		}
	}},
	{"letters alone", 2, func(d *drawer) {
		for n := range d.few() {
			d.page(string(rune("aA"[d.nth])+rune(n)) + ".jpg")
		}
	}},
	{"names without an order", 2, func(d *drawer) {
		for range d.few() {
			d.page(fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x.jpg", d.Uint32(), d.IntN(1<<16), d.IntN(1<<12), d.IntN(1<<12), d.Uint64()>>16))
		}
		d.unsaid()
	}},
	{"words without an order", 2, func(d *drawer) {
		for _, word := range []string{"title", "dedication", "map of the town", "index", "colophon"} {
			d.item()
			d.page(word + ".tif")
		}
		d.either() // words say nothing: each by itself, or all together
	}},
	{"plates among pages", 3, func(d *drawer) {
		plate := []string{"pl_%02d", "Tafel %d", "plate%d"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf("%03d.tif", n+1))
		}
		for n := range 3 {
			d.page(fmt.Sprintf(plate, n+1) + ".tif")
		}
		d.unsaid()
	}},
	{"details of a page", 3, func(d *drawer) {
		detail := []string{"%04d_detail", "%04d_crop", "%04d_closeup"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf("%04d.tif", n+1))
			if n == 1 {
				d.page(fmt.Sprintf(detail, n+1) + ".tif")
			}
		}
	}},
	{"one name in two cases", 2, func(d *drawer) {
		for n := range d.few() {
			d.page(fmt.Sprintf("%04d.tif", n+1))
		}
		d.page("0001.TIF")
		d.unsaid()
	}},
	{"enclosures in the name", 3, func(d *drawer) {
		enclosure := []string{"letter_encl_%02d", "letter_Beilage_%d", "letter_annex%d"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf("letter_%02d.tif", n+1))
		}
		d.item()
		for n := range 2 {
			d.page(fmt.Sprintf(enclosure, n+1) + ".tif")
		}
		d.either()
	}},
	{"parts a and b of volumes", 2, func(d *drawer) {
		for _, part := range []string{"1a", "1b"} {
			d.item()
			for n := range d.few() {
				d.page(fmt.Sprintf("ms%s_%03d.tif", part, n+1))
			}
		}
	}},
	{"pages that turn over at a thousand", 2, func(d *drawer) {
		format := []string{"p%d", "book_%03d"}[d.nth]
		for n := range d.few() + 4 {
			d.page(fmt.Sprintf(format, 994+n) + ".tif")
		}
	}},
	{"digits of one place before two", 3, numbered(func(*drawer) int { return 7 }, "Foto%d", "akte-7-%d", "ms.b.%d")},
	{"page numbers behind a count", 3, func(d *drawer) {
		format := []string{"%04d_p%d", "%03d-fol%dr", "%05d_S%02d"}[d.nth]
		for n := range d.few() {
			d.page(fmt.Sprintf(format, n+1, n+9) + ".tif")
		}
	}},
	{"count before r and v", 2, func(d *drawer) {
		for n := range 10 {
			d.page(fmt.Sprintf("%04d_f%03d%s.tif", n+1, 1+n/2, []string{"r", "v"}[n%2]))
		}
	}},
	{"spreads and covers by count and word", 2, func(d *drawer) {
		ext := d.ext()
		d.page("0001_cover" + ext)
		for n := range d.few() {
			d.page(fmt.Sprintf("%04d_page", n+2) + ext)
		}
		d.page("0099_back cover" + ext)
		d.unsaid()
	}},
}

// itemJSON draws folders whose order a manifest says, as people write it.
func itemJSON(d *drawer) {
	names := []string{"zweite", "erste", "dritte", "Nachtrag"}
	if d.nth == 3 || d.nth == 4 {
		names = []string{"B\u00fcndel", "a", "M\u00e4rz", "c"}
	}
	said := make([]string, len(names))
	for n, name := range names {
		d.page(name + ".jpg")
		said[n] = name + ".jpg"
	}
	encode := func(order []string) string {
		body, err := json.Marshal(map[string]any{"pages": order})
		if err != nil {
			panic(err) // strings always marshal
		}
		return string(body)
	}
	body := encode(said)
	switch d.nth {
	case 0: // as asked
	case 1:
		body = "\ufeff" + body
	case 2:
		body = utf16le(body)
	case 3:
		body = strings.NewReplacer("\u00fc", "u\u0308", "\u00e4", "a\u0308").Replace(body)
	case 4:
		body = encode(append([]string{strings.ToUpper(said[0])}, said[1:]...))
	case 5: // a name that is not there
		body = encode(append(said[:2:2], "vierte.jpg", "dritte.jpg", "Nachtrag.jpg"))
		d.unsaid()
	case 6: // a page that the manifest leaves out
		body = encode(said[:3])
		d.unsaid()
	case 7: // a name twice
		body = encode(append(said, said[0]))
		d.unsaid()
	case 8: // no JSON
		body = strings.ReplaceAll(body, `"`, "'")
		d.unsaid()
	case 9: // its end is not there
		body = body[:len(body)-4]
		d.unsaid()
	}
	d.side("item.json", body)
}

func utf16le(s string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}
