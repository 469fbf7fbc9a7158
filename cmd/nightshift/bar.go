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
// seconds. Its steps are pages; they are known only once their item is planned,
// so the end moves while files are still put in.
type bar struct {
	w                 io.Writer
	files             int
	put, total, pages atomic.Int64
	items, parked     atomic.Int64
	bar               *pb.ProgressBar
	stop              context.CancelFunc
	wait              sync.WaitGroup
}

// barForm is the bar's line: pages read of those known, and the rest in words.
const barForm = `{{counters . }} pages {{bar . "[" "=" ">" " " "]"}} {{rtime . "%s left"}}  {{string . "rest"}}`

func newBar(ctx context.Context, w io.Writer, s *night.System, files int) *bar {
	b := &bar{w: w, files: files}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		b.bar = pb.New(0)
		b.bar.SetWriter(w)
		b.bar.SetTemplateString(barForm)
		b.show()
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

// filed counts a file that was put in.
func (b *bar) filed() {
	b.put.Add(1)
	b.show()
}

func (b *bar) event(e archive.Event) {
	switch e.Kind {
	case archive.ItemPlanned, archive.Reopened:
		b.total.Add(int64(e.Pages))
	case archive.PageRead:
		b.pages.Add(1)
	case archive.Published:
		b.items.Add(1)
	case archive.Parked:
		b.parked.Add(1)
		if e.Page > 0 {
			b.pages.Add(1)
		}
	default:
		return
	}
	b.show()
}

func (b *bar) show() {
	if b.bar != nil {
		b.bar.SetTotal(b.total.Load())
		b.bar.SetCurrent(b.pages.Load())
		b.bar.Set("rest", b.rest())
	}
}

// rest is what is done beside reading pages.
func (b *bar) rest() string {
	s := fmt.Sprintf("%d of %s in, %s published", b.put.Load(), plural(b.files, "file"), plural(int(b.items.Load()), "item"))
	if n := b.parked.Load(); n > 0 {
		s += fmt.Sprintf(", %d parked", n)
	}
	return s
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
				fmt.Fprintf(b.w, "%d of %d pages read; %s\n", b.pages.Load(), b.total.Load(), b.rest())
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
