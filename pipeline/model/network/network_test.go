package network

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/model/traineddata"
)

// stock is the network of Debian's English model, in the integer form.
func stock(t testing.TB) []byte {
	t.Helper()
	found, _ := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/eng.traineddata")
	if len(found) == 0 {
		t.Fatal("Debian's tesseract-ocr-eng is not installed: make deps")
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	f, err := traineddata.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return f.Get(traineddata.LSTM)
}

func parsed(t testing.TB, b []byte) *Network {
	t.Helper()
	n, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStockRoundTrip(t *testing.T) {
	b := stock(t)
	n := parsed(t, b)
	if !n.Integer() || !strings.HasPrefix(n.Spec, "[1,36,0,1") {
		t.Errorf("integer %v, spec %q", n.Integer(), n.Spec)
	}
	if !bytes.Equal(n.Bytes(), b) {
		t.Error("what was read is written differently")
	}
}

func TestFloatAndBack(t *testing.T) {
	b := stock(t)
	float := parsed(t, b).Float().Bytes()
	again := parsed(t, float)
	if again.Integer() {
		t.Error("the floating form says that it is of integers")
	}
	if !bytes.Equal(again.Bytes(), float) {
		t.Error("the floating form is written differently")
	}
	if !bytes.Equal(again.Integers().Bytes(), b) {
		t.Error("there and back gives other bytes")
	}
}

func TestMean(t *testing.T) {
	n := parsed(t, stock(t)).Float()
	more := n.Float()
	more.Root.matrices(func(m *Matrix) {
		m.Values = append([]float64(nil), m.Values...)
		for i := range m.Values {
			m.Values[i] += 2
		}
	})
	mean, err := Mean([]*Network{n, more})
	if err != nil {
		t.Fatal(err)
	}
	var was []float64
	n.Root.matrices(func(m *Matrix) { was = append(was, m.Values...) })
	i := 0
	mean.Root.matrices(func(m *Matrix) {
		for _, v := range m.Values {
			if math.Abs(v-was[i]-1) > 1e-9 {
				t.Fatalf("weight %d: %g of %g and %g", i, v, was[i], was[i]+2)
			}
			i++
		}
	})
	other := n.Float()
	other.Spec = "[1,48]"
	if _, err := Mean([]*Network{n, other}); err == nil {
		t.Error("networks of different builds have a mean")
	}
}

func TestMalformed(t *testing.T) {
	b := stock(t)
	float := parsed(t, b).Float()
	nan := float.Float()
	first := true
	nan.Root.matrices(func(m *Matrix) {
		if first {
			m.Values = append([]float64{math.NaN()}, m.Values[1:]...)
		}
		first = false
	})
	old := bytes.Clone(float.Bytes())
	at := bytes.Index(old, binary.LittleEndian.AppendUint64([]byte{modeDouble | modeAdam, 16, 0, 0, 0, 10, 0, 0, 0}, 0))
	if at < 0 {
		t.Fatal("no first matrix found")
	}
	old[at] = 0
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"cut":        {b[:len(b)/2], "cut short"},
		"empty":      {nil, "cut short"},
		"longer":     {append(bytes.Clone(b), 1), "after its end"},
		"no numbers": {nan.Bytes(), "no number"},
		"old":        {old, "another version"},
		"text":       {[]byte("no network at all"), "before Tesseract 4"},
	} {
		if _, err := Parse(c.b); !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	// A whole network is too long for the fuzzer to make much of: one of few weights.
	small := &Network{Spec: "[1,36,0,1 O1c2]", Root: &Layer{Type: "Series", Inputs: 36, Outputs: 2, Weights: 4, Flags: layerRates, Rates: []float32{.1, .2, .3}, Children: []*Layer{
		{Type: "Input", Inputs: 36, Outputs: 36, Shape: make([]byte, 20)},
		{Type: "XYTranspose", Children: []*Layer{{Type: "LSTM", Inputs: 1, Outputs: 1, Cells: 2, Matrices: []*Matrix{tiny(1), tiny(1), tiny(1), tiny(1)}}}},
		{Type: "Softmax", Inputs: 1, Outputs: 2, Matrices: []*Matrix{tiny(2)}},
	}}}
	f.Add(small.Bytes())
	f.Add(small.Integers().Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = ParseCheckpoint(b)
		n, err := Parse(b)
		if err != nil {
			return
		}
		again, err := Parse(n.Float().Integers().Bytes())
		if err != nil {
			t.Fatalf("what was turned cannot be read: %v", err)
		}
		if again.Spec != n.Spec {
			t.Fatal("another network")
		}
	})
}

func tiny(rows int) *Matrix {
	m := &Matrix{Mode: modeDouble, Rows: rows, Cols: 2}
	for i := range rows * 2 {
		m.Values = append(m.Values, float64(i)-.5)
	}
	return m
}
