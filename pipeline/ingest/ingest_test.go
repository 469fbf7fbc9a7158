package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/embedded"
	"nightshift/pipeline/ingest"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/store"
)

// folder makes a folder with these files; a name that ends in "/" is an empty
// folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.WriteFile(p, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const png = "\x89PNG\r\n\x1a\n"

func TestSurvey(t *testing.T) {
	dir := folder(t, map[string]string{
		"b/p2.png": png, "b/p1.png": png, "b/item.json": "{}", "a b/é+%.txt": "x", "a b/empty/": "", "noext": png, "notes.ini": "x",
	})
	files, _, err := ingest.Survey(dir, "fonds/box 7", false)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, f := range files {
		keys = append(keys, strings.TrimPrefix(f.Key, "fonds/box 7/"))
	}
	// In key order, but an item.json before the pages that it lists.
	if want := []string{"a b/é+%.txt", "b/item.json", "b/p1.png", "b/p2.png", "noext", "notes.ini"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
}

func TestSurveyRefuses(t *testing.T) {
	lost := folder(t, map[string]string{"a.txt": "x", "only/notes.ini": "x"})
	if err := os.Symlink("nowhere", filepath.Join(lost, "only", "b.tif")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dir  string
		want error
		says string
	}{
		"empty":        {folder(t, map[string]string{"a/b/": ""}), ingest.ErrEmpty, ""},
		"no scans":     {folder(t, map[string]string{"a.ini": "x", ".hidden.tif": "x", "item.json": "{}"}), ingest.ErrNoScans, ""},
		"not there":    {filepath.Join(lost, "none"), ingest.ErrUnreadable, "none cannot be read: no such file"},
		"a file":       {filepath.Join(lost, "a.txt"), ingest.ErrUnreadable, "it is no folder"},
		"none to take": {filepath.Join(lost, "only"), ingest.ErrUnreadable, "only holds no scan that can be taken"},
	} {
		if _, _, err := ingest.Survey(c.dir, "", false); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// buckets are a store with buckets of these names.
func buckets(t *testing.T, names ...string) *store.Client {
	t.Helper()
	sys, err := embedded.Start(context.Background(), embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sys.Close() })
	client, err := store.Open(sys.Store())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	for _, n := range names {
		if err := client.EnsureBucket(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	return client
}

func TestPut(t *testing.T) {
	ctx := t.Context()
	client := buckets(t, "scans", "work")
	scans, work := client.Bucket("scans"), client.Bucket("work")
	put := func(dir string, replace bool) ([]string, error) {
		t.Helper()
		files, _, err := ingest.Survey(dir, "box", false)
		if err != nil {
			t.Fatal(err)
		}
		var done []string
		_, err = ingest.Put(ctx, files, ingest.Options{Scans: scans, Work: work, Replace: replace, Done: func(f ingest.File) { done = append(done, f.Key) }})
		return done, err
	}
	get := func(key string) string {
		t.Helper()
		raw, _, err := scans.Get(ctx, key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		return string(raw)
	}
	tags := func() map[string]string {
		out := map[string]string{}
		for info, err := range scans.List(ctx, "") {
			if err != nil {
				t.Fatal(err)
			}
			out[info.Key] = info.ETag + info.LastModified.String()
		}
		return out
	}

	dir := folder(t, map[string]string{"g/m_p1.png": png + "1", "g/m_p2.png": png + "2", "t/one.txt": "one", "own/1.png": png + "3", "own/_COMPLETE": "mine"})
	if _, err := put(dir, false); err != nil {
		t.Fatal(err)
	}
	// Folders with pages of a group get a marker that names what they hold; a
	// marker of somebody's own stays; single files need none.
	var m intake.Marker
	if err := json.Unmarshal([]byte(get("box/g/_COMPLETE")), &m); err != nil || !slices.Equal(m.Files, []string{"m_p1.png", "m_p2.png"}) {
		t.Errorf("marker %+v, %v", m, err)
	}
	if get("box/own/_COMPLETE") != "mine" || get("box/t/_COMPLETE") != "" {
		t.Errorf("markers %q, %q", get("box/own/_COMPLETE"), get("box/t/_COMPLETE"))
	}

	// Again: nothing is put that is there.
	before := tags()
	delete(before, "box/own/_COMPLETE") // put anew each time: it is an order
	if _, err := put(dir, false); err != nil {
		t.Fatal(err)
	}
	after := tags()
	for key, tag := range before {
		if after[key] != tag {
			t.Errorf("%s was put again", key)
		}
	}

	// A file that differs is told, and stops no other.
	for name, data := range map[string]string{"t/one.txt": "another", "t/two.txt": "two"} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	done, err := put(dir, false)
	if !errors.Is(err, ingest.ErrDiffers) || !strings.Contains(err.Error(), "one.txt") || get("box/t/one.txt") != "one" || get("box/t/two.txt") != "two" {
		t.Errorf("put %v: %v", done, err)
	}
	if _, err := put(dir, true); err != nil || get("box/t/one.txt") != "another" {
		t.Errorf("replaced by %q, %v", get("box/t/one.txt"), err)
	}
	var word archive.Replaced // noted, so that intake knows a person's doing
	if err := work.GetJSON(ctx, archive.ReplacedKey("box/t/one.txt", archive.DigestOf([]byte("another"))), &word); err != nil || word.Key != "box/t/one.txt" {
		t.Errorf("noted %+v, %v", word, err)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	files, _, err := ingest.Survey(dir, "elsewhere", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Put(stopped, files, ingest.Options{Scans: scans}); !errors.Is(err, context.Canceled) {
		t.Errorf("put with a cancelled context: %v", err)
	}
}

// Links out of the folder are passed over and told, those within it are followed; with
// follow all are. A link that is exchanged after the survey leads nowhere either.
func TestLinks(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "passwd")
	if err := os.WriteFile(outside, []byte("root:x:0:0"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := folder(t, map[string]string{"a.txt": "x", "box/b.txt": "y"})
	for name, to := range map[string]string{
		"out.txt": outside, "up.txt": "../../../../../../../etc/passwd", "gone.txt": "none", "in.txt": "box/b.txt", "box/back.txt": "../a.txt", "folder": filepath.Dir(outside),
	} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	keys := func(follow bool) (keys, told []string) {
		files, passed, err := ingest.Survey(dir, "", follow)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			keys = append(keys, f.Key)
		}
		for _, p := range passed {
			told = append(told, filepath.Base(p.Path))
			if p.Why == "" {
				t.Errorf("%s: no reason", p.Path)
			}
		}
		return keys, told
	}
	got, told := keys(false)
	if want := []string{"a.txt", "box/b.txt", "box/back.txt", "in.txt"}; !slices.Equal(got, want) {
		t.Errorf("taken %q, want %q", got, want)
	}
	if want := []string{"folder", "gone.txt", "out.txt", "up.txt"}; !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
	got, told = keys(true)
	if want := []string{"a.txt", "box/b.txt", "box/back.txt", "in.txt", "out.txt", "up.txt"}; !slices.Equal(got, want) {
		t.Errorf("followed: taken %q, want %q", got, want)
	}
	if want := []string{"folder", "gone.txt"}; !slices.Equal(told, want) {
		t.Errorf("followed: told of %q, want %q", told, want)
	}

	files, _, err := ingest.Survey(dir, "", false)
	if err != nil {
		t.Fatal(err)
	}
	a := filepath.Join(dir, "a.txt")
	if err := os.Remove(a); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, a); err != nil {
		t.Fatal(err)
	}
	if err := ingest.PutFile(t.Context(), files[0], ingest.Options{}); !errors.Is(err, ingest.ErrUnreadable) {
		t.Errorf("a file that became a link: %v", err)
	}
}

// Names that no object may have are put in as others, and told.
func TestNamesAreSpelled(t *testing.T) {
	dir := folder(t, map[string]string{"a\nb%.txt": "x", "\xff\u0085.txt": "x", "100%.txt": "x"})
	files, passed, err := ingest.Survey(dir, "box", false)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, f := range files {
		keys = append(keys, f.Key)
	}
	if want := []string{"box/%FF%C2%85.txt", "box/100%.txt", "box/a%0Ab%25.txt"}; !slices.Equal(keys, want) {
		t.Errorf("%q, want %q", keys, want)
	}
	if len(passed) != 2 {
		t.Errorf("told: %v", passed)
	}
}
