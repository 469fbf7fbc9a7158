package ingest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"nightshift/pipeline/ingest"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/progress"
)

// why maps the names of files that were left out to the reason.
func why(passed []ingest.Passed) map[string]string {
	out := map[string]string{}
	for _, p := range ingest.LeftOut(passed) {
		out[filepath.Base(p.Path)] = p.Why
	}
	return out
}

// A file that cannot be taken keeps no other from being.
func TestSurveyLeavesOut(t *testing.T) {
	long := strings.Repeat(strings.Repeat("d", 99)+"/", 10) + "long.txt"
	dir := folder(t, map[string]string{"a.txt": "x", "b\n.txt": "x", "b%0A.txt": "x", long: "x", "shut.txt": "x", "closed/c.txt": "x", strings.Repeat("\n", 100) + ".txt": "x"})
	for name, to := range map[string]string{"gone.tif": "nowhere", ".#a.txt": "user@host"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.tif"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"gone.tif": "a link to", "b%0A.txt": "rename one", "long.txt": "longer than 900 bytes",
		"pipe.tif": "neither a file nor a folder", strings.Repeat("\n", 100) + ".txt": "longer than 255 bytes"}
	keys := []string{"a.txt", "b%0A.txt"}
	if os.Getuid() == 0 { // who may read all
		keys = append(keys, "closed/c.txt", "shut.txt")
	} else {
		want["shut.txt"], want["closed"] = "permission denied", "permission denied"
		for _, name := range []string{"shut.txt", "closed"} {
			p := filepath.Join(dir, name)
			if err := os.Chmod(p, 0); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(p, 0o700) })
		}
	}
	files, passed, err := ingest.Survey(dir, "", false)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Key)
	}
	if !slices.Equal(got, keys) {
		t.Errorf("taken %q, want %q", got, keys)
	}
	left := why(passed)
	for name, says := range want {
		if !strings.Contains(left[name], says) {
			t.Errorf("%q: %q, want %q", name, left[name], says)
		}
		delete(left, name)
	}
	if len(left) > 0 {
		t.Errorf("left out as well: %q", left)
	}
}

// Files that vanish, grow or shrink after the survey are left out and named in no
// marker; they are looked at until the folder is put in again with them.
func TestPutLeavesOut(t *testing.T) {
	ctx := t.Context()
	client := buckets(t, "scans", "work", "records")
	books := progress.Books{Scans: client.Bucket("scans"), Work: client.Bucket("work"), Records: client.Bucket("records")}
	dir := folder(t, map[string]string{"g/m_p1.png": png, "g/m_p2.png": png + "2", "g/m_p3.png": png + "3", "g/m_p4.png": png + "4"})
	at := func(name string) string { return filepath.Join(dir, "g", name) }
	put := func(spoil func()) []string {
		t.Helper()
		files, passed, err := ingest.Survey(dir, "box", false)
		if err != nil {
			t.Fatal(err)
		}
		spoil()
		more, err := ingest.Put(ctx, files, ingest.Options{Scans: books.Scans})
		if err != nil {
			t.Fatal(err)
		}
		if err := ingest.Note(ctx, books.Work, dir, "box", append(passed, more...)); err != nil {
			t.Fatal(err)
		}
		standings, err := books.Standings(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		looks, err := books.LeftOut(ctx, "box/", standings)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, l := range looks {
			keys = append(keys, filepath.Base(l.Key))
			if l.Detail == "" || l.Box != "box/g" && l.Box != "box" {
				t.Errorf("%+v", l)
			}
		}
		return keys
	}
	got := put(func() {
		if err := os.Remove(at("m_p2.png")); err != nil {
			t.Fatal(err)
		}
		for name, data := range map[string]string{"m_p3.png": png + "longer", "m_p4.png": "x"} {
			if err := os.WriteFile(at(name), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	})
	if want := []string{"m_p2.png", "m_p3.png", "m_p4.png"}; !slices.Equal(got, want) {
		t.Errorf("left out %q, want %q", got, want)
	}
	var m intake.Marker
	raw, _, err := books.Scans.Get(ctx, "box/g/_COMPLETE")
	if err != nil || json.Unmarshal(raw, &m) != nil || !slices.Equal(m.Files, []string{"m_p1.png"}) {
		t.Errorf("marker %s, %v", raw, err)
	}
	if err := os.WriteFile(at("m_p2.png"), []byte(png+"2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := put(func() {}); len(got) > 0 {
		t.Errorf("still left out: %q", got)
	}
}
