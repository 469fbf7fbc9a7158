// Package recordtest checks published JSON against the schemas of package
// record. It is for tests; programs do not import it.
package recordtest

import (
	"bytes"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"nightshift/pipeline/record"
)

var compiled sync.Map // format to *jsonschema.Schema

// Check fails t unless raw is valid JSON of the format.
func Check(t testing.TB, format string, raw []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s is no JSON: %v", format, err)
	}
	s, ok := compiled.Load(format)
	if !ok {
		s, _ = compiled.LoadOrStore(format, Compile(t, format))
	}
	if err := s.(*jsonschema.Schema).Validate(v); err != nil {
		t.Errorf("%s does not follow its schema: %v", format, err)
	}
}

// Compile is the schema of the format, ready to validate with.
func Compile(t testing.TB, format string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, f := range record.Formats {
		raw, err := record.Schema(f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("schema %s: %v", f, err)
		}
		if err := c.AddResource("urn:nightshift:"+f+":1", doc); err != nil {
			t.Fatalf("schema %s: %v", f, err)
		}
	}
	s, err := c.Compile("urn:nightshift:" + format + ":1")
	if err != nil {
		t.Fatalf("schema %s: %v", format, err)
	}
	return s
}
