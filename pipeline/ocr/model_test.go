//go:build cgo

package ocr

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline/imaging/imagingtest"
	"nightshift/pipeline/model/shipped"
)

// The installed model reads by default, the one that the program carries or a file when
// it is asked for; which it was is in each page and decides the configuration.
func TestModel(t *testing.T) {
	stock, err := NewPool(t.Context(), PoolConfig{Children: 1, Model: StockModel})
	if err != nil {
		t.Fatal(err)
	}
	defer stock.Close()
	p, err := NewPool(t.Context(), PoolConfig{Children: 1, Model: OwnModel})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if stock.Config(Settings{}) == p.Config(Settings{}) {
		t.Error("the same configuration with the model and without")
	}
	if enginePool(t).Config(Settings{}) != p.Config(Settings{}) {
		t.Error("the carried model is not the default")
	}
	if m, err := openModel(PoolConfig{TessdataDir: "somewhere"}); m != nil || err != nil {
		t.Errorf("a directory of language data does not go before the carried model: %v", err)
	}
	file := filepath.Join(t.TempDir(), "eng.traineddata")
	if err := os.WriteFile(file, shipped.English, 0o600); err != nil {
		t.Fatal(err)
	}
	same, err := NewPool(t.Context(), PoolConfig{Children: 1, Model: file, CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer same.Close()
	if same.Config(Settings{}) != p.Config(Settings{}) {
		t.Error("another configuration with the same model as a file")
	}
	page := bytesOf(imagingtest.PNG(t, imagingtest.Page(t, 100, imagingtest.Memo...)))
	for _, pool := range []*Pool{p, stock, same} {
		got, err := pool.Read(t.Context(), page, "memo", "", 1, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if m := got.Engine.Settings["model eng"]; m != string(pool.data.digest("eng")) || len(m) != 64 {
			t.Errorf("the page says it was read with %q", m)
		}
	}
}

// A model that cannot be used is told before anything is read.
func TestBadModel(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"eng.traineddata":     {shipped.English[:len(shipped.English)/2], "cut short"},
		"fra.traineddata":     {[]byte("no model at all, but long enough"), "not a usable traineddata file"},
		"model.bin":           {shipped.English, "not called LANGUAGE.traineddata"},
		"../eng.traineddatax": {nil, "not called LANGUAGE.traineddata"},
	} {
		file := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(file, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := NewPool(t.Context(), PoolConfig{Children: 1, Model: file}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewPool(t.Context(), PoolConfig{Model: filepath.Join(dir, "none.traineddata")}); err == nil {
		t.Error("a model that is not there was used")
	}
}

// A folder of models that was damaged is made again.
func TestModelLaidOut(t *testing.T) {
	data, err := openLanguageData("")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	m := &model{shipped.Language, shipped.English}
	first, err := data.with(m, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(first.path("eng"), []byte("cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := data.with(m, dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(again.path("eng"))
	if err != nil || !bytes.Equal(got, shipped.English) || again.dir != first.dir {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".new*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
