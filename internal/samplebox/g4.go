package samplebox

// bilevel is a page of black and white, a byte a pixel: 1 is black.
type bilevel struct {
	w, h int
	pix  []byte
}

// bits gathers bits into bytes, the most significant first.
type bits struct {
	out  []byte
	free int // unused bits of the last byte
}

func (b *bits) put(code string) {
	for _, c := range code {
		if b.free == 0 {
			b.out, b.free = append(b.out, 0), 8
		}
		b.free--
		if c == '1' {
			b.out[len(b.out)-1] |= 1 << b.free
		}
	}
}

// The vertical modes of ITU-T T.6: how far the change lies right of the one
// above it, from -3 to 3.
var verticalCodes = [7]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}

const (
	passCode       = "0001"
	horizontalCode = "001"
	endOfLine      = "000000000001"
)

// g4 encodes the page as ITU-T T.6 (CCITT Group 4) with its end of block.
func (p bilevel) g4() []byte {
	var out bits
	above := make([]byte, p.w)
	for y := range p.h {
		row := p.pix[y*p.w : (y+1)*p.w]
		g4Row(&out, row, above)
		above = row
	}
	out.put(endOfLine + endOfLine)
	return out.out
}

// g4Row writes one row. In T.6's words a0 is where coding stands, a1 the next
// change in this row, b1 the first change above right of a0 to the colour
// opposite to a0's, b2 the next change after it.
func g4Row(out *bits, row, above []byte) {
	a0, colour := -1, byte(0)
	for a0 < len(row) {
		a1 := nextChange(row, a0, colour)
		b1 := changeAbove(above, a0, colour)
		b2 := nextChange(above, b1, 1-colour)
		switch d := a1 - b1; {
		case b2 < a1:
			out.put(passCode)
			a0 = b2
		case -3 <= d && d <= 3:
			out.put(verticalCodes[d+3])
			a0, colour = a1, 1-colour
		default:
			a2 := nextChange(row, a1, 1-colour)
			out.put(horizontalCode)
			putRun(out, colour, a1-max(a0, 0))
			putRun(out, 1-colour, a2-a1)
			a0 = a2
		}
	}
}

// nextChange is the first pixel at or after from that has not the colour.
func nextChange(row []byte, from int, colour byte) int {
	for i := max(from, 0); i < len(row); i++ {
		if row[i] != colour {
			return i
		}
	}
	return len(row)
}

// changeAbove is b1: the first pixel right of a0 that begins a run of the
// colour opposite to colour.
func changeAbove(above []byte, a0 int, colour byte) int {
	for i := a0 + 1; i < len(above); i++ {
		if above[i] != colour && (i == 0 && colour == 0 || i > 0 && above[i-1] == colour) {
			return i
		}
	}
	return len(above)
}

func putRun(out *bits, colour byte, n int) {
	codes := whiteCodes
	if colour == 1 {
		codes = blackCodes
	}
	for ; n > 2560; n -= 2560 {
		out.put(codes[63+2560/64])
	}
	if n >= 64 {
		out.put(codes[63+n/64])
	}
	out.put(codes[n%64])
}
