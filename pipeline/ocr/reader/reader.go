package reader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/reader/agree"
	"nightshift/pipeline/store"
	"nightshift/pipeline/transcript"
)

// Reader asks about pages. Its methods may be called from many goroutines.
type Reader struct {
	cfg    Config
	client client
	work   *store.Bucket
	budget *budget
	rest   rest
	slots  chan struct{}
	now    func() time.Time
	log    *slog.Logger
}

// New is a reader whose answers are kept in work; cfg must be on.
func New(cfg Config, work *store.Bucket, now func() time.Time, log *slog.Logger) (*Reader, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	r := &Reader{cfg: cfg, client: command{cfg}, work: work, now: now, log: log,
		budget: &budget{work: work, most: cfg.Budget}, rest: rest{after: failuresInARow, wait: cfg.Rest}, slots: make(chan struct{}, cfg.AtOnce)}
	if cfg.Command == "" {
		c, err := newChat(cfg)
		if err != nil {
			return nil, err
		}
		r.client = c
	}
	return r, nil
}

// kept is an answer among the objects: one of the form asked for, whatever it says.
type kept struct {
	Version int    `json:"version"` // 1
	Reader  string `json:"reader"`
	Model   string `json:"model"`
	Answer  []byte `json:"answer"` // its bytes as they came
}

// Wants reports whether a page is one to ask about: one with text, of a grade
// worse than the configuration's.
func (r *Reader) Wants(p *transcript.Page) bool {
	return !p.Blank && p.Text == nil && p.Parked == "" && p.Grade > r.cfg.Below && len(transcript.TextLines(p.Blocks)) > 0
}

// Read asks about the page, unless it was asked before, takes what its own
// reading supports, and says in p.Outside what came of it. An error is one of the
// store or the end of ctx: whatever the reader does is none.
func (r *Reader) Read(ctx context.Context, p *transcript.Page, image func(context.Context) (Image, error)) error {
	key := archive.ReaderAnswerKey(p.Image.Digest, p.Image.Index, r.cfg.question())
	p.Outside = &transcript.Outside{Reader: r.cfg.kind(), Model: r.cfg.model()}
	var k kept
	err := r.work.GetJSON(ctx, key, &k)
	if errors.Is(err, store.ErrNotFound) {
		k, err = r.asked(ctx, key, image)
	}
	var t trouble
	switch {
	case errors.As(err, &t):
		p.Outside.Refused, p.Outside.Notes = t.why, short(t.notes())
		return nil
	case err != nil:
		return fmt.Errorf("outside reader: %w", err)
	}
	r.take(p, k.Answer)
	return nil
}

// take puts what an answer is worth into the page.
func (r *Reader) take(p *transcript.Page, answer []byte) {
	o := p.Outside
	o.Answer = archive.DigestOf(answer)
	text, err := r.client.text(answer)
	if err != nil { // kept by a program that could read it
		o.Refused, o.Notes = transcript.OutsideForm, short(err.Error())
		return
	}
	got := agree.Take(p, text)
	o.Lines, o.Taken, o.Doubtful, o.Refused = got.Lines, got.Taken, got.Doubtful, got.Refused
}

// asked asks and keeps the answer. A trouble is the reader's, other errors are not.
func (r *Reader) asked(ctx context.Context, key string, image func(context.Context) (Image, error)) (kept, error) {
	answer, err := r.ask(ctx, key, image)
	k := kept{Version: 1, Reader: r.cfg.kind(), Model: r.cfg.model(), Answer: answer}
	if err != nil {
		return k, err
	}
	if _, err = r.work.PutJSON(ctx, key, k); isConflict(err) { // another's answer came first, and stands
		err = r.work.GetJSON(ctx, key, &k)
	}
	return k, err
}

// ask waits for the reader to be free, takes a page of the night's, and asks.
func (r *Reader) ask(ctx context.Context, key string, image func(context.Context) (Image, error)) ([]byte, error) {
	if r.rest.resting(r.now()) {
		return nil, trouble{why: transcript.OutsideResting}
	}
	free, stop := context.WithTimeout(ctx, r.cfg.Timeout)
	defer stop()
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-free.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, trouble{why: transcript.OutsideBusy}
	}
	if r.rest.resting(r.now()) { // since we waited
		return nil, trouble{why: transcript.OutsideResting}
	}
	img, err := image(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, trouble{transcript.OutsideAway, fmt.Errorf("no image to ask about: %w", err)}
	}
	switch ok, err := r.budget.take(ctx, r.now(), key); {
	case err != nil:
		return nil, err
	case !ok:
		return nil, trouble{why: transcript.OutsideBudget}
	}
	answer, err := r.put(ctx, img)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if r.rest.went(r.now(), err == nil); err != nil {
		r.log.Warn("outside reader", "answer", key, "error", err)
	}
	return answer, err
}

// put puts the question. An error is a trouble.
func (r *Reader) put(ctx context.Context, img Image) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, r.cfg.Timeout)
	defer stop()
	answer, err := r.client.ask(ctx, img)
	var t trouble
	switch {
	case err == nil:
		if _, err = r.client.text(answer); err != nil {
			return nil, trouble{transcript.OutsideForm, err}
		}
	case !errors.As(err, &t):
		return nil, trouble{transcript.OutsideAway, err}
	}
	return answer, err
}

func isConflict(err error) bool {
	return errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrChanged)
}

// short keeps what a stranger says within a line.
func short(s string) string {
	const most = 200
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}
