package publish

import (
	"fmt"
	"slices"
	"strings"
)

// Renditions are the switches of what is made beside record, text and structure.
type Renditions map[string]bool

// The names of the renditions, as given to --renditions.
const (
	ALTO        = "alto"
	HOCR        = "hocr"
	TEI         = "tei"
	Annotations = "annotations"
	PDF         = "pdf"
	METS        = "mets"
	IIIF        = "iiif"
)

// AllRenditions in the order in which they are made.
var AllRenditions = []string{ALTO, HOCR, TEI, Annotations, PDF, IIIF, METS}

// ParseRenditions reads a list such as "alto,tei"; "all" and "none" stand for
// themselves.
func ParseRenditions(list string) (Renditions, error) {
	r := Renditions{}
	for _, name := range strings.Split(list, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "none", name == "":
		case name == "all":
			r = Every()
		case slices.Contains(AllRenditions, name):
			r[name] = true
		default:
			return nil, fmt.Errorf("no rendition is called %q; there are %s, all, none", name, strings.Join(AllRenditions, ", "))
		}
	}
	return r, nil
}

// Every is all renditions switched on, the default.
func Every() Renditions {
	r := Renditions{}
	for _, n := range AllRenditions {
		r[n] = true
	}
	return r
}

// Names are those switched on, in the order in which they are made.
func (r Renditions) Names() []string {
	var out []string
	for _, n := range AllRenditions {
		if r[n] {
			out = append(out, n)
		}
	}
	return out
}

// String is the list as ParseRenditions reads it.
func (r Renditions) String() string {
	if len(r.Names()) == 0 {
		return "none"
	}
	return strings.Join(r.Names(), ",")
}
