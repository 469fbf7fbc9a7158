package transcript

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ErrNoText is the error of DecodeText for bytes that are no text.
var ErrNoText = errors.New("the bytes are text in no known encoding")

// DecodeText decodes a text file: UTF-8 with or without a byte order mark,
// UTF-16 with one, else Windows-1252, the encoding of the office programs that
// archives have older text from, or that of a Macintosh or of DOS where that alone
// makes words of it. Bytes that are control characters in all are no text. Line ends
// become newlines.
func DecodeText(raw []byte) (string, error) {
	text, _, err := DecodeTextTold(raw)
	return text, err
}

// DecodeTextTold is DecodeText, and the name of the encoding where it was guessed by
// what the words say; "" where the file says it or has the usual one.
func DecodeTextTold(raw []byte) (text, guessed string, err error) {
	told, err := decodeTold(raw)
	if told != "" || err == nil && utf8.Valid(raw) {
		return told, "", err
	}
	if err != nil && binary(raw) {
		return "", "", err
	}
	if enc, name := guessEncoding(raw, err == nil); enc != nil {
		if out, bad := enc.NewDecoder().Bytes(raw); bad == nil {
			return lineEnds(string(out)), name, nil
		}
	}
	text, err = decode1252(raw)
	return text, "", err
}

// decodeTold decodes text that says its encoding, or is valid in one that nothing else
// is valid in. "" without an error: it is in some encoding of a byte a character.
func decodeTold(raw []byte) (string, error) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}), bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		out, _, err := transform.Bytes(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder(), raw)
		if err != nil || strings.ContainsRune(string(out), utf8.RuneError) {
			return "", ErrNoText
		}
		return lineEnds(string(out)), nil
	}
	if utf8.Valid(raw) && !binary(raw) {
		return lineEnds(string(raw)), nil
	}
	if binary(raw) || undefined1252(raw) {
		return "", ErrNoText
	}
	return "", nil
}

func decode1252(raw []byte) (string, error) {
	if binary(raw) || undefined1252(raw) {
		return "", ErrNoText
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return "", ErrNoText
	}
	return lineEnds(string(out)), nil
}

// lineEnds makes CR LF and lone CR a newline.
func lineEnds(s string) string {
	if !strings.ContainsRune(s, '\r') {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// binary tells whether raw holds a control character that text files have not:
// anything below blank but tab, line feed, form feed, carriage return and,
// at the very end, the DOS end-of-file mark.
func binary(raw []byte) bool {
	raw = bytes.TrimSuffix(raw, []byte{0x1A})
	for _, c := range raw {
		if c < ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\r' {
			return true
		}
	}
	return false
}

// undefined1252 tells whether raw holds one of the five bytes that
// Windows-1252 leaves undefined.
func undefined1252(raw []byte) bool {
	for _, c := range raw {
		switch c {
		case 0x81, 0x8D, 0x8F, 0x90, 0x9D:
			return true
		}
	}
	return false
}
