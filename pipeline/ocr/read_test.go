//go:build cgo

package ocr

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/custody"
	"nightshift/pipeline/imaging/imagingtest"
	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

var (
	sharedPool *Pool
	startPool  sync.Once
	startErr   error
)

// enginePool is one pool of real children for all tests of this package. The
// children end when the test program closes their input.
func enginePool(t *testing.T) *Pool {
	t.Helper()
	startPool.Do(func() {
		sharedPool, startErr = NewPool(context.Background(), PoolConfig{Children: 2})
	})
	if startErr != nil {
		t.Fatal(startErr)
	}
	return sharedPool
}

func read(t *testing.T, b []byte, index int) (transcript.Page, error) {
	t.Helper()
	return enginePool(t).Read(t.Context(), bytesOf(b), "scan", "", index, Settings{})
}

func textOf(p transcript.Page) string {
	s, _ := transcript.TextAsRead([]transcript.Page{p})
	return strings.Join(strings.Fields(s), " ")
}

var memo = strings.Join(strings.Fields(strings.Join(imagingtest.Memo, " ")), " ")

// Every format ends in the same words, with characters, boxes and confidences.
func TestReadFormats(t *testing.T) {
	img := imagingtest.Page(t, 200, imagingtest.Memo...)
	for name, b := range map[string][]byte{
		"tiff g4":                              imagingtest.Encode(t, img, "tiff-g4", 200, true),
		"png":                                  imagingtest.PNG(t, img),
		"jpeg":                                 imagingtest.JPEG(t, imagingtest.Placed(img, 6), 6),
		"pdf scan":                             imagingtest.PDF(t, false, imagingtest.PDFPage{Scan: img, DPI: 200}),
		"pdf scan without its JPEG's end mark": imagingtest.PDF(t, false, imagingtest.PDFPage{Scan: img, DPI: 200, Cut: 2}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := read(t, b, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := textOf(p); got != memo {
				t.Errorf("read %q", got)
			}
			if p.Image.Width != 1200 || p.Image.Height != 800 || p.Blank || p.MeanConfidence < 80 || p.Engine.Version == "" {
				t.Errorf("%+v, confidence %v", p.Image, p.MeanConfidence)
			}
			checkBoxes(t, p)
		})
	}
}

// checkBoxes: words lie within the page, characters within their words, and the
// first word is where it was drawn.
func checkBoxes(t *testing.T, p transcript.Page) {
	t.Helper()
	for _, b := range p.Blocks {
		for _, l := range b.Lines {
			for _, w := range l.Words {
				if w.Box[0] < 0 || w.Box[2] > p.Image.Width || w.Box[3] > p.Image.Height || w.Box[0] >= w.Box[2] || w.Box[1] >= w.Box[3] {
					t.Errorf("%q at %v", w.Text, w.Box)
				}
				if len(w.X0) != len([]rune(w.Text)) || w.X0[0] < w.Box[0]-3 || w.X1[len(w.X1)-1] > w.Box[2]+3 {
					t.Errorf("%q: characters from %v to %v in %v", w.Text, w.X0, w.X1, w.Box)
				}
			}
		}
	}
	first := p.Blocks[0].Lines[0].Words[0].Box
	if near := func(v, want int) bool { return v > want-12 && v < want+12 }; !near(first[0], 100) || !near(first[3], 102) {
		t.Errorf("the first word is at %v", first)
	}
}

func TestReadDrawnPDF(t *testing.T) {
	b := imagingtest.PDF(t, false, imagingtest.PDFPage{Text: "Page one of the letter"}, imagingtest.PDFPage{Text: "The second page is here"})
	plans, err := enginePool(t).Plan(t.Context(), bytesOf(b), "x.pdf", "")
	if err != nil || len(plans) != 2 {
		t.Fatalf("%+v, %v", plans, err)
	}
	p, err := read(t, b, 2)
	if err != nil || textOf(p) != "The second page is here" || p.Image.DPI != 300 {
		t.Errorf("%q, %d dpi, %v", textOf(p), p.Image.DPI, err)
	}
}

// What cannot be read is refused for good, with its reason; never an empty page.
func TestRefusals(t *testing.T) {
	img := imagingtest.Page(t, 100, imagingtest.Memo...)
	two := imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: img}, {Image: img}}}.Bytes()
	jpeg := imagingtest.JPEG(t, img, 0)
	pdf := imagingtest.PDF(t, false, imagingtest.PDFPage{Scan: img, DPI: 100})
	for name, c := range map[string]struct {
		b    []byte
		page int
		want archive.Reason
	}{
		"nothing":        {nil, 1, archive.Undecodable},
		"text":           {[]byte("To whom it may concern"), 1, archive.Undecodable},
		"short jpeg":     {jpeg[:len(jpeg)/2], 1, archive.Truncated},
		"short png":      {imagingtest.PNG(t, img)[:3000], 1, archive.Truncated},
		"broken png":     {bytes.Replace(imagingtest.PNG(t, img), []byte("IDAT"), []byte("JUNK"), 1), 1, archive.Undecodable},
		"short tiff":     {two[:len(two)/4], 1, archive.Truncated},
		"no such page":   {two, 3, archive.NoPages},
		"page 2 of jpeg": {jpeg, 2, archive.NoPages},
		"locked pdf":     {imagingtest.PDF(t, true, imagingtest.PDFPage{Text: "secret"}), 1, archive.NeedsPassword},
		"cut scan":       {imagingtest.PDF(t, false, imagingtest.PDFPage{Scan: img, DPI: 100, Cut: len(jpeg) / 2}), 1, archive.Truncated},
		"broken pdf":     {[]byte("%PDF-1.4\nnothing else"), 1, archive.Undecodable},
		"no such leaf":   {pdf, 2, archive.NoPages},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := read(t, c.b, c.page)
			if _, final := pipeline.Rejected(err); !final || pipeline.ReasonOf(err) != c.want {
				t.Errorf("%v (reason %q), want %q; text %q", err, pipeline.ReasonOf(err), c.want, textOf(p))
			}
		})
	}
	plans, err := enginePool(t).Plan(t.Context(), bytesOf(two[:len(two)-20]), "short.tif", "")
	if err != nil || len(plans) != 2 || plans[0].Damage != "" || plans[1].Damage != archive.Truncated {
		t.Errorf("a TIFF whose second directory is cut: %+v, %v", plans, err)
	}
}

// A page that lies on its side, stands on its head, is a negative or comes in
// another resolution reads the same.
func TestReadHoweverItLies(t *testing.T) {
	img := imagingtest.Page(t, 150, imagingtest.Memo...)
	for name, v := range map[string]struct {
		img  *image.Gray
		turn int
	}{
		"quarter": {imagingtest.Turned(img, 1), 270}, "half": {imagingtest.Turned(img, 2), 180}, "three quarters": {imagingtest.Turned(img, 3), 90},
		"negative": {imagingtest.Inverted(img), 0}, "100 dpi": {imagingtest.Page(t, 100, imagingtest.Memo...), 0}, "200 dpi": {imagingtest.Page(t, 200, imagingtest.Memo...), 0},
		"600 dpi": {imagingtest.Page(t, 600, imagingtest.Memo...), 0}, "400 dpi": {imagingtest.Page(t, 400, imagingtest.Memo...), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := read(t, imagingtest.PNG(t, v.img), 1)
			if err != nil || textOf(p) != memo || p.Image.Rotation != v.turn || p.Grade == "" || p.LowQuality {
				t.Errorf("turned %d, grade %s, %v, text %q", p.Image.Rotation, p.Grade, err, textOf(p))
			}
		})
	}
}

func TestBlankPage(t *testing.T) {
	p, err := read(t, imagingtest.PNG(t, imagingtest.White(800, 1000)), 1)
	if err != nil || !p.Blank || len(p.Blocks) != 0 {
		t.Errorf("blank %v, %d blocks, %v", p.Blank, len(p.Blocks), err)
	}
}

func TestLimits(t *testing.T) {
	img := imagingtest.White(3000, 3000)
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7919 >> 5)
	}
	noise := imagingtest.PNG(t, img)
	for name, c := range map[string]struct {
		cfg  PoolConfig
		b    []byte
		want archive.Reason
	}{
		"pixels":   {PoolConfig{MaxPixels: 1e6}, noise, archive.TooLarge},
		"bytes":    {PoolConfig{MaxBytes: 1000}, noise, archive.TooLarge},
		"deadline": {PoolConfig{Deadline: 150 * time.Millisecond}, noise, archive.DeadlineHit},
		"memory":   {PoolConfig{MemoryLimit: 110 << 20}, imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: image.NewGray(image.Rect(0, 0, 9000, 9000)), Bilevel: true}}}.Bytes(), archive.MemoryHit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.cfg.Children = 1
			p, err := NewPool(t.Context(), c.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if _, err := p.Read(t.Context(), bytesOf(c.b), "noise", "", 1, Settings{}); pipeline.ReasonOf(err) != c.want {
				t.Errorf("%v (reason %q), want %q", err, pipeline.ReasonOf(err), c.want)
			}
			if name == "deadline" {
				return // too short for anything
			}
			plan, err := p.Plan(t.Context(), bytesOf(imagingtest.PNG(t, imagingtest.White(10, 10))), "small.png", "")
			if err != nil || len(plan) != 1 {
				t.Errorf("the scan after it: %v, %v", plan, err)
			}
		})
	}
}

// What is read does not depend on what was read before: not on the page, and not
// on the languages.
func TestReadingsAreAlike(t *testing.T) {
	dir := t.TempDir()
	eng, err := os.ReadFile(enginePool(t).data.path("eng"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []string{"eng", "lat"} {
		if err := os.WriteFile(filepath.Join(dir, l+".traineddata"), eng, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := NewPool(t.Context(), PoolConfig{Children: 1, TessdataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	// Two columns: read as one block, their lines would run together.
	img := imagingtest.White(1200, 800)
	left, right := imagingtest.Page(t, 100, "Left one", "left two", "left three"), imagingtest.Page(t, 100, "Right one", "right two", "right three")
	draw.Draw(img, image.Rect(0, 0, 600, 400), left, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(600, 0, 1200, 400), right, image.Point{}, draw.Src)
	columns := imagingtest.PNG(t, img)
	var first transcript.Page
	for i, lang := range []string{"eng", "lat", "eng", "eng"} {
		got, err := p.Read(t.Context(), bytesOf(columns), "scan", "", 1, Settings{Languages: []string{lang}})
		if err != nil {
			t.Fatal(err)
		}
		got.Engine = transcript.Engine{}
		if i == 0 {
			first = got
		} else if !reflect.DeepEqual(got, first) {
			t.Errorf("reading %d: %q, the first was %q", i+1, textOf(got), textOf(first))
		}
	}
}

// Nothing secret of ours is in the environment of a child.
func TestChildEnvironment(t *testing.T) {
	t.Setenv("NIGHTSHIFT_S3", "http://key:secret@host")
	for _, e := range enginePool(t).childEnv() {
		if strings.Contains(e, "secret") {
			t.Errorf("the child sees %s", e)
		}
	}
}

// A child that is taken over and reaches for the network is ended; its page is parked at
// once with the reason, and the pool goes on. Package confine tries all the other doors.
func TestBreakingOut(t *testing.T) {
	got := enginePool(t).Isolation()
	if !strings.HasPrefix(got, "rlimits") {
		t.Fatalf("isolation %q", got)
	}
	if !strings.Contains(got, "seccomp") {
		t.Skipf("NOT CHECKABLE HERE: children have %s, and no seccomp", got)
	}
	p := badPool(t, "break out", PoolConfig{Children: 1})
	for range 2 {
		_, err := p.Plan(t.Context(), bytesOf(nil), "bad", "")
		if r, final := pipeline.Rejected(err); !final || r != archive.ForbiddenCall {
			t.Errorf("%v, want a rejection for %s", err, archive.ForbiddenCall)
		}
		if _, err := p.Plan(t.Context(), bytesOf(nil), "good", ""); err != nil {
			t.Errorf("the next page: %v", err)
		}
	}
}

// The cache of compiled code is filled by a child of its own, and read by those that
// see scans; one that others may write to is not used.
func TestCompiledCode(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := openCache(dir); !errors.Is(err, custody.ErrShared) {
		t.Errorf("a cache that all may write to: %v", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	pool, err := NewPool(t.Context(), PoolConfig{Children: 1, ImagesOnly: true, CacheDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	src, err := os.ReadFile("../../testdata/samplebox/Lake Conference 1955/despatch-112.pdf")
	if err != nil {
		t.Fatal(err)
	}
	plan := func() {
		t.Helper()
		if pages, err := pool.Plan(t.Context(), bytesOf(src), "a.pdf", "application/pdf"); err != nil || len(pages) == 0 {
			t.Fatalf("%d pages, %v", len(pages), err)
		}
	}
	plan()
	if _, err := os.Stat(tesseract.CacheMark(wire.Config{Cache: dir, CacheKey: pool.cache.key})); err != nil {
		t.Error(err)
	}
	code, err := filepath.Glob(filepath.Join(dir, "wazero-*", "*"))
	if err != nil || len(code) != 1 {
		t.Fatalf("compiled: %q, %v", code, err)
	}
}

// A fault of the store is given back as it came and costs no child.
func TestSourceFails(t *testing.T) {
	p := enginePool(t)
	gone := errors.New("the store is away")
	_, err := p.Plan(t.Context(), failing{gone}, "x.tif", "")
	if !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
	if _, final := pipeline.Rejected(err); final {
		t.Error("the scan was blamed")
	}
}

// failsOnce is a scan whose at-th read the store does not answer.
type failsOnce struct {
	scan
	left *int
}

var errGone = errors.New("the store is away")

func (f failsOnce) ReadAt(p []byte, off int64) (int, error) {
	if *f.left--; *f.left == 0 {
		return 0, errGone
	}
	return f.scan.ReadAt(p, off)
}

// Whichever read of a scan fails, and whatever the decoder makes of it: it is
// the store's fault, never a page, a plan or a verdict.
func TestSourceFailsInTheMiddle(t *testing.T) {
	p := enginePool(t)
	img := imagingtest.Page(t, 100, imagingtest.Memo...)
	for name, b := range map[string][]byte{
		"tiff": imagingtest.TIFF{Pages: []imagingtest.TIFFPage{{Image: img}, {Image: img}}}.Bytes(),
		"jpeg": imagingtest.JPEG(t, img, 0),
		"pdf":  imagingtest.PDF(t, false, imagingtest.PDFPage{Scan: img, DPI: 100}),
	} {
		asks := map[string]func(Source) error{
			"plan":  func(s Source) error { _, err := p.Plan(t.Context(), s, name, ""); return err },
			"image": func(s Source) error { _, err := p.Image(t.Context(), s, name, "", 1, 200); return err },
		}
		for what, ask := range asks {
			for at := 1; ; at++ {
				left := at
				err := ask(failsOnce{bytesOf(b), &left})
				if left > 0 {
					if err != nil || at == 1 {
						t.Errorf("%s of a %s in %d reads: %v", what, name, at-1, err)
					}
					break
				}
				if !errors.Is(err, errGone) {
					t.Errorf("%s of a %s, read %d failed: %v", what, name, at, err)
				}
			}
		}
	}
}

func TestLanguageMissing(t *testing.T) {
	for _, cfg := range []PoolConfig{
		{Languages: []string{"eng", "tlh"}}, {Languages: []string{"../etc/passwd"}}, {TessdataDir: t.TempDir()},
	} {
		if _, err := NewPool(t.Context(), cfg); pipeline.ReasonOf(err) != archive.LanguageMissing {
			t.Errorf("%v: %v", cfg.Languages, err)
		}
	}
	p := enginePool(t)
	if _, err := p.Read(t.Context(), bytesOf(nil), "x", "", 1, Settings{Languages: []string{"tlh"}}); pipeline.ReasonOf(err) != archive.LanguageMissing {
		t.Errorf("%v", err)
	}
	if p.Config(Settings{}) == p.Config(Settings{Languages: []string{"osd"}}) {
		t.Error("other languages, same configuration")
	}
}

// A pool told never to read again does not, and says so in its configuration.
func TestReadAgainNever(t *testing.T) {
	p := enginePool(t)
	once, err := NewPool(t.Context(), PoolConfig{Children: 1, ReadAgain: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer once.Close()
	if once.Config(Settings{}) == p.Config(Settings{}) {
		t.Error("the same configuration with readings again and without")
	}
	small := imagingtest.JPEG(t, imagingtest.Page(t, 40, imagingtest.Memo...), 0)
	page, err := once.Read(t.Context(), bytesOf(small), "small", "", 1, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.Join(page.Steps, "; "), "again") || textOf(page) == "" {
		t.Errorf("steps %q, text %q", page.Steps, textOf(page))
	}
}
