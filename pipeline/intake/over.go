package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/store"
)

// writtenOver finds out whether a scan was put over another one without a person's
// word for it (`ingest --replace`), and makes it one that does not count: the scan
// that was there stays what its item is made of. Who may put scans cannot change
// one so, whoever has their key. It needs a bucket that keeps versions; of one that
// keeps none, what was there is gone.
func (o Options) writtenOver(ctx context.Context, info store.Info, obj *store.Object, s *archive.Scan) (bool, error) {
	stays, err := o.before(ctx, info)
	if stays == nil || err != nil {
		return false, err
	}
	d, err := fixity(ctx, obj, info.Size)
	if err != nil {
		return false, err
	}
	if allowed, err := progress.MayReplace(ctx, o.Work, info.Key, d); allowed || err != nil {
		return false, err
	}
	s.SHA256, s.Stays = d, stays
	s.Detail = fmt.Sprintf("put over on %s UTC by other bytes (sha256 %s); what counts is the version %s of %s UTC", clock(info), d.Short(), stays.VersionID, stays.Time.Format(minutes))
	if s.Reason != "" {
		s.SHA256 = "" // a file that is not taken in: nobody's word makes it count later
	}
	s.Verdict, s.Reason = archive.Ignored, archive.WrittenOver
	return true, nil
}

const minutes = "2006-01-02 15:04"

func clock(info store.Info) string { return info.LastModified.UTC().Format(minutes) }

// before is the version of the scan that counted before this one was put; nil where
// this is the first. Versions that intake saw settle it; if it saw none, the oldest
// is the scan, and is taken in now.
func (o Options) before(ctx context.Context, info store.Info) (*archive.StoredVersion, error) {
	versions, err := o.Scans.Versions(ctx, info.Key)
	if err != nil {
		return nil, err
	}
	at := 0
	for at < len(versions) && versions[at].ETag != info.ETag {
		at++
	}
	for i := at - 1; i >= 0; i-- {
		v := versions[i]
		found, err := LoadScan(ctx, o.Work, archive.ScanID(v.Key, v.ETag))
		if errors.Is(err, store.ErrNotFound) && i > 0 {
			continue
		}
		if errors.Is(err, store.ErrNotFound) {
			if found, err = o.examine(ctx, v); err == nil {
				_, err = o.Work.PutJSON(ctx, archive.ScanKeyFor(archive.ScanID(v.Key, v.ETag)), found)
			}
		}
		if err != nil {
			return nil, err
		}
		c, err := progress.CountingOf(ctx, o.Work, v, found)
		if err != nil {
			return nil, err
		}
		if useless, err := o.useless(ctx, c); useless || err != nil {
			return nil, err
		}
		return &archive.StoredVersion{VersionID: c.Info.VersionID, ETag: c.Info.ETag, Size: c.Info.Size, Time: c.Info.LastModified.UTC()}, nil
	}
	return nil, nil
}

// useless reports whether nothing was made of a scan nor ever can be: it was not
// taken in, or parked for a reason that only another file mends. Another may take
// its place, as the report asks for.
func (o Options) useless(ctx context.Context, c progress.Counted) (bool, error) {
	if c.Scan.Verdict == archive.Ignored {
		return true, nil
	}
	ordered, err := hasItemManifest(ctx, o.Scans, archive.FolderOf(c.Scan.Key))
	if err != nil {
		return false, err
	}
	item := progress.ItemOf(c.Scan, ordered).Locator.ID()
	marks := []string{archive.StageParkedKey(item, c.ID(), pipeline.StagePlan)}
	for info, err := range o.Work.List(ctx, archive.PagesPrefix(item)+string(c.Scan.SHA256)+"-") {
		if err != nil {
			return false, err
		}
		if !strings.HasSuffix(info.Key, archive.ParkedSuffix) {
			return false, nil // a page of it was read
		}
		marks = append(marks, info.Key)
	}
	if c.Scan.Type == archive.TypeText { // which the structurer decodes
		input, _, err := progress.CurrentInput(ctx, o.Work, item)
		if err != nil {
			return false, err
		}
		if input != "" {
			marks = append(marks, archive.StageParkedKey(item, string(input), pipeline.StageStructure))
		}
	}
	for _, key := range marks {
		var mark archive.ParkedMark
		err := o.Work.GetJSON(ctx, key, &mark)
		if err == nil && mark.Reason.NeedsNewFile() {
			return true, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
	}
	return false, nil
}
