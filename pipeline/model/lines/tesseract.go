package lines

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"nightshift/pipeline/custody"
)

// A Finder finds the lines of a page by Tesseract's own program: what it cuts is
// what the network will be given.
type Finder struct {
	// Model is the file of a model, NAME.traineddata; "": Debian's English.
	Model string
	// Cache is a folder for what was found, by page and model; "": none.
	Cache string
	of    string // the model's digest, once known
}

// Lines are those found on a page.
func (f *Finder) Lines(ctx context.Context, page *image.Gray) ([]Found, error) {
	kept, err := f.kept(page)
	if err != nil {
		return nil, err
	}
	if kept != "" {
		if raw, err := os.ReadFile(kept); err == nil {
			return ParseFound(raw)
		}
	}
	raw, err := f.run(ctx, page)
	if err != nil {
		return nil, err
	}
	if kept != "" {
		if err := custody.Replace(kept, raw); err != nil {
			return nil, err
		}
	}
	return ParseFound(raw)
}

// run reads the page with one thread. Lines read in negative too (invert_threshold)
// and tables are what the pipeline does without.
func (f *Finder) run(ctx context.Context, page *image.Gray) ([]byte, error) {
	args := []string{"stdin", "stdout", "--psm", "3", "-c", "tessedit_create_hocr=1", "-c", "invert_threshold=0", "-c", "textord_tabfind_find_tables=0"}
	if f.Model != "" {
		args = append(args, "--tessdata-dir", filepath.Dir(f.Model), "-l", strings.TrimSuffix(filepath.Base(f.Model), ".traineddata"))
	}
	cmd := exec.CommandContext(ctx, "tesseract", args...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin = pgm(page)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("find lines: %w: %s", err, bytes.TrimSpace(said.Bytes()[:min(said.Len(), 400)]))
	}
	return out, nil
}

// pgm is the page as a portable graymap.
func pgm(page *image.Gray) io.Reader {
	var b bytes.Buffer
	fmt.Fprintf(&b, "P5\n%d %d\n255\n", page.Rect.Dx(), page.Rect.Dy())
	for y := range page.Rect.Dy() {
		b.Write(page.Pix[y*page.Stride : y*page.Stride+page.Rect.Dx()])
	}
	return &b
}

// kept is the file that keeps what was found on the page.
func (f *Finder) kept(page *image.Gray) (string, error) {
	if f.Cache == "" {
		return "", nil
	}
	if f.of == "" {
		f.of = "eng"
		if f.Model != "" {
			raw, err := os.ReadFile(f.Model)
			if err != nil {
				return "", err
			}
			d := sha256.Sum256(raw)
			f.of = hex.EncodeToString(d[:8])
		}
	}
	h := sha256.New()
	if _, err := io.Copy(h, pgm(page)); err != nil {
		return "", err
	}
	return filepath.Join(f.Cache, hex.EncodeToString(h.Sum(nil)[:12])+"-"+f.of+".hocr"), nil
}
