package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/export"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

func wantsText(args []string) bool {
	for _, a := range args {
		if name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "="); strings.HasPrefix(a, "-") && name == "text" {
			return true
		}
	}
	return false
}

// structureText prints the structure of one text file, or writes NAME.json to
// --out for each NAME.txt of a folder.
func structureText(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	fs := program.Flags("structurer", "structurer --text FILE | --text DIR --out DIR", stderr)
	text := fs.String("text", "", "text `file`, or folder of .txt files")
	var rules *clean.Rules
	fs.Func("rules", "`file` with the archive's own words and rules of cleaning", func(s string) (err error) {
		rules, err = night.Rules(s)
		return err
	})
	out := fs.String("out", "", "`folder` for NAME.json of each NAME.txt; needed for a folder")
	rest, err := program.Parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return program.Exit(program.Usage, "unexpected argument %q", rest[0])
	}
	st, err := os.Stat(*text)
	if err != nil {
		return program.Exit(program.Missing, "%w", err)
	}
	if !st.IsDir() {
		raw, err := structureFile(*text, rules)
		if err != nil || *out == "" {
			stdout.Write(raw)
			return err
		}
		return export.Write(filepath.Join(*out, nameFor(*text)), raw)
	}
	if *out == "" {
		return program.Exit(program.Usage, "a folder of texts needs --out DIR")
	}
	files, err := filepath.Glob(filepath.Join(*text, "*.txt"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return program.Exit(program.Nothing, "no .txt files in %s", *text)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	for _, f := range files {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			raw, err := structureFile(f, rules)
			if err != nil {
				return err
			}
			return export.Write(filepath.Join(*out, nameFor(f)), raw)
		})
	}
	return g.Wait()
}

func nameFor(file string) string {
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)) + ".json"
}

// structureFile is the structure of one text file as JSON.
func structureFile(file string, rules *clean.Rules) ([]byte, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, program.Exit(program.Missing, "%w", err)
	}
	text, err := transcript.DecodeText(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err = enc.Encode(structure.Parse(structure.Input{Text: text, Rules: rules}))
	return b.Bytes(), err
}
