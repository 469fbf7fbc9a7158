package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocumentedCommands takes every command of ours that a document for
// operators names and wants it to be there, with every flag it is given.
func TestDocumentedCommands(t *testing.T) {
	quoted := regexp.MustCompile("`(?:[^`]* )?nightshift ([a-z]+)((?: [^`]*)?)`")
	flagged := regexp.MustCompile(`--[a-z0-9-]+`)
	commands, seen := commands(), 0
	for _, file := range []string{"../../deploy/RUNBOOK.md", "../../README.md", "../../docs/cleaning.md", "../../docs/review.md", "../../docs/search.md"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(string(raw)), " ")
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			name, rest := m[1], m[2]
			if !slices.ContainsFunc(commands, func(c command) bool { return c.name == name }) {
				t.Errorf("%s names %q, and there is no such command", file, strings.Trim(m[0], "`"))
				continue
			}
			seen++
			var help bytes.Buffer
			args := []string{name, "--help"}
			if name == "rules" { // its flags are those of what it is to do
				args = []string{name, "test", "--help"}
			}
			if err := run(context.Background(), args, &help, &help); err != nil && !errors.Is(err, flag.ErrHelp) {
				t.Errorf("%s: nightshift %v: %v", file, args, err)
			}
			for _, f := range flagged.FindAllString(rest, -1) {
				if f != "--help" && !strings.Contains(help.String(), "  "+f[1:]+" ") && !strings.Contains(help.String(), "  "+f[1:]+"\n") {
					t.Errorf("%s gives %s to `nightshift %s`, which has no such flag", file, f, name)
				}
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d commands found in the documents", seen)
	}
}
