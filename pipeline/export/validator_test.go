//go:build bag

package export_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// verify has npm's bagit-tools check a bag of version 1.0: its declaration, every
// digest of the manifests of payload and tags, and that the payload has as many
// files as its manifest lines.
const verify = `
require(process.argv[1]).verify(process.argv[2], {version: '1.0', test: true}, (err, valid, results) => {
  if (err) throw err
  const asserts = results.filter(r => r.type === 'assert')
  for (const r of asserts.filter(r => !r.ok)) console.log('not ok:', r.name)
  if (asserts.length < 7) throw new Error('only ' + asserts.length + ' checks were made')
  process.exit(valid ? 0 : 1)
})`

// valid is what the validator says of a bag, and why not.
func valid(t *testing.T, dir string) (bool, []byte) {
	t.Helper()
	tool := os.Getenv("NIGHTSHIFT_BAGIT")
	if _, err := os.Stat(filepath.Join(tool, "package.json")); err != nil {
		t.Fatal("NIGHTSHIFT_BAGIT does not name a folder of deploy/bag-deps.sh:", err)
	}
	out, err := exec.Command("node", "-e", verify, tool, dir).Output()
	if err != nil && !bytes.HasPrefix(out, []byte("not ok:")) {
		t.Fatalf("the validator failed: %v\n%s", err, out)
	}
	return err == nil, out
}

// A bag passes another's validator, and does not once a file of it is another.
func TestBagValidator(t *testing.T) {
	sound := bagged(t)
	if ok, out := valid(t, sound); !ok {
		t.Fatalf("a bag is not valid:\n%s", out)
	}
	for name, spoil := range map[string]func(dir, payload string) error{
		"a byte more":    func(_, payload string) error { return appended(payload, "\n") },
		"a file less":    func(_, payload string) error { return os.Remove(payload) },
		"a file more":    func(dir, _ string) error { return appended(filepath.Join(dir, "data", "more"), "") },
		"another title":  func(dir, _ string) error { return appended(filepath.Join(dir, "bag-info.txt"), "Title: none\n") },
		"no declaration": func(dir, _ string) error { return os.Remove(filepath.Join(dir, "bagit.txt")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "bag")
			if err := os.CopyFS(dir, os.DirFS(sound)); err != nil {
				t.Fatal(err)
			}
			payload, err := payloadFile(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := spoil(dir, payload); err != nil {
				t.Fatal(err)
			}
			if ok, _ := valid(t, dir); ok {
				t.Error("is still valid")
			}
		})
	}
}

// payloadFile is the first file of a bag's payload.
func payloadFile(dir string) (name string, err error) {
	err = filepath.WalkDir(filepath.Join(dir, "data"), func(at string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, err = at, fs.SkipAll
		}
		return err
	})
	return name, err
}

func appended(file, data string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(data)
	return errors.Join(err, f.Close())
}
