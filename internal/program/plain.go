package program

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Plain is a writer for text that people read on a terminal, and for JSON: what names
// and texts of others' files could do to a terminal (escape sequences, a carriage
// return) or to the order of what is read (the overrides of Unicode's directions) is
// written out as \u001b, which JSON reads as the same character.
func Plain(w io.Writer) io.Writer { return plain{w} }

type plain struct{ w io.Writer }

func (p plain) Write(b []byte) (int, error) {
	s := string(b)
	if strings.ContainsFunc(s, unplain) {
		var out strings.Builder
		for i, r := range s {
			if unplain(r) {
				fmt.Fprintf(&out, `\u%04x`, r)
				continue
			}
			_, n := utf8.DecodeRuneInString(s[i:]) // 1 where it is none: kept as it is
			out.WriteString(s[i : i+n])
		}
		s = out.String()
	}
	if _, err := io.WriteString(p.w, s); err != nil {
		return 0, err
	}
	return len(b), nil
}

func unplain(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < ' ', r >= 0x7F && r < 0xA0:
		return true
	}
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}
