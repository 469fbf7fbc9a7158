package transcript

import "testing"

func TestDecodeText(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"utf-8":        {"naïve\r\ncafé", "naïve\ncafé"},
		"bom":          {"\xEF\xBB\xBFa", "a"},
		"utf-16":       {"\xFF\xFEa\x00\xE9\x00", "aé"},
		"windows-1252": {"it\x92s caf\xE9", "it’s café"},
		"dos end":      {"abc\x1A", "abc\x1A"},
		"empty":        {"", ""},
	} {
		got, err := DecodeText([]byte(c.raw))
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
	for _, bad := range []string{"a\x00b", "\x81\x8D", "II*\x00\x08"} {
		if got, err := DecodeText([]byte(bad)); err == nil {
			t.Errorf("%q decoded as %q", bad, got)
		}
	}
}

func FuzzDecodeText(f *testing.F) {
	f.Add([]byte("caf\xE9"))
	f.Add([]byte("\xFF\xFEa\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := DecodeText(raw); err != nil && s != "" {
			t.Error("text beside an error")
		}
	})
}
