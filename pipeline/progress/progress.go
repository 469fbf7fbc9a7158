// Package progress tells from the objects alone where an item stands: its
// current input, which of its pages are read, parked or still to do, and what
// must come next. Stages, the sweep and verify all ask here. It moves nothing
// and knows no NATS.
package progress

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Desk answers for one work bucket.
type Desk struct {
	Work *store.Bucket
	// Config is the digest of how the pages of a manifest are read at present.
	Config func(m archive.Manifest) archive.Digest
}

// Page is where one page of a manifest stands.
type Page struct {
	Key    string // transcript page; empty: not read
	Fresh  bool   // Key was read with the present configuration
	Parked string // key of the parked mark, where the page is not read
	Text   bool   // a text input: nothing to read
}

// Settled tells whether there is nothing more to do for the page.
func (p Page) Settled() bool { return p.Text || p.Key != "" || p.Parked != "" }

// Pages tells where each page of a manifest stands, in one listing. A page
// read with another configuration counts as read.
func (d Desk) Pages(ctx context.Context, m archive.Manifest) ([]Page, error) {
	objects := map[string][]string{}
	for info, err := range d.Work.List(ctx, archive.PagesPrefix(m.Item)) {
		if err != nil {
			return nil, fmt.Errorf("list pages of %s: %w", m.Locator, err)
		}
		i := strings.LastIndexByte(info.Key, '/')
		objects[info.Key[:i+1]] = append(objects[info.Key[:i+1]], info.Key)
	}
	config := d.Config(m)
	out := make([]Page, len(m.Pages))
	for i, p := range m.Pages {
		out[i] = pageFrom(objects[archive.PageFolder(m.Item, p.SHA256, p.Index)], config)
		out[i].Text = p.Type == archive.TypeText
	}
	return out, nil
}

// pageFrom chooses among the objects of a page, in key order: what was read at
// present before what was read otherwise, any reading before a parked mark.
func pageFrom(keys []string, config archive.Digest) Page {
	var p Page
	for _, k := range keys {
		fresh := strings.HasSuffix(strings.TrimSuffix(strings.TrimSuffix(k, archive.PageSuffix), archive.ParkedSuffix), "/"+config.Short())
		switch {
		case strings.HasSuffix(k, archive.ParkedSuffix):
			if p.Parked == "" || fresh {
				p.Parked = k
			}
		case strings.HasSuffix(k, archive.PageSuffix):
			if p.Key == "" || fresh {
				p.Key, p.Fresh = k, fresh
			}
		}
	}
	if p.Key != "" {
		p.Parked = ""
	}
	return p
}

// Next is what an item needs now: its unsettled pages read, or, when all are
// settled, its structure. With whole set only pages of the present
// configuration count as read. An item none of whose pages could be read needs
// nothing more: it is parked page by page.
func (d Desk) Next(ctx context.Context, ref pipeline.Ref, m archive.Manifest, whole bool) ([]pipeline.Task, error) {
	current, seen, err := CurrentSettled(ctx, d.Work, m.Item, m.Input())
	if err != nil {
		return nil, err
	}
	pages, err := d.Pages(ctx, m)
	if err != nil {
		return nil, err
	}
	return d.next(ctx, ref, m, pages, whole, current, seen)
}

// First is Next for an item that had no input before this one: nothing of it was
// read or settled.
func (d Desk) First(ctx context.Context, ref pipeline.Ref, m archive.Manifest) ([]pipeline.Task, error) {
	pages := make([]Page, len(m.Pages))
	for i, p := range m.Pages {
		pages[i].Text = p.Type == archive.TypeText
	}
	return d.next(ctx, ref, m, pages, false, "", 0)
}

// next goes by where the pages stand and by the settlement that was the newest,
// and its number, before they were looked at.
func (d Desk) next(ctx context.Context, ref pipeline.Ref, m archive.Manifest, pages []Page, whole bool, current archive.Digest, seen int) ([]pipeline.Task, error) {
	input := m.Input()
	var todo []pipeline.Task
	for i, p := range pages {
		if !p.Settled() || whole && p.Key != "" && !p.Fresh {
			todo = append(todo, pipeline.PageTask{Ref: ref, Input: input, Page: i + 1, Whole: whole})
		}
	}
	if len(todo) > 0 {
		return todo, nil
	}
	settled, readable, err := d.settle(ctx, m, pages)
	if err != nil || !readable {
		return nil, err
	}
	if settled != current {
		if err := setSettled(ctx, d.Work, m.Item, input, settled, seen); err != nil {
			return nil, err
		}
	}
	return []pipeline.Task{pipeline.StructureTask{Ref: ref, Input: input, Settled: settled}}, nil
}

// AfterPage is Next for one who just settled a page, by its transcript with the
// present configuration or, with read empty, otherwise: nothing, unless it was
// the last. The others were asked for already.
func (d Desk) AfterPage(ctx context.Context, t pipeline.PageTask, m archive.Manifest, read string) ([]pipeline.Task, error) {
	next, err := d.afterPage(ctx, t, m, read)
	for range 20 {
		if !errors.Is(err, ErrMoved) {
			break // else another worker settled a page of this item at the same instant
		}
		next, err = d.Next(ctx, t.Ref, m, t.Whole)
	}
	if err != nil {
		return nil, err
	}
	if len(next) == 1 {
		if _, structure := next[0].(pipeline.StructureTask); structure {
			return next, nil
		}
	}
	return nil, nil
}

func (d Desk) afterPage(ctx context.Context, t pipeline.PageTask, m archive.Manifest, read string) ([]pipeline.Task, error) {
	if len(m.Pages) > 1 || read == "" {
		return d.Next(ctx, t.Ref, m, t.Whole)
	}
	current, seen, err := CurrentSettled(ctx, d.Work, m.Item, m.Input())
	if err != nil {
		return nil, err
	}
	return d.next(ctx, t.Ref, m, []Page{{Key: read, Fresh: true}}, t.Whole, current, seen)
}

// settle stores how the pages were settled and names it; readable is false
// when no page could be read.
func (d Desk) settle(ctx context.Context, m archive.Manifest, pages []Page) (digest archive.Digest, readable bool, err error) {
	s := archive.Settled{Version: 1, Pages: make([]archive.SettledPage, len(pages))}
	for i, p := range pages {
		s.Pages[i].Key = p.Key
		if p.Parked == "" || p.Text {
			readable = true
			continue
		}
		var mark archive.ParkedMark
		if err := d.Work.GetJSON(ctx, p.Parked, &mark); err != nil {
			return "", false, fmt.Errorf("read parked mark of page %d: %w", i+1, err)
		}
		s.Pages[i].Parked, s.Pages[i].Detail = mark.Reason, mark.Detail
	}
	if !readable {
		return "", false, nil
	}
	digest = s.Digest()
	_, err = d.Work.PutJSON(ctx, archive.SettledKey(m.Item, m.Input(), digest), s)
	return digest, true, err
}
