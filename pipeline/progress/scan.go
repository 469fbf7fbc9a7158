package progress

import (
	"context"
	"errors"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

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
	var s archive.Scan
	err = work.GetJSON(ctx, archive.ScanKeyFor(archive.ScanID(p.Scan, info.ETag)), &s)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if s.SHA256 != p.SHA256 {
		return nil, pipeline.Reject(archive.ScanChanged, "the scan %q is no longer the one taken in", p.Scan)
	}
	return scans.OpenAs(ctx, info), nil
}
