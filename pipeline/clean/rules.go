package clean

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Rules are an archive's own words and rules, read from a file that
// docs/cleaning.md describes. The nil Rules are none.
type Rules struct {
	words  map[string]bool // in lower case
	keeps  []string
	mends  []mendRule
	tests  []RuleTest
	digest string
	source string
}

// mendRule replaces words that are always read wrong.
type mendRule struct{ read, meant string }

// RuleTest is an example in a rules file: what is read, and what it is to
// become.
type RuleTest struct {
	Line       int
	Read, Want string
}

// The limits of a rules file.
const maxRules, maxRule = 200_000, 400

// ParseRules reads a rules file. Errors name the line.
func ParseRules(raw []byte) (*Rules, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("rules: the file is not UTF-8")
	}
	r := &Rules{words: map[string]bool{}, digest: fmt.Sprintf("%x", sha256.Sum256(raw))[:16], source: string(raw)}
	in := bufio.NewScanner(bytes.NewReader(raw))
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		if n > maxRules {
			return nil, fmt.Errorf("rules: more than %d lines", maxRules)
		}
		if err := r.line(strings.TrimSpace(in.Text()), n); err != nil {
			return nil, fmt.Errorf("rules: line %d: %w", n, err)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return r, nil
}

func (r *Rules) line(l string, n int) error {
	if l == "" || l[0] == '#' {
		return nil
	}
	if len(l) > maxRule {
		return fmt.Errorf("longer than %d bytes", maxRule)
	}
	verb, rest, _ := strings.Cut(l, " ")
	rest = strings.TrimSpace(rest)
	if rest == "" {
		return fmt.Errorf("%q says nothing", verb)
	}
	from, to, arrow := strings.Cut(rest, " => ")
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	switch verb {
	case "word":
		for w := range strings.FieldsSeq(rest) {
			r.words[string(lower([]byte(w)))] = true
		}
	case "keep":
		r.keeps = append(r.keeps, rest)
	case "mend":
		if !arrow || from == "" || to == "" || from == to {
			return errors.New("a mend is written: mend READ => MEANT")
		}
		r.mends = append(r.mends, mendRule{from, to})
	case "test":
		if !arrow || from == "" || to == "" {
			return errors.New("a test is written: test READ => WANTED")
		}
		r.tests = append(r.tests, RuleTest{n, from, to})
	default:
		return fmt.Errorf("%q is none of word, keep, mend, test", verb)
	}
	return nil
}

// Source is the file they were read from, from which ParseRules makes them again:
// "" for none.
func (r *Rules) Source() string {
	if r == nil {
		return ""
	}
	return r.source
}

// Digest names the content of the rules: "" for none.
func (r *Rules) Digest() string {
	if r == nil {
		return ""
	}
	return r.digest
}

// Count is how many words, phrases to keep, mends and tests there are.
func (r *Rules) Count() (words, keeps, mends, tests int) {
	return len(r.words), len(r.keeps), len(r.mends), len(r.tests)
}

// Failure is a test of a rules file that did not give what it wants.
type Failure struct {
	RuleTest
	Got         string
	Corrections []Correction
}

// Test runs the tests of the rules, each as a text of its own.
func (r *Rules) Test() []Failure {
	var out []Failure
	for _, t := range r.tests {
		cs := Correct(Input{Text: t.Read, Rules: r})
		if got := Apply(t.Read, cs); got != t.Want {
			out = append(out, Failure{t, got, cs})
		}
	}
	return out
}

// ruled makes the archive's own mends.
func (c *cleaner) ruled() {
	if c.rules == nil {
		return
	}
	for _, m := range c.rules.mends {
		for at := range wholeWords(c.view, m.read) {
			c.mend(at, at+len(m.read), edit{
				after: m.meant, kind: Confusion, rule: "archive-mend", confidence: 0.99,
				evidence: []string{fmt.Sprintf("the archive's rules read “%s” as “%s”", m.read, m.meant)},
			})
		}
	}
}

// wholeWords are the places of s in text where no letter or digit is beside it.
func wholeWords[T string | []byte](text T, s string) func(func(int) bool) {
	return func(yield func(int) bool) {
		t := []byte(text)
		for at := 0; ; {
			i := bytes.Index(t[at:], []byte(s))
			if i < 0 {
				return
			}
			i += at
			at = i + len(s)
			before, _ := utf8.DecodeLastRune(t[:i])
			after, _ := utf8.DecodeRune(t[at:])
			if i > 0 && wordRune(before) && startsWord(s) || at < len(t) && wordRune(after) && endsWord(s) {
				continue
			}
			if !yield(i) {
				return
			}
		}
	}
}

func startsWord(s string) bool { r, _ := utf8.DecodeRuneInString(s); return wordRune(r) }
func endsWord(s string) bool   { r, _ := utf8.DecodeLastRuneInString(s); return wordRune(r) }

// kept are the stretches of the text that the archive's rules keep as they are.
func (c *cleaner) kept() []stretch {
	if c.rules == nil {
		return nil
	}
	var out []stretch
	for _, k := range c.rules.keeps {
		for at := range wholeWords(c.text, k) {
			out = append(out, stretch{at, at + len(k)})
		}
	}
	return out
}
