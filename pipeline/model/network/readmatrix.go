package network

import (
	"encoding/binary"
	"math"
)

// matrix reads weights and, of a network in training, passes over what belongs to it.
func (r *reader) matrix(training bool) *Matrix {
	m := &Matrix{Mode: uint8(r.int8())}
	switch {
	case r.err != nil:
	case m.Mode&modeDouble == 0 || m.Mode&^(modeInteger|modeAdam|modeDouble) != 0:
		r.fail("weights in form %d: of another version of Tesseract", m.Mode)
	case m.Mode&modeInteger != 0:
		r.integers(m)
	default:
		m.Rows, m.Cols, m.Fill, m.Values = r.values()
		if training {
			r.values() // the last step
			if m.Mode&modeAdam != 0 {
				r.values() // the sums of squares
			}
		}
	}
	return m
}

func (r *reader) shape() (rows, cols int) {
	const most = 1 << 24 // of either; a network that reads has hundreds
	a, b := r.uint32(), r.uint32()
	if r.err == nil && (a == 0 || b == 0 || a > most || b > most) {
		r.fail("weights of %d × %d", a, b)
	}
	return int(a), int(b)
}

func (r *reader) integers(m *Matrix) {
	m.Rows, m.Cols = r.shape()
	m.Fill = float64(r.int8())
	b := r.take(m.Rows * m.Cols)
	if r.err != nil {
		return
	}
	m.Bytes = make([]int8, len(b))
	for i, v := range b {
		m.Bytes[i] = int8(v)
	}
	n := r.count(8)
	if r.err == nil && n < m.Rows {
		r.fail("%d scales for %d rows of weights", n, m.Rows)
	}
	m.Scales = r.doubles(n)
	for _, s := range m.Scales {
		if s < 0 || s > largest {
			r.fail("a scale of weights of %g", s)
		}
	}
}

// largest bounds scales and weights, so that none overflows when it is turned into the
// other form; the scales of networks that read are below 1.
const largest = 1e30

func (r *reader) values() (rows, cols int, fill float64, values []float64) {
	rows, cols = r.shape()
	if b := r.take(8); b != nil { // never used, so not checked either
		fill = math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	if r.err == nil && int64(rows)*int64(cols)*8 > int64(len(r.rest)) {
		r.fail("cut short: %d × %d weights wanted, %d bytes left", rows, cols, len(r.rest))
	}
	if r.err != nil {
		return 0, 0, 0, nil
	}
	values = r.doubles(rows * cols)
	for _, v := range values {
		if math.Abs(v) > largest {
			r.fail("a weight of %g", v)
		}
	}
	return rows, cols, fill, values
}
