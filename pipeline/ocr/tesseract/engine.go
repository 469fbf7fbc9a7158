//go:build cgo

package tesseract

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/otiai10/gosseract/v2"

	"nightshift/pipeline/imaging"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

var errLanguage = errors.New("language data missing")

// engine is one warm Tesseract. There is one in a process: gosseract redirects
// the process's standard error while it starts one.
type engine struct {
	client    *gosseract.Client
	tessdata  string
	languages []string
	spent     time.Duration // processor time inside the engine's calls, where the thread is locked
}

func newEngine(cfg wire.Config) (*engine, error) {
	e := &engine{tessdata: cfg.Tessdata}
	var err error
	if e.client, err = newClient(cfg.Tessdata); err != nil {
		return nil, err
	}
	return e, e.use(cfg.Languages)
}

func newClient(tessdata string) (*gosseract.Client, error) {
	c := gosseract.NewClient()
	if err := c.SetTessdataPrefix(tessdata); err != nil {
		return nil, err
	}
	// Tesseract (5.1 and later) reads each line it is unsure of in negative too, which
	// doubles the time of bad pages and at times wins with nonsense. Negatives are
	// found before they come here.
	if err := c.SetVariable("invert_threshold", "0"); err != nil {
		return nil, err
	}
	// Looking for tables on a page of noise takes minutes, and what it finds is not
	// asked for.
	if err := c.SetVariable("textord_tabfind_find_tables", "0"); err != nil {
		return nil, err
	}
	return c, c.SetVariable("hocr_char_boxes", "1")
}

func (e *engine) close() { _ = e.client.Close() }

func (e *engine) version() string { return e.client.Version() }

// use changes languages; the engine loads them with the next page.
func (e *engine) use(languages []string) error {
	if slices.Equal(languages, e.languages) {
		return nil
	}
	for _, l := range languages {
		if _, err := os.Stat(filepath.Join(e.tessdata, l+".traineddata")); err != nil {
			return fmt.Errorf("%w: %s.traineddata is not in %s", errLanguage, l, e.tessdata)
		}
	}
	if err := e.client.SetLanguage(languages...); err != nil {
		return err
	}
	e.languages = slices.Clone(languages)
	return nil
}

// warm loads the languages by reading a small white image.
func (e *engine) warm() error {
	const side = 32
	white := make([]byte, side*side)
	for i := range white {
		white[i] = 255
	}
	x, err := imaging.FromGrey(white, side, side, side)
	if err != nil {
		return err
	}
	defer x.Close()
	_, err = e.read(x, gosseract.PSM_AUTO)
	return err
}

// read recognises x once. Boxes are in pixels of x.
func (e *engine) read(x *imaging.Pix, mode gosseract.PageSegMode) ([]transcript.Block, error) {
	b, err := x.ForEngine()
	if err != nil {
		return nil, err
	}
	began := threadTime()
	hocr, err := call(e.client, b, mode)
	e.spent += threadTime() - began
	if err != nil {
		return nil, err
	}
	return transcript.ParseHOCR([]byte(hocr))
}

// call is one recognition, from an encoded image to hOCR.
func call(client *gosseract.Client, b []byte, mode gosseract.PageSegMode) (string, error) {
	if err := client.SetImageFromBytes(b); err != nil {
		return "", err
	}
	// As a variable: starting the engine anew, for other languages, forgets what
	// SetPageSegMode has said.
	if err := client.SetVariable("tessedit_pageseg_mode", strconv.Itoa(int(mode))); err != nil {
		return "", err
	}
	plainLines(true)
	defer plainLines(false)
	hocr, err := client.HOCRText()
	if err != nil {
		return "", fmt.Errorf("recognise: %w", err)
	}
	return hocr, nil
}
