//go:build shared && cgo

package ocr

import (
	"os"
	"testing"
)

type scanFile struct {
	*os.File
	size int64
}

func (f scanFile) Size() int64 { return f.size }

// openScan opens a file for the length of the test.
func openScan(t *testing.T, name string) scanFile {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return scanFile{f, info.Size()}
}
