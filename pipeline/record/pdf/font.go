package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// font writes the unseen font: one empty glyph that every code shows, with the
// way back from codes to characters.
func (d *document) font() {
	d.object(fontID, fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /Unseen /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>",
		cidFontID, toUnicodeID))
	d.object(cidFontID, fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Unseen /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"+
		" /FontDescriptor %d 0 R /DW %d /CIDToGIDMap %d 0 R >>", descriptorID, advance, glyphMapID))
	d.object(descriptorID, fmt.Sprintf("<< /Type /FontDescriptor /FontName /Unseen /Flags 5 /FontBBox [0 -%d %d %d] /ItalicAngle 0 /Ascent %d /Descent -%d"+
		" /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>", descent, advance, ascent, ascent, descent, ascent, fontFileID))
	file := trueType()
	d.stream(fontFileID, fmt.Sprintf(" /Length1 %d", len(file)), file)
	d.stream(glyphMapID, "", make([]byte, 2*(len(d.runes)+1))) // every code shows glyph 0
	d.stream(toUnicodeID, "", toUnicode(d.runes))
	d.object(helveticaID, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
}

// toUnicode maps codes to characters, a hundred a block as readers want.
func toUnicode(runes []rune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Unseen-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 0; from < len(runes); from += 100 {
		to := min(from+100, len(runes))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for i := from; i < to; i++ {
			var hex strings.Builder
			for _, u := range utf16.Encode(runes[i : i+1]) {
				fmt.Fprintf(&hex, "%04X", u)
			}
			fmt.Fprintf(&b, "<%04X> <%s>\n", i+1, hex.String())
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// trueType makes a font file of one empty glyph, with the tables that PDF
// wants of an embedded font (ISO 32000-1, 9.9) and no others.
func trueType() []byte {
	be := binary.BigEndian
	head := make([]byte, 54)
	be.PutUint32(head[0:], 0x00010000)
	be.PutUint32(head[4:], 0x00010000)
	be.PutUint32(head[12:], 0x5F0F3CF5) // magic number of the table
	be.PutUint16(head[16:], 3)          // baseline and side bearing at 0
	be.PutUint16(head[18:], 1000)       // units per em
	be.PutUint16(head[36:], 0)
	be.PutUint16(head[38:], uint16(0xFFFF-descent+1))
	be.PutUint16(head[40:], advance)
	be.PutUint16(head[42:], ascent)
	be.PutUint16(head[46:], 8) // smallest readable size
	be.PutUint16(head[48:], 2) // left to right
	hhea := make([]byte, 36)
	be.PutUint32(hhea[0:], 0x00010000)
	be.PutUint16(hhea[4:], ascent)
	be.PutUint16(hhea[6:], uint16(0xFFFF-descent+1))
	be.PutUint16(hhea[10:], advance)
	be.PutUint16(hhea[18:], 1)
	be.PutUint16(hhea[34:], 1)
	maxp := make([]byte, 32)
	be.PutUint32(maxp[0:], 0x00010000)
	be.PutUint16(maxp[4:], 1) // glyphs
	be.PutUint16(maxp[14:], 1)
	hmtx := make([]byte, 4)
	be.PutUint16(hmtx, advance)
	tables := []struct {
		tag  string
		data []byte
	}{{"glyf", make([]byte, 4)}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", make([]byte, 4)}, {"maxp", maxp}}

	var out, body bytes.Buffer
	n := len(tables)
	binary.Write(&out, be, []uint16{0, 1, 0, 0, 0, 0}) // a buffer takes all
	be.PutUint32(out.Bytes()[0:], 0x00010000)
	be.PutUint16(out.Bytes()[4:], uint16(n))
	be.PutUint16(out.Bytes()[6:], 64) // search range for six tables
	be.PutUint16(out.Bytes()[8:], 2)
	be.PutUint16(out.Bytes()[10:], uint16(n*16-64))
	for _, t := range tables {
		out.WriteString(t.tag)
		binary.Write(&out, be, []uint32{checksum(t.data), uint32(12 + 16*n + body.Len()), uint32(len(t.data))})
		body.Write(t.data)
		for body.Len()%4 != 0 {
			body.WriteByte(0)
		}
	}
	out.Write(body.Bytes())
	return out.Bytes()
}

// checksum of a table: the sum of its words.
func checksum(b []byte) (sum uint32) {
	for len(b)%4 != 0 {
		b = append(b[:len(b):len(b)], 0)
	}
	for ; len(b) > 0; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	return sum
}
