package progress

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Unsound is an object whose bytes are not those that were taken in or made.
type Unsound struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"`
	Detail string `json:"detail"`
}

// Checked is what a check of fixity looked at.
type Checked struct {
	Scans   int       `json:"scans"`   // read and compared with intake's digest
	Work    int       `json:"work"`    // objects of the work bucket, with the digests kept with them
	Records int       `json:"records"` // files of current versions, with the digests in current.json
	Bytes   int64     `json:"bytes"`
	Unsound []Unsound `json:"unsound"`
}

// Fixity reads every scan below prefix, all that was made of it, and the files
// of the current records, and compares digests. It costs as much as reading all
// of it. An error is one of the store's; what does not match is in Unsound.
func (b Books) Fixity(ctx context.Context, prefix string) (Checked, error) {
	c := Checked{Unsound: []Unsound{}}
	done := map[archive.ItemID]bool{}
	for info, err := range b.Scans.List(ctx, prefix) {
		if err != nil {
			return c, fmt.Errorf("list scans: %w", err)
		}
		if archive.IsControl(info.Key) {
			continue
		}
		s, err := b.checkScan(ctx, info, &c)
		if err != nil {
			return c, err
		}
		ordered := false
		if folder := archive.FolderOf(info.Key); folder != "" {
			_, err := b.Scans.Stat(ctx, folder+"/"+archive.ItemManifest)
			if ordered = err == nil; ignoreMissing(err) != nil {
				return c, err
			}
		}
		l := ItemOf(s, ordered).Locator
		if s.Verdict != archive.Taken || done[l.ID()] {
			continue
		}
		done[l.ID()] = true
		if err := b.checkItem(ctx, l, &c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// checkScan compares a scan with the digest that intake took; one that intake
// has not seen yet has none, and is only counted by verify.
func (b Books) checkScan(ctx context.Context, info store.Info, c *Checked) (archive.Scan, error) {
	counts, err := Counting(ctx, b.Work, info)
	s := counts.Scan
	if errors.Is(err, store.ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return s, c.note(b.Work, archive.ScanKeyFor(counts.ID()), err)
	}
	c.Work++
	if s.SHA256 == "" {
		return s, nil // ignored, or over the limit of bytes: never read
	}
	obj := b.Scans.OpenAs(ctx, counts.Info) // gone or another by now: told when it is read
	defer obj.Close()
	d, err := obj.Digest(ctx)
	if err == nil && d != s.SHA256 {
		err = fmt.Errorf("%w: sha256 %s, taken in as %s", store.ErrFixity, d.Short(), s.SHA256.Short())
	}
	c.Scans, c.Bytes = c.Scans+1, c.Bytes+counts.Info.Size
	return s, c.note(b.Scans, info.Key, err)
}

// checkItem reads what was made of an item, and its current records.
func (b Books) checkItem(ctx context.Context, l archive.Locator, c *Checked) error {
	for info, err := range b.Work.List(ctx, archive.ItemPrefix(l.ID())) {
		if err != nil {
			return err
		}
		_, _, err = b.Work.Get(ctx, info.Key) // compared with the digest kept beside it
		c.Work, c.Bytes = c.Work+1, c.Bytes+info.Size
		if err := c.note(b.Work, info.Key, err); err != nil {
			return err
		}
	}
	var cur archive.Current
	err := b.Records.GetJSON(ctx, archive.CurrentKey(l), &cur)
	if err != nil {
		return c.note(b.Records, archive.CurrentKey(l), ignoreMissing(err))
	}
	names := make([]string, 0, len(cur.Files))
	for name := range cur.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		raw, _, err := b.Records.Get(ctx, cur.Folder+name)
		if d := archive.DigestOf(raw); err == nil && d != cur.Files[name] {
			err = fmt.Errorf("%w: sha256 %s, published as %s", store.ErrFixity, d.Short(), cur.Files[name].Short())
		}
		c.Records, c.Bytes = c.Records+1, c.Bytes+int64(len(raw))
		if err := c.note(b.Records, cur.Folder+name, err); err != nil {
			return err
		}
	}
	return nil
}

// note keeps what says that an object is unsound or gone, and returns what says
// that the store is away.
func (c *Checked) note(b *store.Bucket, key string, err error) error {
	switch {
	case err == nil:
		return nil
	case store.IsDown(err), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, store.ErrDenied):
		return err
	}
	c.Unsound = append(c.Unsound, Unsound{b.Name(), key, strings.ReplaceAll(err.Error(), "\n", " ")})
	return nil
}
