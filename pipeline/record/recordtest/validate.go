package recordtest

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// WellFormed fails t unless raw is well-formed XML.
func WellFormed(t testing.TB, raw []byte) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(raw))
	for {
		_, err := dec.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, raw)
		}
	}
}

// Shared is the folder of shared material: NIGHTSHIFT_SHARED, else the one
// beside the repository. Only tests under the build tag shared ask for it.
func Shared(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("NIGHTSHIFT_SHARED")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for root := wd; ; root = filepath.Dir(root) {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				dir = filepath.Join(filepath.Dir(root), "shared")
				break
			}
			if root == filepath.Dir(root) {
				t.Fatalf("no go.mod above %s", wd)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "schemas")); err != nil {
		t.Fatalf("set NIGHTSHIFT_SHARED to the shared material: %v", err)
	}
	return dir
}

// XMLLint validates XML files against an XML Schema of the shared material.
func XMLLint(t testing.TB, schema string, files ...string) {
	t.Helper()
	xmllint(t, filepath.Join(Shared(t), "schemas", schema), files)
}

// METS validates METS files with the PREMIS in them: a schema that imports both
// standards, because METS takes anything where PREMIS stands.
func METS(t testing.TB, files ...string) {
	t.Helper()
	dir := filepath.Join(Shared(t), "schemas")
	both := filepath.Join(t.TempDir(), "both.xsd")
	xsd := `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">` +
		`<xs:import namespace="http://www.loc.gov/METS/" schemaLocation="` + filepath.Join(dir, "mets-1.12.1.xsd") + `"/>` +
		`<xs:import namespace="http://www.loc.gov/premis/v3" schemaLocation="` + filepath.Join(dir, "premis-v3-0.xsd") + `"/></xs:schema>`
	if err := os.WriteFile(both, []byte(xsd), 0o600); err != nil {
		t.Fatal(err)
	}
	xmllint(t, both, files)
}

func xmllint(t testing.TB, schema string, files []string) {
	t.Helper()
	if len(files) == 0 {
		t.Fatalf("nothing to validate against %s", schema)
	}
	cmd := exec.Command("xmllint", append([]string{"--nonet", "--noout", "--schema", schema}, files...)...)
	cmd.Env = append(os.Environ(), "XML_CATALOG_FILES="+filepath.Join(Shared(t), "schemas", "catalog.xml"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", schema, err, tail(out))
	}
}

// IIIF validates Presentation 3 manifests, and annotation pages, against the
// standard's JSON Schema.
func IIIF(t testing.TB, files ...string) {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:iiif", fromJSON(t, filepath.Join(Shared(t), "schemas", "iiif_3_0.json"))); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("urn:iiif")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := schema.Validate(fromJSON(t, f)); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func fromJSON(t testing.TB, file string) any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return v
}

// Filed writes raw to a file of its own and returns its name.
func Filed(t testing.TB, raw []byte) string {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(raw); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// Jing validates files against a RELAX NG schema of the shared material.
func Jing(t testing.TB, schema string, files ...string) {
	t.Helper()
	cmd := exec.Command("jing", append([]string{filepath.Join(Shared(t), "schemas", schema)}, files...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", schema, err, tail(out))
	}
}

func tail(out []byte) []byte { return out[:min(len(out), 4000)] }
