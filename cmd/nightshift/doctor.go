package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"nightshift"
	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/model/versions"
	"nightshift/pipeline/ocr"
)

// needs is the error for a flag that is missing.
func needs(what string) error { return program.Exit(program.Usage, "%s is needed", what) }

// finding is one line of doctor's.
type finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// doctor looks at everything a night depends on and says what is missing and
// the command that mends it.
func doctor(ctx context.Context, c call) error {
	var a asked
	stages := night.Defaults()
	fs := c.flags()
	a.register(fs)
	stages.RegisterReading(fs)
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	out := append([]finding{release()}, engine(ctx, stages)...)
	if a.Data != "" {
		if err := program.Paths(&a.Data); err != nil {
			return err
		}
		out = append(out, disk(a.Addresses), chosenModel(a.Data))
	}
	if a.Data != "" || a.NATS != "" || a.S3 != "" {
		out = append(out, c.servers(ctx, a)...)
	}
	bad := 0
	for _, f := range out {
		if !f.OK {
			bad++
		}
		if !a.json {
			printFinding(c, f)
		}
	}
	if a.json {
		if err := printJSON(c.stdout, out); err != nil {
			return err
		}
	}
	if bad > 0 {
		return program.Exit(program.Missing, "%s missing", plural(bad, "thing"))
	}
	return nil
}

func printFinding(c call, f finding) {
	mark := "ok     "
	if !f.OK {
		mark = "MISSING"
	}
	fmt.Fprintf(c.stdout, "%s  %s: %s\n", mark, f.What, f.Detail)
	if f.Remedy != "" {
		fmt.Fprintf(c.stdout, "         to mend it: %s\n", f.Remedy)
	}
}

// engine starts one engine process and asks it for its version, and for what keeps it
// from the rest of the system.
func engine(ctx context.Context, stages night.Stages) []finding {
	cfg := stages.OCR
	cfg.Children, cfg.Languages = 1, stages.Languages
	pool, err := ocr.NewPool(ctx, cfg)
	if err != nil {
		return []finding{{"Tesseract", false, err.Error(), night.EngineRemedy(err, stages.Languages)}}
	}
	defer pool.Close()
	for _, r := range stages.LanguageRules {
		if err := pool.Check(r.Languages); err != nil {
			return []finding{{"Tesseract", false, fmt.Sprintf("--language-rule %s: %v", r.Pattern, err), night.EngineRemedy(err, r.Languages)}}
		}
	}
	e := pool.Engine()
	return []finding{
		{"Tesseract", true, fmt.Sprintf("%s %s with %v", e.Name, e.Version, stages.Languages), ""},
		walls(pool),
	}
}

// walls say what engine children are kept in by. What a kernel lacks stops no night.
func walls(pool *ocr.Pool) finding {
	f := finding{"engine children", true, "kept in by " + pool.Isolation(), ""}
	if lacks := pool.Lacks(); len(lacks) > 0 {
		f.Detail += "; this kernel has no " + strings.Join(lacks, ", no ")
		f.Remedy = "run on a newer kernel, or one that has these built in and lets this container use them, if files come from people you do not trust"
	}
	return f
}

// release says which Go release built this program. An older one than go.mod names
// stops no night.
func release() finding {
	f := finding{"Go release", true, "built with " + runtime.Version(), ""}
	if nightshift.Older(runtime.Version()) {
		f.Detail += "; that is older than " + nightshift.Release() + ", whose standard library has fixes that this one lacks"
		f.Remedy = "install programs that were built with GOTOOLCHAIN=auto"
	}
	return f
}

// chosenModel looks at what the archive has taught.
func chosenModel(data string) finding {
	const what = "recognition model"
	n, _, err := night.Models(data).Chosen()
	switch {
	case err != nil:
		return finding{what, false, err.Error() + "; pages are read with the shipped model", "nightshift train --list shows the others; --use N or --use shipped chooses one"}
	case n == versions.Shipped:
		return finding{what, true, "the shipped one for English, where --model says nothing else", ""}
	}
	return finding{what, true, fmt.Sprintf("number %d of the archive's own for English, where --model says nothing else", n), ""}
}

// disk looks at the disk of an embedded system, which need not be there yet.
func disk(a night.Addresses) finding {
	const what = "disk of the data directory"
	free, err := night.Free(a.Data)
	if err != nil {
		return finding{what, false, err.Error(), "name a directory with --data that can be reached"}
	}
	if err := a.Room(0); err != nil {
		return finding{what, false, err.Error(), "free some space, or name a directory on another disk with --data"}
	}
	if err := night.Attributes(a.Data); err != nil {
		return finding{what, false, err.Error(), "name a directory with --data that you may write to, on ext4, xfs, btrfs or zfs"}
	}
	return finding{what, true, fmt.Sprintf("%d MiB free; extended attributes work", free>>20), ""}
}

// servers looks at real servers one by one, or opens the system in a data
// directory.
func (c call) servers(ctx context.Context, a asked) []finding {
	if a.Data == "" && a.NATS != "" && a.S3 != "" {
		var out []finding
		for _, f := range night.Examine(ctx, a.Addresses) {
			if f.Trouble == nil {
				out = append(out, finding{f.What, true, f.Well, ""})
			} else {
				out = append(out, finding{f.What, false, f.Trouble.Cause, f.Trouble.Remedy})
			}
		}
		return out
	}
	const what = "NATS and store"
	s, _, err := c.open(ctx, a)
	if err != nil {
		return []finding{{what, false, err.Error(), "see the message; deploy/RUNBOOK.md has a section for each"}}
	}
	defer s.Close()
	if err := s.Healthy(ctx); err != nil {
		return []finding{{what, false, err.Error(), "make room on the disk, or start the process again that runs there"}}
	}
	return []finding{{what, true, "both answer; streams and buckets are there", ""}}
}
