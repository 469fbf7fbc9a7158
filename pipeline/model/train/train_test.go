package train

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"nightshift/pipeline/model/lines"
	"nightshift/pipeline/model/network"
	"nightshift/pipeline/model/traineddata"
)

func model(t testing.TB) (file string, net *network.Network) {
	t.Helper()
	found, _ := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/eng.traineddata")
	if len(found) == 0 {
		t.Fatal("Debian's tesseract-ocr-eng is not installed: make deps")
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	f, err := traineddata.Parse(raw)
	if err == nil {
		net, err = network.Parse(f.Get(traineddata.LSTM))
	}
	if err != nil {
		t.Fatal(err)
	}
	return found[0], net
}

// written is a file of a few lines, drawn in Go's own typewriter face.
func written(t testing.TB, texts ...string) string {
	t.Helper()
	parsed, err := opentype.Parse(gomono.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 24, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	set := &lines.Set{}
	for _, s := range texts {
		pic := image.NewGray(image.Rect(0, 0, 15*len(s)+20, 36))
		draw.Draw(pic, pic.Bounds(), image.NewUniform(color.Gray{230}), image.Point{}, draw.Src)
		d := font.Drawer{Dst: pic, Src: image.NewUniform(color.Gray{40}), Face: face, Dot: fixed.P(6, 26)}
		d.DrawString(s)
		if err := set.Add(lines.Line{Source: "drawn/" + s, Image: pic, Margin: lines.Padding, Text: s}); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	if _, err := set.Write(dir, "few", 10, 1); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "few_000.lstmf")
}

// few is a short stage of real training.
func few(t testing.TB) (*Trainer, Stage) {
	t.Helper()
	file, net := model(t)
	return &Trainer{Dir: t.TempDir(), Model: file}, Stage{
		Name: "few", Begin: net, Lines: []string{written(t, "The undersigned has the honour", "Berlin, June 4, 1938", "No. 217/B of the 3rd")},
		Iterations: 30, Rate: 1e-3, Step: 10, Keep: 20,
	}
}

func last(t *testing.T, all []Checkpoint) []byte {
	t.Helper()
	n, err := all[len(all)-1].Network()
	if err != nil {
		t.Fatal(err)
	}
	return n.Bytes()
}

func TestRun(t *testing.T) {
	tr, s := few(t)
	var told []Progress
	tr.Progress = func(p Progress) { told = append(told, p) }
	all, err := tr.Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Iterations != 20 || all[1].Iterations != 30 {
		t.Errorf("kept %+v", all)
	}
	if n := len(told); n == 0 || told[n-1].Iterations != 30 || told[n-1].Of != 30 || told[n-1].Left != 0 {
		t.Errorf("progress %+v", told)
	}
	if bytes.Equal(last(t, all), s.Begin.Float().Bytes()) {
		t.Error("nothing was learned")
	}
	if _, err := Mean(all, 5); err != nil {
		t.Error(err)
	}

	// Stopped after the first step, and gone on with: the same bytes.
	again := &Trainer{Dir: t.TempDir(), Model: tr.Model}
	ctx, cancel := context.WithCancel(t.Context())
	again.Progress = func(p Progress) {
		if p.Iterations > 10 {
			cancel()
		}
	}
	if _, err := again.Run(ctx, s); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	// What a power cut may leave: a checkpoint that is not whole.
	if err := os.WriteFile(checkpointName(filepath.Join(again.Dir, "few"), 20), []byte("cut"), 0o644); err != nil {
		t.Fatal(err)
	}
	more, err := again.Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(last(t, more), last(t, all)) {
		t.Error("a training that was stopped ends with another network")
	}

	// Other lines: begun anew.
	s.Lines = []string{written(t, "Quite another line")}
	s.Iterations = 10
	other, err := again.Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(last(t, other), last(t, all)) {
		t.Error("other lines teach the same")
	}
}

func TestTroubles(t *testing.T) {
	tr, s := few(t)
	bad := filepath.Join(t.TempDir(), "bad.lstmf")
	if err := os.WriteFile(bad, []byte("no lines"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Trainer, *Stage)
		want   string
	}{
		"crash":     {func(t *Trainer, s *Stage) { t.Program = "false" }, "exit status 1"},
		"none":      {func(t *Trainer, s *Stage) { t.Program = "no-such-trainer" }, "part of Debian's tesseract-ocr"},
		"silent":    {func(t *Trainer, s *Stage) { t.Program = "true" }, "without a checkpoint"},
		"no lines":  {func(t *Trainer, s *Stage) { s.Lines = nil }, "no lines"},
		"bad lines": {func(t *Trainer, s *Stage) { s.Lines = []string{bad} }, "cannot read its lines"},
		"no file":   {func(t *Trainer, s *Stage) { s.Lines = []string{bad + "x"} }, "no such file"},
		"no model":  {func(t *Trainer, s *Stage) { t.Model = bad }, "stage few"},
		"name":      {func(t *Trainer, s *Stage) { s.Name = "../x" }, "no name"},
	} {
		to := &Trainer{Dir: t.TempDir(), Model: tr.Model}
		stage := s
		c.change(to, &stage)
		if _, err := to.Run(t.Context(), stage); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	release, err := Alone(filepath.Join(tr.Dir, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := tr.Run(t.Context(), s); !errors.Is(err, ErrBusy) {
		t.Errorf("two at once: %v", err)
	}
}

func TestMeter(t *testing.T) {
	var got []Progress
	m := (&Trainer{Progress: func(p Progress) { got = append(got, p) }}).meter(Stage{Name: "s", Iterations: 900}, 0)
	for _, line := range []string{
		"At iteration 92/200/210, mean rms=0.601%, delta=1.204%, BCER train=3.910%, BWER train=9.1%, skip ratio=0.000%,  New best BCER = 3.9 wrote checkpoint.",
		"At iteration 14/100/100, Mean rms=0.6%, delta=1.2%, char train=3.9%, word train=9.1%, skip ratio=0%,",
		"Loaded 3/3 lines (1-3) of document x.lstmf",
	} {
		if m.read(line) != strings.HasPrefix(line, "At ") {
			t.Error(line)
		}
	}
	if len(got) != 2 || got[0].Iterations != 200 || got[0].Of != 900 || got[0].Errors != 0.0391 {
		t.Errorf("%+v", got)
	}
}

func TestEvaluate(t *testing.T) {
	file, _ := model(t)
	lstmf := written(t, "The undersigned has the honour", "of the 3rd inst.")
	e, err := Evaluate(t.Context(), file, filepath.Join(filepath.Dir(lstmf), "few.list"))
	if err != nil || e.Letters > 0.2 || e.Words > 0.5 {
		t.Errorf("clean lines read with %+v, %v", e, err)
	}
	if _, err := Evaluate(t.Context(), lstmf, lstmf); err == nil {
		t.Error("a model that is none was evaluated")
	}
}
