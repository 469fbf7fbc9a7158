package recordtest

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
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

// XMLLint validates raw against an XML Schema of the shared material.
func XMLLint(t testing.TB, schema string, raw []byte) {
	t.Helper()
	dir := filepath.Join(Shared(t), "schemas")
	cmd := exec.Command("xmllint", "--nonet", "--noout", "--schema", filepath.Join(dir, schema), "-")
	cmd.Env = append(os.Environ(), "XML_CATALOG_FILES="+filepath.Join(dir, "catalog.xml"))
	cmd.Stdin = bytes.NewReader(raw)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", schema, err, tail(out))
	}
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
