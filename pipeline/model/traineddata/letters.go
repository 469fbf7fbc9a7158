package traineddata

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// mostCharacters bounds a set of characters; Tesseract's largest has some thousands.
const mostCharacters = 1 << 17

// Letters are the characters of component Characters (a unicharset: their number, and
// a line of each that begins with it), without those that stand for none. A blank is
// known to every network and is not among them. ErrMalformed if it is no such set.
func Letters(unicharset []byte) (map[rune]bool, error) {
	first, rest, _ := bytes.Cut(unicharset, []byte("\n"))
	n, err := strconv.Atoi(strings.TrimSpace(string(first)))
	if err != nil || n < 1 || n > mostCharacters {
		return nil, fmt.Errorf("%w: a set of characters that begins with %.20q", ErrMalformed, first)
	}
	out := map[rune]bool{}
	for i := range n {
		if len(rest) == 0 {
			return nil, fmt.Errorf("%w: %d characters, of which %d are there", ErrMalformed, n, i)
		}
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		name, _, ok := strings.Cut(string(line), " ")
		if !ok {
			return nil, fmt.Errorf("%w: character %d is %.20q", ErrMalformed, i, line)
		}
		switch name {
		case "NULL", "Joined", "|Broken|0|1":
			continue
		}
		for _, r := range name {
			out[r] = true
		}
	}
	return out, nil
}
