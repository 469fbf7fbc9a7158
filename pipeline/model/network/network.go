// Package network reads and writes the recognition networks of Tesseract 4 and 5
// (the component "lstm" of a traineddata file, and the beginning of a training
// checkpoint), turns the integer form that reads fast into the floating form that
// can go on learning and back, and takes the mean of several. It knows nothing of
// what surrounds a network in a file (package traineddata) and trains none (train).
//
// All numbers are little endian. A network is
//
//	byte 0; type name; training, backpropagates int8; flags, inputs, outputs, weights int32; name
//
// and then what its type asks for: children, sizes, or matrices of weights. Names
// are a uint32 length and bytes. After the outermost network come its specification
// as a name, then flags, iterations, samples, null character (int32), and Adam's
// beta, learning rate, momentum (float32).
package network

import (
	"errors"
	"fmt"
)

// ErrMalformed is wrapped by every error about the bytes of a network.
var ErrMalformed = errors.New("not a usable network")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// Flags of a Layer.
const layerRates = 64 // learning rates of its own for each child

// intMode is the training flag of a network in the integer form.
const intMode = 1

// A Network is a whole recogniser without its set of characters.
type Network struct {
	Root  *Layer
	Spec  string // in Tesseract's language for networks, "[1,36,0,1Ct3,3,16…]"
	Flags int32
	// Iterations and Samples count what it has learned from in the training that
	// it comes from.
	Iterations, Samples int32
	Null                int32 // the output that means no character
	Beta, Rate, Moment  float32
}

// A Layer is a network inside the network.
type Layer struct {
	Type             string
	Training, Learns int8
	Flags            int32
	Inputs, Outputs  int32
	Weights          int32 // how many it says it has
	Name             string

	Children []*Layer  // of plumbing: series, parallels, turned ones
	Rates    []float32 // learning rates of the children
	Shape    []byte    // of inputs, convolutions and the like: their sizes as they are stored
	Cells    int32     // of LSTM: inputs and state together
	Matrices []*Matrix
}

// Integer reports whether the network is in the form that reads and cannot learn.
func (n *Network) Integer() bool { return n.Flags&intMode != 0 }

// matrices calls f for each matrix below l, in the order of the file.
func (l *Layer) matrices(f func(*Matrix)) {
	for _, m := range l.Matrices {
		f(m)
	}
	for _, c := range l.Children {
		c.matrices(f)
	}
}

// Float returns the network in the form that lstmtraining goes on from.
func (n *Network) Float() *Network { return n.turned(n.Flags&^intMode, (*Matrix).float) }

// Integers returns the network in the integer form: each row of weights is
// rounded to 255 steps of its own.
func (n *Network) Integers() *Network { return n.turned(n.Flags|intMode, (*Matrix).integers) }

func (n *Network) turned(flags int32, turn func(*Matrix) *Matrix) *Network {
	out := *n
	out.Flags, out.Root = flags, n.Root.turned(turn)
	return &out
}

func (l *Layer) turned(turn func(*Matrix) *Matrix) *Layer {
	out := *l
	out.Training = 0
	out.Children, out.Matrices = nil, nil
	for _, c := range l.Children {
		out.Children = append(out.Children, c.turned(turn))
	}
	for _, m := range l.Matrices {
		out.Matrices = append(out.Matrices, turn(m))
	}
	return &out
}
