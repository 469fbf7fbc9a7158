package main

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"nightshift/pipeline/model/draw"
	"nightshift/pipeline/model/lines"
)

// realLines are the lines of all folders, but for what is left out.
func (o order) realLines(ctx context.Context) ([]lines.Line, error) {
	var all []lines.Line
	for _, dir := range o.scans {
		found, pages, err := lines.Folder(ctx, dir, lines.Options{Sealed: o.sealed, Cache: filepath.Join(o.work, "found"), Jobs: o.jobs})
		if err != nil {
			return nil, err
		}
		unused, letters, bound := 0, 0, 0
		for _, p := range pages {
			letters, bound = letters+p.Letters, bound+p.Bound
			if p.Err != nil {
				say("%v", p.Err)
				unused++
			}
		}
		found = slices.DeleteFunc(found, func(l lines.Line) bool { return slices.Contains(o.without, l.Document()) })
		say("%s: %d pages, %d of them of no use; %d lines, with %d of the truth's %d letters", dir, len(pages), unused, len(found), bound, letters)
		all = append(all, found...)
	}
	return lines.Rare(all), nil
}

// lines draws and wears what a part learns from: each real line as it is, and worn
// copies of all in turn.
func (m *maker) lines(ctx context.Context, p part) (*lines.Set, error) {
	var jobs []func(*rand.Rand) lines.Line
	add := func(n int, one func(*rand.Rand) lines.Line) {
		for range n {
			jobs = append(jobs, one)
		}
	}
	add(p.typed, m.drawer.Typed)
	add(p.printed, m.drawer.Printed)
	add(p.copied, m.drawer.Photocopied)
	add(p.fine, m.drawer.Fine)
	if p.real > 0 {
		jobs = append(jobs, m.worn(p.real)...)
	}
	stream := uint64(len(p.name))<<56 | uint64(p.name[0])<<48 // each part draws its own
	return draw.Set(ctx, jobs, m.seed, stream, m.jobs)
}

// worn is n worn copies over all real lines, and each line as it is.
func (m *maker) worn(n int) (jobs []func(*rand.Rand) lines.Line) {
	for _, l := range m.real {
		jobs = append(jobs, func(*rand.Rand) lines.Line { return l })
	}
	if len(m.real) == 0 {
		return nil
	}
	for i := range n {
		l := m.real[i%len(m.real)]
		jobs = append(jobs, func(r *rand.Rand) lines.Line { return draw.Wear(r, l) })
	}
	return jobs
}
