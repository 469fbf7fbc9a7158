// Package nightshift holds what of the module's own file the programs know.
package nightshift

import (
	_ "embed"
	"go/version"
	"strings"
)

//go:embed go.mod
var module string

// Release is the Go release that the programs are to be built with, or a later one:
// such as "go1.26.10", whose standard library has the fixes that go.mod asks for.
func Release() string {
	release := ""
	for line := range strings.Lines(module) {
		switch word, rest, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "toolchain":
			return rest
		case "go":
			release = "go" + rest
		}
	}
	return release
}

// Older reports whether a Go release, as runtime.Version spells it, is older than
// Release; one that is no release (a development version) is not.
func Older(built string) bool {
	built, _, _ = strings.Cut(built, " ") // "go1.26.8 X:nodwarf5"
	return version.IsValid(built) && version.Compare(built, Release()) < 0
}
