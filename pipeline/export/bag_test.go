package export_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/export"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/publish/publishtest"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/store"
)

var shared publishtest.Desk

func TestMain(m *testing.M) { os.Exit(publishtest.Run(m, &shared)) }

// bagged publishes two items, one with an awkward name, and bags them with a scan
// that has one too.
func bagged(t *testing.T) string {
	t.Helper()
	shared.Agree(t, publish.Changes{Renditions: publish.Every()})
	ferry, awkward := recordtest.Ferry(t), recordtest.Forbidden()
	var items []archive.Locator
	for _, in := range []record.Input{ferry, awkward} {
		task := shared.File(t, &in, 1)
		shared.Publish(t, task)
		items = append(items, task.Locator)
	}
	scans := shared.Client.Bucket(archive.ScansBucket)
	if err := shared.Client.EnsureBucket(t.Context(), archive.ScansBucket); err != nil {
		t.Fatal(err)
	}
	key := t.Name() + "/a =100% \"scan\".tif"
	data := []byte("a scan")
	if _, err := scans.Upload(t.Context(), key, bytes.NewReader(data), int64(len(data)), "image/tiff"); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "bag")
	b := export.Bagger{Records: shared.Records, Scans: scans, Info: [][2]string{{"Source-Organization", "The Harbour\nOffice"}, {"External-Identifier", "Box 7"}}}
	n, err := b.Bag(t.Context(), append(items, "no/such/item"), []export.Master{{Key: key, SHA256: archive.DigestOf(data)}}, dir)
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	wrong := filepath.Join(t.TempDir(), "wrong")
	if _, err := b.Bag(t.Context(), items, []export.Master{{Key: key, SHA256: archive.DigestOf(nil)}}, wrong); !errors.Is(err, store.ErrFixity) {
		t.Errorf("a master that changed: %v", err)
	}
	if _, err := os.Stat(filepath.Join(wrong, "manifest-sha256.txt")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a bag cut short has a manifest: %v", err)
	}
	if _, err := b.Bag(t.Context(), items, nil, dir); !errors.Is(err, export.ErrNotEmpty) {
		t.Errorf("over another bag: %v", err)
	}
	return dir
}

func TestBag(t *testing.T) {
	dir := bagged(t)
	info, err := os.ReadFile(filepath.Join(dir, "bag-info.txt"))
	if err != nil || !strings.Contains(string(info), "Source-Organization: The Harbour Office\n") || !strings.Contains(string(info), "Payload-Oxum: ") {
		t.Errorf("bag-info.txt: %s, %v", info, err)
	}
	// coreutils checks what stands in the manifests: no name needs an escape there.
	for _, list := range []string{"manifest-sha256.txt", "tagmanifest-sha256.txt"} {
		raw, err := os.ReadFile(filepath.Join(dir, list))
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sha256sum", "--check", "--strict", "--quiet", "-")
		cmd.Dir, cmd.Stdin = dir, bytes.NewReader(raw)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", list, err, out)
		}
	}
	if raw, _ := os.ReadFile(filepath.Join(dir, "manifest-sha256.txt")); strings.Count(string(raw), "record-1.json") != 2 || !strings.Contains(string(raw), "/a =3D100=25 =22scan=22.tif\n") || strings.Contains(string(raw), "%") {
		t.Errorf("the manifest lists\n%s", raw)
	}
}
