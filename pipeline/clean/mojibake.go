package clean

import (
	"unicode"
	"unicode/utf8"
)

// high1252 are the characters of Windows-1252's bytes 0x80 to 0x9F; 0 where it
// has none.
var high1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// byte1252 is the byte that Windows-1252 writes a character with; browsers and
// Latin-1 take the five bytes it leaves undefined as control characters.
func byte1252(r rune) (byte, bool) {
	switch {
	case r >= 0x80 && r < 0x100:
		return byte(r), true
	case r < 0x80:
		return 0, false
	}
	for i, h := range high1252 {
		if h == r {
			return byte(0x80 + i), true
		}
	}
	return 0, false
}

// unmangleTwice is unmangle for text to which the same happened twice.
func unmangleTwice(t string) (string, int) {
	once, took := "", 0
	for range 4 {
		r, n := utf8.DecodeRuneInString(t[took:])
		if n == 0 {
			break
		}
		if first, k := anyUnmangled(t[took:]); k > 0 {
			once, took = once+first, took+k
		} else if _, ok := byte1252(r); ok {
			once, took = once+string(r), took+n
		} else {
			break
		}
		if good, k := unmangle(once); k == len(once) {
			return good, took
		}
	}
	return "", 0
}

// unmangle reads one character of UTF-8 that was decoded as Windows-1252 from
// the beginning of t: the character, and how many bytes of t it took; 0 when
// t does not begin with one that a text of ours would hold.
func unmangle(t string) (string, int) {
	s, took := anyUnmangled(t)
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case took == 0, unicode.IsControl(r):
	case r >= 0xA0 && r <= 0x17F, r >= 0x2010 && r <= 0x2026, r == 0x2BC, r == 0x20AC, r == 0x2122:
		return s, took
	}
	return "", 0
}

// anyUnmangled is unmangle for any character.
func anyUnmangled(t string) (string, int) {
	var raw [4]byte
	took, want := 0, 0
	for k := 0; k < 4; k++ {
		r, n := utf8.DecodeRuneInString(t[took:])
		b, ok := byte1252(r)
		if n == 0 || !ok {
			return "", 0
		}
		if k == 0 {
			switch {
			case b >= 0xC2 && b <= 0xDF:
				want = 2
			case b >= 0xE1 && b <= 0xEF:
				want = 3
			default:
				return "", 0
			}
		} else if b&0xC0 != 0x80 {
			return "", 0
		}
		raw[k] = b
		took += n
		if k+1 == want {
			break
		}
	}
	r, n := utf8.DecodeRune(raw[:want])
	if n != want {
		return "", 0
	}
	return string(r), took
}
