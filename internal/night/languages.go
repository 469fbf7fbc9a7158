package night

import (
	"fmt"
	"path"
	"strings"

	"nightshift/pipeline/archive"
)

// LanguageRule says in which languages the items of a part of the archive are
// read.
type LanguageRule struct {
	Pattern   string // of path.Match, for an item's locator or a folder it is in
	Languages []string
}

// languageRules reads PATTERN=LANGUAGES, several with a semicolon between them.
func languageRules(s string) ([]LanguageRule, error) {
	var rules []LanguageRule
	for part := range strings.SplitSeq(s, ";") {
		pattern, langs, ok := cutLast(strings.TrimSpace(part), "=")
		r := LanguageRule{Pattern: strings.Trim(pattern, "/"), Languages: splitLanguages(langs)}
		if _, err := path.Match(r.Pattern, ""); err != nil || !ok || r.Pattern == "" || len(r.Languages) == 0 {
			return nil, fmt.Errorf("%q is no PATTERN=LANGUAGES, such as 'Paris/*=fra+eng'", part)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// cutLast is strings.Cut at the last sep: folders may have one in their names.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func splitLanguages(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '+' || r == ',' })
}

// matches tells whether the pattern is that of the locator or of a folder above.
func (r LanguageRule) matches(l archive.Locator) bool {
	for at := string(l); at != "." && at != "/" && at != ""; at = path.Dir(at) {
		if ok, _ := path.Match(r.Pattern, at); ok {
			return true
		}
	}
	return false
}

// languagesOf are those of an item: what its item.json says, else the first rule
// that matches, else those of all.
func (o Stages) languagesOf(m archive.Manifest) []string {
	if len(m.Languages) > 0 {
		return m.Languages
	}
	for _, r := range o.LanguageRules {
		if r.matches(m.Locator) {
			return r.Languages
		}
	}
	return o.Languages
}
