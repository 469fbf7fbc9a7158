package lines

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/transcript"
)

// ReadTruth is the text of a page in lines, from a file of plain text, ALTO or PAGE.
// The places that those tell are not used: lines are bound by what they say.
func ReadTruth(file string) ([]string, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out, err := ParseTruth(raw)
	if err != nil {
		return nil, fmt.Errorf("truth %s: %w", file, err)
	}
	return out, nil
}

// ParseTruth is ReadTruth of a file's bytes.
func ParseTruth(raw []byte) ([]string, error) {
	if kind, ok := transcript.SniffGiven(raw[:min(len(raw), 4096)]); ok && kind == archive.TypeALTO {
		p, err := transcript.GivenPage(raw, kind, 1)
		if err != nil {
			return nil, err
		}
		text, _ := transcript.TextAsRead([]transcript.Page{*p})
		return strings.Split(text, "\n"), nil
	}
	if bytes.Contains(raw[:min(len(raw), 4096)], []byte("<PcGts")) {
		return parsePAGE(raw)
	}
	text, err := transcript.DecodeText(raw)
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\f' }), nil
}

// parsePAGE returns the text lines of PAGE XML: of each TextLine its first TextEquiv, or
// the words' own where the line has none.
func parsePAGE(raw []byte) (out []string, err error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	var open []string
	var line, words, text strings.Builder
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 {
				return nil, errors.New("parse PAGE: the document ends before its root element does")
			}
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("parse PAGE: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) >= hocrNesting {
				return nil, errors.New("parse PAGE: elements nest too deep")
			}
			open = append(open, t.Name.Local)
			if t.Name.Local == "TextLine" {
				line.Reset()
				words.Reset()
			}
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if len(open) == 0 {
				return nil, errors.New("parse PAGE: an element ends that was not open")
			}
			switch path := strings.Join(open[max(len(open)-3, 0):], "/"); path {
			case "TextLine/TextEquiv/Unicode":
				if line.Len() == 0 {
					line.WriteString(text.String())
				}
			case "Word/TextEquiv/Unicode":
				words.WriteString(text.String() + " ")
			}
			if t.Name.Local == "TextLine" {
				if line.Len() == 0 {
					line.WriteString(words.String())
				}
				if s := plain(line.String()); s != "" {
					out = append(out, s)
				}
			}
			open = open[:len(open)-1]
		}
	}
}
