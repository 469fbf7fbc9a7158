package network

import (
	"encoding/binary"
	"math"
)

// Bytes is the network as a component "lstm": what Parse read, to the byte, unless
// it was in training, whose state it does not keep.
func (n *Network) Bytes() []byte {
	var w writer
	w.layer(n.Root)
	w.text(n.Spec)
	w.int32s(n.Flags, n.Iterations, n.Samples, n.Null)
	w.floats(n.Beta, n.Rate, n.Moment)
	return w
}

type writer []byte

func (w *writer) int32s(vs ...int32) {
	for _, v := range vs {
		*w = binary.LittleEndian.AppendUint32(*w, uint32(v))
	}
}

func (w *writer) floats(vs ...float32) {
	for _, v := range vs {
		*w = binary.LittleEndian.AppendUint32(*w, math.Float32bits(v))
	}
}

func (w *writer) double(v float64) {
	*w = binary.LittleEndian.AppendUint64(*w, math.Float64bits(v))
}

func (w *writer) text(s string) {
	w.int32s(int32(len(s)))
	*w = append(*w, s...)
}

func (w *writer) layer(l *Layer) {
	*w = append(*w, 0)
	w.text(l.Type)
	training := l.Training
	if training == 1 { // with the state of a training, which is not written
		training = 0
	}
	*w = append(*w, byte(training), byte(l.Learns))
	w.int32s(l.Flags, l.Inputs, l.Outputs, l.Weights)
	w.text(l.Name)
	switch l.Type {
	case "LSTM", "SummLSTM":
		w.int32s(l.Cells)
	default:
		*w = append(*w, l.Shape...)
	}
	for _, m := range l.Matrices {
		w.matrix(m)
	}
	if !isPlumbing(l.Type) {
		return
	}
	w.int32s(int32(len(l.Children)))
	for _, c := range l.Children {
		w.layer(c)
	}
	if l.Flags&layerRates != 0 {
		w.int32s(int32(len(l.Rates)))
		w.floats(l.Rates...)
	}
}

func (w *writer) matrix(m *Matrix) {
	*w = append(*w, m.Mode)
	w.int32s(int32(m.Rows), int32(m.Cols))
	if m.Mode&modeInteger == 0 {
		w.double(m.Fill)
		for _, v := range m.Values {
			w.double(v)
		}
		return
	}
	*w = append(*w, byte(int8(m.Fill)))
	for _, b := range m.Bytes {
		*w = append(*w, byte(b))
	}
	w.int32s(int32(len(m.Scales)))
	for _, s := range m.Scales {
		w.double(s)
	}
}
