package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"nightshift/internal/night"
	"nightshift/internal/program"
)

// flags is the command's flag set; the usage line is its own.
func (c call) flags() *flag.FlagSet {
	return program.Flags("nightshift "+c.name, strings.TrimSpace("nightshift "+c.name+" "+c.args), c.stderr)
}

// parse parses the command's flags and wants exactly n arguments.
func (c call) parse(fs *flag.FlagSet, n int) ([]string, error) {
	rest, err := program.Parse(fs, c.argv)
	if err != nil {
		return nil, err
	}
	if len(rest) != n {
		return nil, program.Exit(program.Usage, "the form is: nightshift %s; `nightshift %s --help` lists the flags", strings.TrimSpace(c.name+" "+c.args), c.name)
	}
	return rest, nil
}

// asked is what most commands are asked: where, and in which form to answer.
type asked struct {
	night.Addresses
	json  bool
	level string
	make  bool // streams and buckets that are missing on real servers
	fresh bool // the command may make a new data directory
}

func (a *asked) register(fs *flag.FlagSet) {
	a.Register(fs)
	fs.BoolVar(&a.json, "json", false, "answer in JSON")
	fs.StringVar(&a.level, "log-level", "warn", "debug, info, warn or error")
}

// open connects to the system asked for, with a log on stderr.
func (c call) open(ctx context.Context, a asked) (*night.System, *slog.Logger, error) {
	log, err := program.Log(c.stderr, a.level)
	if err != nil {
		return nil, nil, err
	}
	if err := program.Paths(&a.Data); err != nil {
		return nil, nil, err
	}
	if a.Data != "" && a.NATS == "" && a.S3 == "" && !a.fresh && !night.Exists(a.Data) {
		return nil, nil, program.Exit(program.Missing, "%s is no data directory; `nightshift run`, `up` and `ingest` make one", a.Data)
	}
	a.Given = !a.make
	if a.Hold == "" {
		a.Hold = night.ForAMoment
	}
	s, err := night.Open(ctx, a.Addresses, log)
	return s, log, err
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// plural is "1 scan", "2 scans".
func plural(n int, one string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", one)
	}
	return fmt.Sprintf("%d %ss", n, one)
}
