package night

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

// telling is a log handler that writes as another does, and sends lines about
// items to NATS, where the console finds them.
type telling struct {
	slog.Handler
	nc    *nats.Conn
	attrs []slog.Attr // of With
}

// Enabled is true from level info on: what is sent does not depend on what is
// written.
func (t telling) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelInfo || t.Handler.Enabled(ctx, l)
}

// Handle writes the line and sends it.
func (t telling) Handle(ctx context.Context, r slog.Record) error {
	var err error
	if t.Handler.Enabled(ctx, r.Level) {
		err = t.Handler.Handle(ctx, r)
	}
	if r.Level < slog.LevelInfo {
		return err
	}
	item, page := archive.ItemID(""), 0
	look := func(a slog.Attr) bool {
		switch a.Key {
		case "item":
			item = archive.ItemID(a.Value.String())
		case "page":
			if n, ok := a.Value.Any().(int64); ok {
				page = int(n)
			}
		}
		return true
	}
	for _, a := range t.attrs {
		look(a)
	}
	r.Attrs(look)
	if item == "" || strings.Trim(string(item), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return err
	}
	var line bytes.Buffer
	if slog.NewJSONHandler(&line, nil).WithAttrs(t.attrs).Handle(ctx, r) == nil {
		runner.PutLog(t.nc, item, page, line.Bytes())
	}
	return err
}

// WithAttrs is Handler's.
func (t telling) WithAttrs(attrs []slog.Attr) slog.Handler {
	return telling{t.Handler.WithAttrs(attrs), t.nc, append(slices.Clip(t.attrs), attrs...)}
}

// WithGroup is Handler's; no line about an item has groups.
func (t telling) WithGroup(name string) slog.Handler {
	return telling{t.Handler.WithGroup(name), t.nc, t.attrs}
}

// LogOf reads the log lines about an item, or a page of it, oldest first; of more
// than most only the last.
func (s *System) LogOf(ctx context.Context, item archive.ItemID, page, most int) ([]runner.LogLine, error) {
	var out []runner.LogLine
	for l, err := range runner.Log(ctx, s.JS, item, page) {
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b runner.LogLine) int { return a.Time.Compare(b.Time) })
	return out[max(0, len(out)-most):], nil
}
