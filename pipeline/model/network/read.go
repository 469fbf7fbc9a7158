package network

import (
	"encoding/binary"
	"math"
	"slices"
)

// maxDepth bounds how deep networks lie in each other; Tesseract's have four.
const maxDepth = 32

var (
	plumbing = []string{"Series", "Parallel", "Replicated", "ParBidiLSTM", "DepParUDLSTM", "Par2dLSTM", "RTLReversed", "TTBReversed", "XYTranspose"}
	sized    = []string{"Convolve", "Maxpool", "Reconfig"}
	dense    = []string{"Logistic", "PosClip", "SymClip", "Tanh", "Relu", "Linear", "Softmax", "SoftmaxNoCTC", "LinLogistic", "LinTanh"}
	memories = []string{"LSTM", "SummLSTM"}
)

func isPlumbing(t string) bool { return slices.Contains(plumbing, t) }

// Parse reads a network that ends with b: a component "lstm".
func Parse(b []byte) (*Network, error) {
	n, rest, err := parse(b)
	if err == nil && len(rest) > 0 {
		return nil, malformed("%d bytes after its end: with a character set inside, or of another version of Tesseract", len(rest))
	}
	return n, err
}

// ParseCheckpoint reads the network at the beginning of a checkpoint of lstmtraining.
// What the training keeps beside the weights is passed over.
func ParseCheckpoint(b []byte) (*Network, error) {
	n, rest, err := parse(b)
	if err == nil && len(rest) == 0 {
		return nil, malformed("cut short: a network, but nothing of a training after it")
	}
	return n, err
}

func parse(b []byte) (*Network, []byte, error) {
	r := &reader{rest: b}
	n := &Network{Root: r.layer(0), Spec: r.text()}
	n.Flags, n.Iterations, n.Samples, n.Null = r.int32(), r.int32(), r.int32(), r.int32()
	n.Beta, n.Rate, n.Moment = r.float32(), r.float32(), r.float32()
	if r.err != nil {
		return nil, nil, r.err
	}
	return n, r.rest, nil
}

// reader takes numbers off the front of rest. After its first error everything it
// yields is zero.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = malformed(format, args...)
	}
	r.rest = nil
}

func (r *reader) take(n int) []byte {
	if r.err == nil && (n < 0 || n > len(r.rest)) {
		r.fail("cut short: %d bytes wanted, %d left", n, len(r.rest))
	}
	if r.err != nil {
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) int8() int8 {
	if b := r.take(1); b != nil {
		return int8(b[0])
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) int32() int32 { return int32(r.uint32()) }

func (r *reader) float32() float32 {
	v := math.Float32frombits(r.uint32())
	if v != v || math.IsInf(float64(v), 0) {
		r.fail("a rate that is no number")
	}
	return v
}

// count is a number of things of size bytes each, which must be there.
func (r *reader) count(size int) int {
	n := r.uint32()
	if r.err == nil && int64(n)*int64(size) > int64(len(r.rest)) {
		r.fail("cut short: %d × %d bytes wanted, %d left", n, size, len(r.rest))
		return 0
	}
	return int(n)
}

func (r *reader) text() string { return string(r.take(r.count(1))) }

// doubles reads n weights.
func (r *reader) doubles(n int) []float64 {
	b := r.take(8 * n)
	if r.err != nil {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
		if math.IsNaN(out[i]) || math.IsInf(out[i], 0) {
			r.fail("a weight that is no number")
			return nil
		}
	}
	return out
}

func (r *reader) layer(depth int) *Layer {
	l := &Layer{}
	if depth > maxDepth {
		r.fail("networks within networks, more than %d deep", maxDepth)
		return l
	}
	if kind := r.int8(); kind != 0 {
		r.fail("a layer that begins with %d: of a version before Tesseract 4, or no network", kind)
		return l
	}
	l.Type, l.Training, l.Learns = r.text(), r.int8(), r.int8()
	l.Flags, l.Inputs, l.Outputs, l.Weights = r.int32(), r.int32(), r.int32(), r.int32()
	l.Name = r.text()
	switch {
	case r.err != nil:
	case isPlumbing(l.Type):
		for range r.count(smallestLayer) {
			l.Children = append(l.Children, r.layer(depth+1))
			if r.err != nil {
				break
			}
		}
		if l.Flags&layerRates != 0 {
			for range r.count(4) {
				l.Rates = append(l.Rates, r.float32())
			}
		}
	case l.Type == "Input":
		l.Shape = r.take(20) // batch, height, width, depth, loss
	case slices.Contains(sized, l.Type):
		l.Shape = r.take(8)
	case slices.Contains(memories, l.Type):
		r.memory(l)
	case slices.Contains(dense, l.Type):
		l.Matrices = []*Matrix{r.matrix(l.Training == 1)}
	default:
		r.fail("a layer of type %q, which this program does not know", l.Type)
	}
	return l
}

// smallestLayer is the bytes of a layer without names and contents.
const smallestLayer = 1 + 4 + 2 + 16 + 4

// memory reads the four matrices of a one-dimensional LSTM: cell, input gate, forget
// gate, output gate.
func (r *reader) memory(l *Layer) {
	l.Cells = r.int32()
	for range 4 {
		l.Matrices = append(l.Matrices, r.matrix(l.Training == 1))
	}
	if r.err == nil && int64(l.Cells) != int64(l.Inputs)+int64(l.Matrices[0].Rows) {
		r.fail("a two-dimensional LSTM, which this program does not know")
	}
}
