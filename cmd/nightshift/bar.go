package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cheggaaa/pb/v3"
	"golang.org/x/term"

	"nightshift/internal/night"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

// bar shows how far the night is: a bar on a terminal, else a line every ten
// seconds. Its steps are files put in and pages read; pages are known only once
// their item is planned, so the end moves at first.
type bar struct {
	w            io.Writer
	total, done  atomic.Int64
	files, pages atomic.Int64
	bar          *pb.ProgressBar
	stop         context.CancelFunc
	wait         sync.WaitGroup
}

func newBar(ctx context.Context, w io.Writer, s *night.System, files int) *bar {
	b := &bar{w: w}
	b.total.Store(int64(files))
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		b.bar = pb.New(files)
		b.bar.SetWriter(w)
		b.bar.Start()
	}
	ctx, b.stop = context.WithCancel(ctx)
	b.wait.Add(2)
	go func() {
		defer b.wait.Done()
		for e := range runner.Watch(ctx, s.JS, time.Now()) {
			b.event(e)
		}
	}()
	go func() {
		defer b.wait.Done()
		b.lines(ctx)
	}()
	return b
}

func (b *bar) put() {
	b.files.Add(1)
	b.done.Add(1)
	b.show()
}

func (b *bar) event(e archive.Event) {
	switch e.Kind {
	case archive.ItemPlanned, archive.Reopened:
		b.total.Add(int64(e.Pages))
	case archive.PageRead:
		b.pages.Add(1)
		b.done.Add(1)
	case archive.Parked:
		if e.Page > 0 {
			b.done.Add(1)
		}
	default:
		return
	}
	b.show()
}

func (b *bar) show() {
	if b.bar != nil {
		b.bar.SetTotal(b.total.Load())
		b.bar.SetCurrent(b.done.Load())
	}
}

// lines prints a plain line now and then where there is no terminal.
func (b *bar) lines(ctx context.Context) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if b.bar == nil {
				fmt.Fprintf(b.w, "%d files put in, %d pages read\n", b.files.Load(), b.pages.Load())
			}
		}
	}
}

func (b *bar) close() {
	b.stop()
	b.wait.Wait()
	if b.bar != nil {
		b.bar.Finish()
	}
}
