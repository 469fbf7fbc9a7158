package network

import "math"

// Bits of a matrix's mode.
const (
	modeInteger = 1
	modeAdam    = 4   // trained with Adam: sums of squares are kept beside the weights
	modeDouble  = 128 // doubles throughout; without it the file is older than Tesseract 4.0's release
)

// A Matrix is the weights of one layer: a row for each output, the last column
// its bias. Either Bytes with a Scale a row, or Values.
type Matrix struct {
	Mode       uint8
	Rows, Cols int
	Values     []float64
	Bytes      []int8
	// Scales of rows; Tesseract may pad them to the width of its vectors.
	Scales []float64
	// Fill is an element that Tesseract's arrays carry along and never use.
	Fill float64
}

// float is m with its weights as numbers. Each is its integer times its row's scale,
// which integers takes back to the same integer.
func (m *Matrix) float() *Matrix {
	out := &Matrix{Mode: m.Mode&modeAdam | modeDouble, Rows: m.Rows, Cols: m.Cols}
	if m.Mode&modeInteger == 0 {
		out.Values = m.Values
		return out
	}
	out.Values = make([]float64, len(m.Bytes))
	for i, b := range m.Bytes {
		out.Values[i] = float64(b) * m.Scales[i/m.Cols]
	}
	return out
}

// maxByte is what the largest weight of a row becomes.
const maxByte = 127

func (m *Matrix) integers() *Matrix {
	if m.Mode&modeInteger != 0 {
		return m
	}
	out := &Matrix{Mode: m.Mode&modeAdam | modeDouble | modeInteger, Rows: m.Rows, Cols: m.Cols,
		Bytes: make([]int8, len(m.Values)), Scales: make([]float64, m.Rows)}
	for r := range m.Rows {
		row := m.Values[r*m.Cols : (r+1)*m.Cols]
		largest := 0.0
		for _, v := range row {
			largest = max(largest, math.Abs(v))
		}
		scale := largest / maxByte
		out.Scales[r] = scale
		if scale == 0 {
			continue // of a row without weights; a scale of one for the division would do as well
		}
		for c, v := range row {
			out.Bytes[r*m.Cols+c] = int8(max(-maxByte, min(maxByte, math.RoundToEven(v/scale))))
		}
	}
	return out
}

// sameShape reports whether the weights of m and o can be added.
func (m *Matrix) sameShape(o *Matrix) bool { return m.Rows == o.Rows && m.Cols == o.Cols }
