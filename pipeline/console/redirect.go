package console

import (
	"net/url"
	"strings"
	"unicode"
)

// local is a path to return to on this console; "/" for whatever is none.
// Browsers drop tabs and line ends from addresses and read a backslash as a
// slash, so that no path may hold one, spelt out or as %XX.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || len(to) > 4096 || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "/"
	}
	odd := func(r rune) bool { return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) && r != ' ' }
	if strings.ContainsFunc(to, odd) || strings.ContainsFunc(u.Path, odd) || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}).String()
}
