//go:build browser

package console

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/structure"
)

// A box of 5,000 pages: one item of as many single files, read and structured,
// and 300 failures beside it. Its objects are put as the stages would leave
// them; there are no images behind them.
const (
	largeBox   = "Large/Box 1"
	largePages = 5000
	largeFails = 300
)

func large(ctx context.Context) error {
	sys := house.sys
	l := archive.Locator(largeBox + "/ledger")
	m := archive.Manifest{Version: 1, Item: l.ID(), Locator: l}
	raw := []byte("not read by anybody")
	sum := archive.DigestOf(raw)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for n := range largePages {
		key := fmt.Sprintf("%s/ledger_p%04d.txt", largeBox, n+1)
		m.Pages = append(m.Pages, archive.ManifestPage{Scan: key, SHA256: sum, Size: int64(len(raw)), Type: archive.TypeText, Index: 1, Of: 1})
		g.Go(func() error {
			if _, err := sys.Scans.PutNew(gctx, key, raw, "text/plain"); err != nil {
				return err
			}
			info, err := sys.Scans.Stat(gctx, key)
			if err != nil {
				return err
			}
			_, err = sys.Work.PutJSON(gctx, archive.ScanKeyFor(archive.ScanID(key, info.ETag)),
				archive.Scan{Version: 1, Key: key, ETag: info.ETag, Size: info.Size, SHA256: sum, Type: archive.TypeText, Verdict: archive.Taken})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	r := largeReading(m)
	digest := archive.DigestOf([]byte("large structure"))
	cur := archive.Current{Version: 1, Number: 1, Item: m.Item, Locator: l, Folder: archive.RecordPrefix(l) + "made/", Input: m.Input(), Structure: digest, Complete: true, Pages: largePages, Terms: 1 << 20} // of terms to come, so that nobody publishes it anew
	for _, x := range []struct {
		records bool
		key     string
		v       any
	}{
		{false, archive.ManifestKey(m.Item, m.Input()), m},
		{false, archive.StructureKey(m.Item, m.Input(), digest), r},
		{true, archive.VersionKey(l, 1), cur},
		{true, archive.CurrentKey(l), cur},
	} {
		b := sys.Work
		if x.records {
			b = sys.Records
		}
		if _, err := b.PutJSON(ctx, x.key, x.v); err != nil {
			return err
		}
	}
	if err := progress.SetInput(ctx, sys.Work, m.Item, m.Input(), 0); err != nil {
		return err
	}
	return largeFailures(ctx)
}

// largeReading is a reading of 5,000 pages of 200 words, a correction a page.
func largeReading(m archive.Manifest) structure.Reading {
	r := structure.Reading{Version: 1, Item: m.Item, Locator: m.Locator, Input: m.Input()}
	var b strings.Builder
	at := 0
	doc := structure.Document{Kind: "report"}
	for n := range largePages {
		head := fmt.Sprintf("Page %d of the ledger", n+1)
		text := head + "\n\n" + strings.Repeat("goods of the port of theUSSR ", 30)
		size := utf8.RuneCountInString(text)
		r.Pages = append(r.Pages, structure.ReadingPage{Start: at, End: at + size})
		doc.Sections = append(doc.Sections, structure.Section{Kind: "heading", Start: at, End: at + len(head), Confidence: 0.9},
			structure.Section{Kind: "body", Start: at + len(head) + 2, End: at + size, Confidence: 0.9})
		cut := at + strings.Index(text, "USSR")
		r.Structure.Corrections = append(r.Structure.Corrections, clean.Correction{Start: cut, End: cut, After: " ", Kind: clean.RunTogether, Rule: "case-boundary", Evidence: []string{"a capital in the middle"}, Confidence: 0.9, Decision: clean.Flagged})
		b.WriteString(text + "\f")
		at += size + 1
	}
	r.Text = strings.TrimSuffix(b.String(), "\f")
	doc.End = at - 1
	r.Structure.Documents = []structure.Document{doc}
	return r
}

func largeFailures(ctx context.Context) error {
	for n := range largeFails {
		l := archive.Locator(fmt.Sprintf("%s/lost-%03d.tif", largeBox, n))
		f := archive.Failure{Version: 1, Stage: "plan", Item: l.ID(), Locator: l, Reason: archive.ScanMissing, Detail: "the scan is not in the bucket", Tries: 1, Worker: "elsewhere:1",
			Task: fmt.Appendf(nil, `{"version":1,"item":%q,"locator":%q,"scan":%q,"trigger":"t"}`, l.ID(), l, l)}
		if err := runner.Park(ctx, house.sys.JS, f, ""); err != nil {
			return err
		}
	}
	return nil
}
