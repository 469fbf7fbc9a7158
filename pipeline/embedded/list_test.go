package embedded_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nightshift/pipeline/embedded"
	"nightshift/pipeline/store"
)

func listed(t testing.TB, b *store.Bucket, prefix string) []string {
	t.Helper()
	var out []string
	for info, err := range b.List(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("list %q: %v", prefix, err)
		}
		out = append(out, info.Key)
	}
	return out
}

// A prefix is no folder: what begins with it is listed, and where there is no
// folder for it, nothing.
func TestListing(t *testing.T) {
	sys, client := start(t, embedded.Options{Dir: t.TempDir()})
	defer sys.Close()
	defer client.Close()
	if err := client.EnsureBucket(t.Context(), "work"); err != nil {
		t.Fatal(err)
	}
	b := client.Bucket("work")
	for _, key := range []string{"items/i1/inputs/0001.json", "items/i12/pages/x", "items/i2", "top"} {
		if _, err := b.PutNew(t.Context(), key, []byte(key), "text/plain"); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string][]string{
		"":                 {"items/i1/inputs/0001.json", "items/i12/pages/x", "items/i2", "top"},
		"items/i1":         {"items/i1/inputs/0001.json", "items/i12/pages/x"},
		"items/i1/":        {"items/i1/inputs/0001.json"},
		"items/i1/in":      {"items/i1/inputs/0001.json"},
		"items/i1/pages/":  nil,
		"items/i3/inputs/": nil,
		"items/i3":         nil,
		"items/i2/":        nil, // an object, not a folder
		"items/i2/x/y":     nil,
		"nowhere/":         nil,
		"/items/":          nil,
		"items/../items/":  nil,
		"to":               {"top"},
	} {
		if got := listed(t, b, prefix); !slices.Equal(got, want) {
			t.Errorf("%q lists %q, want %q", prefix, got, want)
		}
	}
	for _, err := range client.Bucket("not-there").List(t.Context(), "items/i3/") {
		if err == nil {
			t.Error("a bucket that is not there was listed")
		}
	}
}

// BenchmarkListNothing lists the pages of an item that has none yet, beside
// 10,000 items.
func BenchmarkListNothing(b *testing.B) {
	dir := b.TempDir()
	sys, err := embedded.Start(b.Context(), embedded.Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	defer sys.Close()
	client, err := store.Open(sys.Store())
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	if err := client.EnsureBucket(b.Context(), "work"); err != nil {
		b.Fatal(err)
	}
	for i := range 10_000 {
		if err := os.MkdirAll(filepath.Join(dir, "s3", "work", "items", fmt.Sprintf("i%027d", i)), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if got := listed(b, client.Bucket("work"), "items/i0/pages/"); got != nil {
			b.Fatal(got)
		}
	}
}
