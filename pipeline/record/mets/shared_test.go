//go:build shared

package mets_test

import (
	"bytes"
	"testing"

	"nightshift/pipeline/record/recordtest"
)

func TestValidMETS(t *testing.T) {
	for _, in := range append(recordtest.Awkward(t), recordtest.Published(t, 20)...) {
		raw := write(t, in)
		recordtest.XMLLint(t, "mets-1.12.1.xsd", raw)
		for _, kind := range []string{"object", "event", "agent"} {
			for _, part := range parts(raw, "premis:"+kind) {
				recordtest.XMLLint(t, "premis-v3-0.xsd", part)
			}
		}
		if t.Failed() {
			t.Fatalf("%s\n%s", in.Manifest.Locator, raw)
		}
	}
}

// parts cuts PREMIS entities out of METS, which takes any content in xmlData,
// each wrapped as a PREMIS file of its own. At most three of a kind.
func parts(raw []byte, element string) [][]byte {
	var out [][]byte
	for len(out) < 3 {
		i := bytes.Index(raw, []byte("<"+element+">"))
		if j := bytes.Index(raw, []byte("<"+element+" ")); i < 0 || j >= 0 && j < i {
			i = j
		}
		end := bytes.Index(raw, []byte("</"+element+">"))
		if i < 0 || end < 0 {
			break
		}
		end += len(element) + 3
		head := `<premis:premis xmlns:premis="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">`
		object := ""
		if element != "premis:object" { // a PREMIS file begins with an object
			object = `<premis:object xsi:type="premis:representation"><premis:objectIdentifier><premis:objectIdentifierType>local</premis:objectIdentifierType>` +
				`<premis:objectIdentifierValue>x</premis:objectIdentifierValue></premis:objectIdentifier></premis:object>`
		}
		out = append(out, []byte(head+object+string(raw[i:end])+`</premis:premis>`))
		raw = raw[end:]
	}
	return out
}
