//go:build minio

package chaos

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
)

// TestWrittenOver: who has a key that may put scans puts other bytes over them, after
// intake saw them and before. What counts, at every stage and in what leaves, is the
// scan that was there; verify tells of it. A person's word makes another one count.
func TestWrittenOver(t *testing.T) {
	s := newSecureSite(t)
	sys := s.connect("operator")
	put := func(holder, key, content string) {
		t.Helper()
		cfg := s.keysOf(t, holder)
		if _, err := s.minio.ClientOf(cfg.AccessKey, cfg.SecretKey).PutObject(background, "scans", key, strings.NewReader(content), int64(len(content)), minio.PutObjectOptions{}); err != nil {
			t.Fatalf("%s puts %s: %v", holder, key, err)
		}
	}
	const typed, forged, better = "Minutes of the meeting. All were present.\n", "Minutes of the meeting. Nobody was there.\n", "Minutes of the meeting. All but one were present.\n"
	put("scanner", "box/late.txt", typed+"late\n")
	put("scanner", "box/late.txt", forged+"late\n")
	put("scanner", "box/by-scanner.txt", typed+"one\n")
	put("scanner", "box/by-operator.txt", typed+"two\n")
	put("scanner", "box/cut.txt", "\x00\x01\x02\x03\x00\x00\x04")
	fleet := []*started{s.start("ocr-worker", "--children", "1", "--quiet", "2s"), s.start("structurer"), s.start("publisher")}
	defer func() { stopped(t, fleet) }()
	s.ended(sys, 4)

	// What nothing can be made of may be exchanged, as the report asks for.
	if total := s.ended(sys, 4); total.Parked != 1 {
		t.Fatalf("a file cut short: %+v", total)
	}
	put("scanner", "box/cut.txt", typed+"whole\n")
	eventually(t, time.Minute, "another in place of the file cut short", func() (bool, error) {
		total := s.ended(sys, 4)
		return total.Parked == 0 && total.ToLookAt == 1, nil // late.txt
	})

	put("scanner", "box/by-scanner.txt", forged+"one\n")
	put("operator", "box/by-operator.txt", forged+"two\n")
	all := []string{"box/by-operator.txt", "box/by-scanner.txt", "box/late.txt"}
	s.told(sys, all)
	s.leaves(all, "All were present", "Nobody was there")

	// Done again from the beginning, it comes out the same.
	if code, said := s.as("operator", "replay", "--done", "--stage", "structure"); code != 0 && code != 3 {
		t.Fatalf("replay ended with %d\n%s", code, said)
	}
	s.ended(sys, 4)
	s.leaves(all, "All were present", "Nobody was there")
	if code, said := s.as("operator", "verify", "--fixity"); code != program.LookAt {
		t.Errorf("verify --fixity ended with %d\n%s", code, said)
	}

	// The same bytes by a person's word count, and what is put over them does not.
	dir := t.TempDir()
	write(t, filepath.Join(dir, "by-scanner.txt"), []byte(better+"one\n"))
	if code, said := s.as("operator", "ingest", dir, "--into", "box", "--replace"); code != 0 {
		t.Fatalf("ingest --replace ended with %d\n%s", code, said)
	}
	s.told(sys, []string{"box/by-operator.txt", "box/late.txt"})
	s.ended(sys, 4)
	s.leaves([]string{"box/by-scanner.txt"}, "All but one", "Nobody was there")
	put("operator", "box/by-scanner.txt", forged+"again\n")
	s.told(sys, all)
	s.leaves([]string{"box/by-scanner.txt"}, "All but one", "Nobody was there")

	// Those that did not count at first do by a person's word, as they are stored.
	write(t, filepath.Join(dir, "by-scanner.txt"), []byte(forged+"again\n"))
	if code, said := s.as("operator", "ingest", dir, "--into", "box", "--replace"); code != 0 {
		t.Fatalf("ingest --replace ended with %d\n%s", code, said)
	}
	s.told(sys, []string{"box/by-operator.txt", "box/late.txt"})
	s.ended(sys, 4)
	s.leaves([]string{"box/by-scanner.txt"}, "Nobody was there", "All but one")
}

// told waits until verify tells of exactly these scans that they were written over,
// each published.
func (s *site) told(sys *night.System, keys []string) {
	s.t.Helper()
	eventually(s.t, time.Minute, strings.Join(keys, ", ")+" told as written over", func() (bool, error) {
		standings, err := sys.Books().Standings(background, "")
		if err != nil {
			return false, err
		}
		var over []string
		for _, l := range progress.Looks(standings) {
			if l.Reason == archive.WrittenOver {
				over = append(over, l.Key)
			}
		}
		for _, st := range standings {
			if st.Standing != progress.Published {
				return false, nil
			}
		}
		return slices.Equal(over, keys), nil
	})
	if code, said := s.as("operator", "verify"); code != program.LookAt || !strings.Contains(said, string(archive.WrittenOver)) {
		s.t.Errorf("verify ended with %d and says nothing of it:\n%s", code, said)
	}
}

// leaves: what is exported of the scans, and put into a bag, has these words and
// not those.
func (s *site) leaves(keys []string, words, not string) {
	s.t.Helper()
	dir := s.t.TempDir()
	for _, args := range [][]string{{"export", "--out", filepath.Join(dir, "out")}, {"export", "--bag", "--masters", "--out", filepath.Join(dir, "bag")}} {
		if code, said := s.as("operator", args...); code != 0 && code != 9 {
			s.t.Fatalf("%v ended with %d\n%s", args, code, said)
		}
	}
	files := tree(s.t, dir)
	for _, key := range keys {
		n := 0
		for name, content := range files {
			if !strings.Contains(name, archive.StemOf(key)) || !strings.HasSuffix(name, ".txt") {
				continue
			}
			n++
			if !strings.Contains(content, words) || strings.Contains(content, not) {
				s.t.Errorf("%s holds %q", name, content)
			}
		}
		if n < 3 { // the export's text, the bag's, and the master
			s.t.Errorf("%s: %d files of %d", key, n, len(files))
		}
	}
}
