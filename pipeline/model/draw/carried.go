package draw

import (
	"fmt"
	"sync"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Carried draws in the faces that the program carries (Go's own, of a BSD licence):
// fewer and less like old ones than those of deploy/model-fonts.sh, but always there.
var Carried = sync.OnceValues(func() (*Drawer, error) {
	d := &Drawer{grains: noise(), words: newWords()}
	for _, f := range []struct {
		to    *[]face
		name  string
		bytes []byte
		all   string
		often int
	}{
		{&d.typewriter, "GoMono", gomono.TTF, Letters, 8}, {&d.typewriter, "GoMonoBold", gomonobold.TTF, Letters, 3},
		{&d.print, "Go", goregular.TTF, Letters + Printed, 8}, {&d.print, "GoMedium", gomedium.TTF, Letters + Printed, 5},
		{&d.print, "GoBold", gobold.TTF, Letters + Printed, 3}, {&d.print, "GoItalic", goitalic.TTF, Letters + Printed, 2},
	} {
		made, err := newFace(f.name, f.bytes, f.all, f.often)
		if err != nil {
			return nil, fmt.Errorf("face %s: %w", f.name, err)
		}
		*f.to = append(*f.to, made)
	}
	return d, nil
})
