package samplebox

import "encoding/binary"

// tiffG4 is a TIFF file of these pages, each one strip of CCITT Group 4 at
// dpi dots an inch.
func tiffG4(dpi int, pages ...bilevel) []byte {
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4 // where the offset of the next directory goes
	for i, p := range pages {
		data := p.g4()
		strip := len(out)
		out = append(out, data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
		rational := len(out)
		out = binary.LittleEndian.AppendUint32(out, uint32(dpi))
		out = binary.LittleEndian.AppendUint32(out, 1)
		binary.LittleEndian.PutUint32(out[link:], uint32(len(out)))
		entries := [][3]uint32{ // tag, type (3 short, 4 long, 5 rational), value
			{254, 4, 2},             // one page of many
			{256, 4, uint32(p.w)},   // width
			{257, 4, uint32(p.h)},   // height
			{258, 3, 1},             // bits a sample
			{259, 3, 4},             // CCITT Group 4
			{262, 3, 0},             // white is zero
			{266, 3, 1},             // fill order
			{273, 4, uint32(strip)}, // where the strip is
			{277, 3, 1},             // samples a pixel
			{278, 4, uint32(p.h)},   // rows a strip
			{279, 4, uint32(len(data))},
			{282, 5, uint32(rational)}, // dots an inch, across
			{283, 5, uint32(rational)}, // and down
			{296, 3, 2},                // an inch
			{297, 3, uint32(i) | uint32(len(pages))<<16}, // page number, of
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(len(entries)))
		for _, e := range entries {
			count := uint32(1)
			if e[0] == 297 {
				count = 2
			}
			out = binary.LittleEndian.AppendUint16(out, uint16(e[0]))
			out = binary.LittleEndian.AppendUint16(out, uint16(e[1]))
			out = binary.LittleEndian.AppendUint32(out, count)
			out = binary.LittleEndian.AppendUint32(out, e[2])
		}
		link = len(out)
		out = binary.LittleEndian.AppendUint32(out, 0)
	}
	return out
}
