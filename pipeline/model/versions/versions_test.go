package versions

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(1961, 2, 3, 12, 0, 0, 0, time.UTC)

// registry takes models that begin with "model".
func registry(t *testing.T) Registry {
	return Registry{Dir: filepath.Join(t.TempDir(), "models"), Check: func(b []byte) error {
		if !strings.HasPrefix(string(b), "model") {
			return errors.New("no model")
		}
		return nil
	}}
}

func chosen(t *testing.T, s Registry, want int) {
	t.Helper()
	n, file, err := s.Chosen()
	if err != nil || n != want || (file == "") != (want == Shipped) {
		t.Errorf("chosen %d, %q, %v; want %d", n, file, err, want)
	}
}

func TestRegistry(t *testing.T) {
	s := registry(t)
	if all, err := s.All(); err != nil || len(all) != 0 {
		t.Errorf("versions of nothing: %v, %v", all, err)
	}
	chosen(t, s, Shipped)
	for i, m := range []string{"model one", "model two"} {
		n, err := s.Add([]byte(m), Card{Made: noon, From: Origin{Name: "shipped"}})
		if err != nil || n != i+1 {
			t.Fatalf("%s is version %d, %v", m, n, err)
		}
	}
	chosen(t, s, Shipped) // adding chooses nothing
	for _, n := range []int{2, 1, Shipped, 2} {
		if err := s.Use(n, "ada", noon); err != nil {
			t.Fatal(err)
		}
		chosen(t, s, n)
	}
	all, err := s.All()
	if err != nil || len(all) != 2 || all[0].InUse || !all[1].InUse || all[1].Digest != Digest([]byte("model two")) {
		t.Errorf("%+v, %v", all, err)
	}
	if h, err := s.History(); err != nil || len(h) != 4 || h[0] != (Choice{2, "ada", noon}) {
		t.Errorf("history %+v, %v", h, err)
	}
	if raw, _, err := s.Model(1); err != nil || string(raw) != "model one" {
		t.Errorf("version 1 is %q, %v", raw, err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir, ".new*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// What is no model, damaged or not there changes nothing.
func TestRefused(t *testing.T) {
	s := registry(t)
	if _, err := s.Add([]byte("cut short"), Card{}); err == nil {
		t.Error("what is no model was taken")
	}
	for range 2 {
		if _, err := s.Add([]byte("model"), Card{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Use(1, "ada", noon); err != nil {
		t.Fatal(err)
	}
	if err := s.Use(9, "ada", noon); !errors.Is(err, ErrNone) {
		t.Errorf("a version that is not there: %v", err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir, "2", modelFile), []byte("model, changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Use(2, "ada", noon); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged version: %v", err)
	}
	chosen(t, s, 1)
	if all, err := s.All(); err != nil || all[1].Trouble == "" || all[0].Trouble != "" {
		t.Errorf("%+v, %v", all, err)
	}
	if err := os.Remove(filepath.Join(s.Dir, "1", modelFile)); err != nil {
		t.Fatal(err)
	}
	if n, file, err := s.Chosen(); err == nil || n != 1 || file != "" {
		t.Errorf("a chosen version without its model: %d, %q, %v", n, file, err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir, chosenFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Chosen(); err == nil {
		t.Error("a choice cut short was taken")
	}
}

func FuzzHistory(f *testing.F) {
	f.Add([]byte(`{"version":1,"choices":[{"number":1,"who":"x","when":"1961-02-03T12:00:00Z"}]}`))
	f.Add([]byte("{"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := Registry{Dir: t.TempDir()}
		if err := os.WriteFile(filepath.Join(s.Dir, chosenFile), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, file, err := s.Chosen(); file != "" {
			t.Errorf("%q chooses %s, %v", raw, file, err)
		}
	})
}
