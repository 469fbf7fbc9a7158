package wire

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestFramesComeBack(t *testing.T) {
	for _, n := range []int{0, 1, 4096, 4097, 3 << 20} {
		var b bytes.Buffer
		content := bytes.Repeat([]byte{7}, n)
		if err := Write(&b, Data, content); err != nil {
			t.Fatal(err)
		}
		k, got, err := Read(&b)
		if err != nil || k != Data || !bytes.Equal(got, content) || b.Len() != 0 {
			t.Errorf("%d bytes: %c, %d bytes, %v, %d left", n, k, len(got), err, b.Len())
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, b := range map[string]string{
		"kind":           "\x00\x00\x00\x00Z",
		"size":           "\xFF\xFF\xFF\xFFD",
		"cut head":       "\x00\x00",
		"cut content":    "\x00\x00\x00\x05Dabc",
		"claims 64 MiB":  "\x04\x00\x00\x00D" + "few",
		"text, no frame": "Hello, world",
	} {
		if _, _, err := Read(bytes.NewReader([]byte(b))); !errors.Is(err, ErrFrame) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := Read(bytes.NewReader(nil)); err != io.EOF {
		t.Errorf("nothing: %v", err)
	}
}

func TestRange(t *testing.T) {
	off, n, err := DecodeRange(EncodeRange(1<<40, 5), 1<<40+5)
	if off != 1<<40 || n != 5 || err != nil {
		t.Error(off, n, err)
	}
	for name, b := range map[string][]byte{
		"beyond the end": EncodeRange(10, 1), "over the end": EncodeRange(9, 2), "negative": EncodeRange(-1, 1),
		"too much": EncodeRange(0, MaxRange+1), "short": {1, 2},
	} {
		if _, _, err := DecodeRange(b, 10); !errors.Is(err, ErrFrame) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConfigComesBack(t *testing.T) {
	want := Config{Tessdata: "/data", Languages: []string{"eng", "deu"}, MemoryLimit: 1 << 30, MaxPixels: 5, Deadline: 7}
	t.Setenv(ChildEnv, want.Encode())
	got, ok, err := ChildConfig()
	if !ok || err != nil || got.Encode() != want.Encode() {
		t.Errorf("%+v, %v, %v", got, ok, err)
	}
	t.Setenv(ChildEnv, "{")
	if _, ok, err := ChildConfig(); !ok || err == nil {
		t.Error("half a configuration was accepted")
	}
}

// FuzzRead reads any bytes as frames: it ends, takes no more memory than bytes
// arrive, and what it accepts writes back as it came.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x03Dabc\x00\x00\x00\x00H"))
	f.Add([]byte("\x03\xFF\xFF\xFFP{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		var out bytes.Buffer
		for {
			k, content, err := Read(r)
			if err != nil {
				break
			}
			if err := Write(&out, k, content); err != nil {
				t.Fatal(err)
			}
			if k == Ranges {
				if off, n, err := DecodeRange(content, int64(len(b))); err == nil && (off < 0 || n < 0 || off+int64(n) > int64(len(b))) {
					t.Errorf("range %d+%d of %d", off, n, len(b))
				}
			}
		}
		if !bytes.HasPrefix(b, out.Bytes()) {
			t.Error("what was read writes back differently")
		}
	})
}
