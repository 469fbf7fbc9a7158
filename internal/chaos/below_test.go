//go:build minio

package chaos

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
)

// TestBelowAScan puts a scan below another one's name, as MinIO lets anybody: no
// listing finds it, but its notification does, and it is parked, counted and
// told of until it is put where it can be seen.
func TestBelowAScan(t *testing.T) {
	s := newSite(t)
	s.prepare()
	s.fleet("--quiet", "2s", "--sweep", "2s")
	s.minio.Notify("scans")
	c := s.minio.Client()
	put := func(key, text string) {
		if _, err := c.PutObject(background, "scans", key, bytes.NewReader([]byte(text)), int64(len(text)), minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	const above, below = "box/memo.txt", "box/memo.txt/second.txt"
	put(above, "MEMORANDUM\n\nThe first.\n")
	sys := s.open()
	s.ended(sys, 1)
	put(below, "MEMORANDUM\n\nThe second.\n")
	total := s.ended(sys, 2)
	if total.Published != 1 || total.Parked != 1 {
		t.Errorf("counts %+v", total)
	}
	standings, err := sys.Books().Standings(background, "box/")
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range standings {
		if st.Key == below && (st.Standing != progress.Parked || st.Reason != archive.BelowScan) {
			t.Errorf("%+v", st)
		}
	}
	code, said := s.as("operator", "failures")
	if !strings.Contains(said, below) || !strings.Contains(said, "beside the other scan") {
		t.Errorf("failures ended with %d and does not say it:\n%s", code, said)
	}
	if err := c.RemoveObject(background, "scans", below, minio.RemoveObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	put("box/second.txt", "MEMORANDUM\n\nThe second.\n")
	if total := s.ended(sys, 2); total.Published != 2 {
		t.Errorf("put beside: %+v", total)
	}
	if all, err := sys.Outstanding(background); err != nil || len(all) > 0 {
		raw, _ := json.Marshal(all)
		t.Errorf("still outstanding: %s (%v)", raw, err)
	}
}
