package tesseract

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// diagnostics is what C code wrote to standard error for the page at hand. The
// descriptor is a file in memory of a fixed size, made by the pool: whatever a
// decoder writes to it, it grows no further, and the pool can read it after the
// child has died.
type diagnostics struct{ fd int }

// Bounds of the diagnostics kept with a page.
const diagnosticLines, diagnosticWidth = 8, 200

// reset forgets what is there.
func (d *diagnostics) reset() {
	if d.fd < 0 {
		return
	}
	n, err := unix.Seek(d.fd, 0, 1)
	if err != nil || n <= 0 {
		return
	}
	_, _ = unix.Pwrite(d.fd, make([]byte, n), 0) // if it fails, old lines stay: no harm
	_, _ = unix.Seek(d.fd, 0, 0)
}

// lines is what was written since reset: each line once, in order, bounded.
func (d *diagnostics) lines() []string {
	if d.fd < 0 {
		return nil
	}
	b := make([]byte, 16<<10)
	n, err := unix.Pread(d.fd, b, 0)
	if err != nil {
		return nil
	}
	return Lines(b[:n])
}

// Lines splits diagnostics into lines, each once, shortened, without what is no
// text.
func Lines(b []byte) []string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	var out []string
	for line := range strings.SplitSeq(string(b), "\n") {
		line = strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0xFFFD {
				return -1
			}
			return r
		}, line))
		if r := []rune(line); len(r) > diagnosticWidth {
			line = string(r[:diagnosticWidth])
		}
		if line != "" && !slices.Contains(out, line) {
			out = append(out, line)
		}
		if len(out) == diagnosticLines {
			break
		}
	}
	return out
}
