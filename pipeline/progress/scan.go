package progress

import (
	"context"
	"errors"
	"fmt"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Counted is the version of a scan that counts.
type Counted struct {
	Info store.Info
	Scan archive.Scan  // intake's finding about it
	Over *archive.Scan // what was put over it and does not count; nil: nothing
}

// ID is the version's archive.ScanID.
func (c Counted) ID() string { return archive.ScanID(c.Info.Key, c.Info.ETag) }

// Counting is the version that counts of a scan that was listed, or asked for, as
// it is now: that one, or, where it was put over another without a person's word,
// the one that was there before. store.ErrNotFound while intake has not looked at it.
func Counting(ctx context.Context, work *store.Bucket, now store.Info) (Counted, error) {
	c := Counted{Info: now}
	if err := work.GetJSON(ctx, archive.ScanKeyFor(c.ID()), &c.Scan); err != nil {
		return c, err
	}
	return CountingOf(ctx, work, now, c.Scan)
}

// CountingOf is Counting by one who has read intake's finding about the scan as it
// is now.
func CountingOf(ctx context.Context, work *store.Bucket, now store.Info, found archive.Scan) (Counted, error) {
	c := Counted{Info: now, Scan: found}
	if found.Reason != archive.WrittenOver || found.Stays == nil {
		return c, nil
	}
	allowed, err := MayReplace(ctx, work, found.Key, found.SHA256)
	if err != nil {
		return c, err
	}
	if allowed {
		c.Scan.Verdict, c.Scan.Reason, c.Scan.Detail, c.Scan.Stays = archive.Taken, "", "", nil
		return c, nil
	}
	v := found.Stays
	c.Info = store.Info{Key: found.Key, ETag: v.ETag, Size: v.Size, LastModified: v.Time, VersionID: v.VersionID}
	c.Scan, c.Over = archive.Scan{}, &found
	err = work.GetJSON(ctx, archive.ScanKeyFor(c.ID()), &c.Scan)
	switch {
	case errors.Is(err, store.ErrNotFound): // intake did look at it
		return c, fmt.Errorf("what intake found of %q before it was written over is gone: %v", found.Key, err)
	case err != nil:
		return c, fmt.Errorf("what intake found of %q before it was written over: %w", found.Key, err)
	}
	return c, nil
}

// MayReplace reports whether a person said that these bytes are to count under the
// key, whatever was there before.
func MayReplace(ctx context.Context, work *store.Bucket, key string, d archive.Digest) (bool, error) {
	_, err := work.Stat(ctx, archive.ReplacedKey(key, d))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// OpenScan opens the scan that a page is on at the very version that was taken
// in. It rejects with archive.ScanMissing or archive.ScanChanged.
func OpenScan(ctx context.Context, scans, work *store.Bucket, p archive.ManifestPage) (*store.Object, error) {
	info, err := scans.Stat(ctx, p.Scan)
	if errors.Is(err, store.ErrNotFound) {
		return nil, pipeline.Reject(archive.ScanMissing, "the scan %q is not in the bucket", p.Scan)
	}
	if err != nil {
		return nil, err
	}
	c, err := Counting(ctx, work, info)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if c.Scan.SHA256 != p.SHA256 {
		return nil, pipeline.Reject(archive.ScanChanged, "the scan %q is no longer the one taken in", p.Scan)
	}
	return scans.OpenAs(ctx, c.Info), nil
}
