//go:build shared

package iiif_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"nightshift/pipeline/record/recordtest"
)

func TestValidManifests(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(recordtest.Shared(t), "schemas", "iiif_3_0.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:iiif", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("urn:iiif")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, in := range recordtest.Awkward(t) {
		raw, _ := write(t, in)
		if len(raw) == 0 {
			continue
		}
		n++
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v\n%s", in.Manifest.Locator, err, raw)
		}
	}
	if n < 4 {
		t.Errorf("only %d manifests", n)
	}
}
