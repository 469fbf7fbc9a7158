package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/pdf"
	"nightshift/pipeline/record/recordtest"
)

// write gives the item's PDF, empty for an item without images.
func write(t testing.TB, in record.Input) []byte {
	t.Helper()
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = pdf.Write(t.Context(), &b, recordtest.Drawn{}, in, rs, layer.Pages(in, rs))
	if errors.Is(err, pdf.ErrNoImages) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	entries = regexp.MustCompile(`(?m)^(\d{10}) \d{5} ([nf]) $`)
	start   = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	refs    = regexp.MustCompile(`(\d+) 0 R`)
)

// TestTableOfObjects: every entry points to its object, every reference leads
// to one, and the same item gives the same bytes.
func TestTableOfObjects(t *testing.T) {
	for _, in := range recordtest.Awkward(t) {
		raw := write(t, in)
		if raw == nil {
			continue
		}
		if !bytes.Equal(raw, write(t, in)) {
			t.Errorf("%s: differs from one time to the next", in.Manifest.Locator)
		}
		at, err := strconv.Atoi(string(start.FindSubmatch(raw)[1]))
		if err != nil || !bytes.HasPrefix(raw[at:], []byte("xref\n")) {
			t.Fatalf("%s: no table where the end says: %v", in.Manifest.Locator, err)
		}
		there := map[string]bool{}
		for id, e := range entries.FindAllSubmatch(raw[at:], -1) {
			if string(e[2]) == "f" {
				continue
			}
			offset, _ := strconv.Atoi(string(e[1]))
			if want := fmt.Sprintf("%d 0 obj\n", id); !bytes.HasPrefix(raw[offset:], []byte(want)) {
				t.Errorf("%s: object %d is not at %d", in.Manifest.Locator, id, offset)
			}
			there[strconv.Itoa(id)] = true
		}
		for _, line := range strings.Split(string(raw), "\n") {
			if !strings.HasPrefix(line, "<<") {
				continue
			}
			for _, r := range refs.FindAllStringSubmatch(line, -1) {
				if !there[r[1]] {
					t.Errorf("%s: nothing at reference %s", in.Manifest.Locator, r[1])
				}
			}
		}
	}
}

func TestParkedPageAndBookmarks(t *testing.T) {
	raw := string(write(t, recordtest.Scan(t)))
	for _, want := range []string{"/Count 5", "/Count 2 >>", "/Outlines", "/DCTDecode", "/Predictor 15", "/Helvetica"} {
		if !strings.Contains(raw, want) {
			t.Errorf("no %s", want)
		}
	}
}
