//go:build model

package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nightshift/pipeline/model/draw"
	"nightshift/pipeline/model/lines"
	"nightshift/pipeline/model/train"
)

// TestBounded goes the whole way with a fiftieth of the lines, drawn ones only: what
// comes out reads lines that it never saw better than stock, and a second run that is
// stopped in its midst gives the same bytes.
func TestBounded(t *testing.T) {
	base, err := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/eng.traineddata")
	if err != nil || len(base) == 0 {
		t.Fatal("tesseract-ocr-eng is not installed: make deps")
	}
	faces := os.Getenv("NIGHTSHIFT_FACES")
	if faces == "" {
		t.Fatal("NIGHTSHIFT_FACES is not set: make test-model")
	}
	runTo := func(ctx context.Context, dir string) ([]byte, error) {
		o := order{base: base[0], faces: faces, work: dir, out: filepath.Join(dir, "eng.traineddata"), share: 0.02, seed: 1, jobs: 2}
		if err := o.make(ctx); err != nil {
			return nil, err
		}
		return os.ReadFile(o.out)
	}
	dir := t.TempDir()
	one, err := runTo(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	list := unseen(t, faces)
	before, err := train.Evaluate(t.Context(), base[0], list)
	if err != nil {
		t.Fatal(err)
	}
	after, err := train.Evaluate(t.Context(), filepath.Join(dir, "eng.traineddata"), list)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("unseen lines: letters wrong %.3f, after %.3f", before.Letters, after.Letters)
	if after.Letters >= before.Letters {
		t.Errorf("letters wrong %.3f, after training %.3f", before.Letters, after.Letters)
	}
	again := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if _, err := runTo(ctx, again); err == nil {
		t.Log("the second run was not stopped in time to show going on")
	}
	two, err := runTo(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		t.Error("two runs give different models")
	}
}

// unseen are drawn lines of a seed that no recipe has.
func unseen(t *testing.T, faces string) (list string) {
	d, err := draw.Open(faces)
	if err != nil {
		t.Fatal(err)
	}
	set := &lines.Set{}
	r := rand.New(rand.NewPCG(99, 99))
	for range 120 {
		if err := set.Add(d.Typed(r)); err != nil {
			t.Fatal(err)
		}
	}
	list, err = set.Write(t.TempDir(), "unseen", 200, 1)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
