//go:build cgo

// Command readdir reads every file of a folder with the pool of engine children
// and writes the text as read of each to OUT/NAME.txt and its transcript to
// OUT/NAME.json, and a line per page to standard output: what measurements of
// error rates and of odd files are made with. With -bare it reads image files in
// its own process, one after the other, and says how much time of the processor
// the engine's calls took: set OMP_THREAD_LIMIT=1 for it.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"nightshift/pipeline/ocr"
	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

func main() {
	ocr.ChildMain()
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "readdir:", err)
		os.Exit(1)
	}
}

type file struct {
	*os.File
	size int64
}

func (f file) Size() int64 { return f.size }

func run(ctx context.Context, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("readdir", flag.ContinueOnError)
	out := fs.String("out", "", "folder for the texts; none: only the lines")
	deadline := fs.Duration("deadline", 0, "for one page")
	memory := fs.Int64("memory", 0, "bytes for one child")
	most := fs.Int("pages", 0, "pages read of one file; 0: all")
	children := fs.Int("children", 0, "processes at once")
	again := fs.Float64("read-again", 0, "as --read-again of nightshift")
	tessdata := fs.String("tessdata", "", "directory of language data")
	bare := fs.String("bare", "", "directory of language data; reads in this process, and only image files")
	if err := fs.Parse(args); err != nil {
		return err
	}
	names, err := files(fs.Args())
	if err != nil {
		return err
	}
	if *bare != "" {
		spent, err := tesseract.Bare(wire.Config{Tessdata: *bare, Languages: []string{"eng"}, ReadAgain: cmp.Or(*again, 80)}, names)
		fmt.Fprintf(stdout, "%d pages, %.2f s in the engine\n", len(names), spent.Seconds())
		return err
	}
	pool, err := ocr.NewPool(ctx, ocr.PoolConfig{TessdataDir: *tessdata, Deadline: *deadline, MemoryLimit: *memory, Children: *children, ReadAgain: *again})
	if err != nil {
		return err
	}
	defer pool.Close()
	var mu sync.Mutex
	var wg sync.WaitGroup
	gate := make(chan struct{}, 4)
	for _, n := range names {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			line := one(ctx, pool, n, *out, *most)
			mu.Lock()
			defer mu.Unlock()
			_, _ = io.WriteString(stdout, line)
		})
	}
	wg.Wait()
	return nil
}

// files are those that the patterns name, in order.
func files(patterns []string) ([]string, error) {
	var names []string
	for _, a := range patterns {
		found, err := filepath.Glob(a)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	sort.Strings(names)
	return names, nil
}

// one reads all pages of a file and says what came of it.
func one(ctx context.Context, pool *ocr.Pool, name, out string, most int) string {
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	began := time.Now()
	f, err := os.Open(name)
	if err != nil {
		return fmt.Sprintln(base, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Sprintln(base, err)
	}
	src := file{f, info.Size()}
	var b strings.Builder
	plans, err := pool.Plan(ctx, src, name, "")
	if err != nil {
		return fmt.Sprintf("%s %6.2fs plan: %v\n", filepath.Base(name), time.Since(began).Seconds(), err)
	}
	if most > 0 && len(plans) > most {
		fmt.Fprintf(&b, "%s: %d pages, %d of them read\n", filepath.Base(name), len(plans), most)
		plans = plans[:most]
	}
	var pages []transcript.Page
	for _, plan := range plans {
		began := time.Now()
		p, err := pool.Read(ctx, src, name, "", plan.Index, ocr.Settings{})
		fmt.Fprintf(&b, "%s %d/%d %6.2fs %s\n", filepath.Base(name), plan.Index, len(plans), time.Since(began).Seconds(), said(p, err))
		pages = append(pages, p)
	}
	if out != "" {
		text, _ := transcript.TextAsRead(pages)
		j, jerr := json.MarshalIndent(pages, "", " ")
		if err := errors.Join(jerr, os.WriteFile(filepath.Join(out, base+".txt"), []byte(text), 0o644), os.WriteFile(filepath.Join(out, base+".json"), j, 0o644)); err != nil {
			fmt.Fprintln(&b, err)
		}
	}
	return b.String()
}

func said(p transcript.Page, err error) string {
	if err != nil {
		return err.Error()
	}
	words := 0
	for _, bl := range p.Blocks {
		for _, l := range bl.Lines {
			words += len(l.Words)
		}
	}
	return fmt.Sprintf("%dx%d %d dpi, turned %d, skew %.2f, %d words, confidence %.1f, error %.3f %s, blank %v, ink %.4f %v %v",
		p.Image.Width, p.Image.Height, p.Image.DPI, p.Image.Rotation, p.Image.Skew, words, p.MeanConfidence, p.ErrorRate, p.Grade, p.Blank, p.InkCoverage, p.Steps, p.Diagnostics)
}
