//go:build shared && cgo

package ocr

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

// elsewhere is what other programs say of a scan; zero: they do not tell.
type elsewhere struct {
	pages         int
	width, height int // of the first page as shown, in pixels
	within        int // pixels by which two programs' sizes of a drawn page may differ
	by            string
}

// unlike are the files whose figures differ from those of tiffinfo, identify,
// pdfinfo or pdfimages, and why ours are right.
var unlike = map[string]string{
	"docling-sample_with_rotation_mismatch.pdf": "drawn at the resolution of its image, 249 dpi; pdfinfo knows the page only",
	"ocrmypdf-aspect.pdf":                       "an image of 200 by 100 dpi: its larger resolution both ways, as it is shown",
	"ocrmypdf-masks.pdf":                        "drawn at the resolution of its images, 298 dpi; pdfinfo knows the page only",
	"olmocr-handwriting_bad_ocr.pdf":            "the page is a fraction of a pixel higher than its image",
	"sharp-G31D_MULTI.TIF":                      "the second directory is the first at half its size, and no page",
	"twelvemonkeys-g3aoe.tif":                   "a fax of 204 by 196 dpi: pixels made square",
}

// Every awkward file has the pages that tiffinfo, pdfinfo and identify see in it,
// and its first page decodes to the size they give, turned as it is to be shown;
// what is refused is refused for the reason expected.
func TestSharedAwkward(t *testing.T) {
	refused := map[string]archive.Reason{
		"format-corpus-encryption_openpassword.pdf": archive.NeedsPassword, "paperless-encrypted.pdf": archive.NeedsPassword,
	}
	names, err := filepath.Glob(filepath.Join(os.Getenv("NIGHTSHIFT_SHARED"), "scans", "awkward", "*.*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in scans/awkward of NIGHTSHIFT_SHARED: %v", err)
	}
	pool, err := NewPool(t.Context(), PoolConfig{ImagesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, n := range names {
		name := filepath.Base(n)
		pages, pic, err := shown(t, pool, n)
		if reason, ok := refused[name]; ok || err != nil {
			t.Logf("%-58s refused: %v", name, err)
			if pipeline.ReasonOf(err) != reason || err == nil {
				t.Errorf("%s: %v, want %q", name, err, reason)
			}
			continue
		}
		want := see(t, n)
		t.Logf("%-58s %3d pages, %5dx%-5d %s: %3d, %5dx%-5d %s", name, pages, pic.Width, pic.Height, want.by, want.pages, want.width, want.height, unlike[name])
		off := max(abs(pic.Width-want.width), abs(pic.Height-want.height))
		if unlike[name] == "" && (pages != want.pages || off > want.within) {
			t.Errorf("%s: %d pages, %dx%d; %s says %d, %dx%d", name, pages, pic.Width, pic.Height, want.by, want.pages, want.width, want.height)
		}
	}
}

// shown is how many pages a scan has, and its first as a viewer shows it.
func shown(t *testing.T, pool *Pool, name string) (int, Picture, error) {
	t.Helper()
	src := openScan(t, name)
	plans, err := pool.Plan(t.Context(), src, name, "")
	if err != nil {
		return 0, Picture{}, err
	}
	pic, err := pool.Image(t.Context(), src, name, "", plans[0].Index, 0)
	return len(plans), pic, err
}

func abs(n int) int { return max(n, -n) }

// see asks the usual tools; a tool that is missing fails the test.
func see(t *testing.T, name string) elsewhere {
	t.Helper()
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf":
		return seePDF(t, name)
	case ".tif", ".tiff":
		e := seeImage(t, name)
		e.pages, e.by = strings.Count(tool(t, "tiffinfo", name), "TIFF Directory at offset"), "tiffinfo, identify"
		return e
	}
	return seeImage(t, name)
}

func seeImage(t *testing.T, name string) elsewhere {
	e := elsewhere{pages: 1, by: "identify"}
	var orientation string
	_, _ = fmt.Sscan(tool(t, "identify", "-quiet", "-format", "%w %h %[orientation]\n", name+"[0]"), &e.width, &e.height, &orientation)
	switch orientation {
	case "LeftTop", "RightTop", "RightBottom", "LeftBottom":
		e.width, e.height = e.height, e.width
	}
	return e
}

// seePDF: a page that is one image has the image's size, any other that of its
// box at 300 dpi.
func seePDF(t *testing.T, name string) elsewhere {
	e := elsewhere{by: "pdfinfo"}
	var w, h, turn float64
	for line := range strings.Lines(tool(t, "pdfinfo", "-f", "1", "-l", "1", name)) {
		_, _ = fmt.Sscanf(line, "Pages: %d", &e.pages)
		_, _ = fmt.Sscanf(line, "Page 1 size: %f x %f", &w, &h)
		_, _ = fmt.Sscanf(line, "Page 1 rot: %f", &turn)
	}
	var images [][2]int
	s := bufio.NewScanner(bytes.NewReader([]byte(tool(t, "pdfimages", "-list", "-f", "1", "-l", "1", name))))
	for s.Scan() {
		var page, n, iw, ih int
		var kind string
		if _, err := fmt.Sscan(s.Text(), &page, &n, &kind, &iw, &ih); err == nil && kind == "image" {
			images = append(images, [2]int{iw, ih})
		}
	}
	e.width, e.height, e.within = int(math.Round(w*300/72)), int(math.Round(h*300/72)), 2
	if len(images) == 1 && math.Abs(float64(images[0][0])/float64(images[0][1])-w/h) < 0.02*w/h {
		e.width, e.height, e.by = images[0][0], images[0][1], "pdfinfo, pdfimages"
	}
	if int(turn)%180 != 0 {
		e.width, e.height = e.height, e.width
	}
	return e
}

// tool is what a program prints; an exit status is no matter, files that are
// missing are.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatalf("%v: apt-get install libtiff-tools poppler-utils imagemagick", err)
	}
	return string(out)
}
