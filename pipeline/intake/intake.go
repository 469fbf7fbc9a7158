// Package intake turns notifications into items: stage intake takes the fixity
// of each scan and decides what it is, stage plan finds out when an item is
// complete and lists its pages, and the sweep finds what notifications missed.
// It owns verdicts, duplicates, grouping and completeness; it reads no page.
package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/store"
	"nightshift/pipeline/transcript"
)

// Buckets are the two that intake works on: scans is only read.
type Buckets struct{ Scans, Work *store.Bucket }

// Options of stage intake.
type Options struct {
	Buckets
	// MaxBytes is the largest scan taken in; larger ones are parked.
	MaxBytes int64
	// Given are the media types of other programs' OCR that are taken in: none,
	// TypeHOCR, TypeALTO, TypePAGE.
	Given []string
	Log   *slog.Logger

	above *above
}

// New is stage intake. It must run one notification after the other, in order
// (the consumer's MaxAckPending is 1): which of two equal scans counts as the
// duplicate depends on nothing but their order then.
func New(o Options) pipeline.Stage[pipeline.ScanNotice] {
	o.above = &above{scans: o.Scans}
	return pipeline.Stage[pipeline.ScanNotice]{
		Name:     pipeline.StageIntake,
		Deadline: 30 * time.Minute, // hashing a file of many gigabytes over a slow line
		Do: func(ctx context.Context, n pipeline.ScanNotice) (pipeline.Result, error) {
			changes, err := ParseNotice(n.Raw)
			if err != nil {
				return pipeline.Result{}, pipeline.Reject(archive.BadTask, "%w", err)
			}
			var out pipeline.Result
			for _, c := range changes {
				if c.Removed || c.Bucket != o.Scans.Name() {
					continue // a record stays when its scan is removed; verify counts what is there
				}
				r, err := o.takeIn(ctx, c.Key)
				if err != nil {
					return pipeline.Result{}, progress.Outcome(fmt.Errorf("take in %q: %w", c.Key, err))
				}
				out.Next = append(out.Next, r.Next...)
				out.Events = append(out.Events, r.Events...)
			}
			return out, nil
		},
		Parked: func(ctx context.Context, n pipeline.ScanNotice, f archive.Failure) (pipeline.Result, error) {
			return pipeline.Result{}, progress.Outcome(o.parked(ctx, n, f))
		},
	}
}

// parked leaves a mark for each scan of the notification that has no verdict, so
// that it counts as parked and the sweep does not tell of it for ever.
func (o Options) parked(ctx context.Context, n pipeline.ScanNotice, f archive.Failure) error {
	changes, err := ParseNotice(n.Raw)
	if err != nil || f.Reason == archive.BelowScan { // names no scan; has a mark of its own
		return nil
	}
	for _, c := range changes {
		if c.Removed || c.Bucket != o.Scans.Name() {
			continue
		}
		id, open, err := untaken(ctx, o.Scans, o.Work, c.Key)
		if err != nil || !open {
			continue // not even its name can be asked for: the sweep tells of it while it is there
		}
		mark := archive.ParkedMark{Version: 1, Reason: f.Reason, Detail: f.Detail}
		if _, err := o.Work.PutJSON(ctx, archive.UntakenKey(id), mark); err != nil && !errors.Is(err, store.ErrConflict) {
			return err // a conflict: parked before, with other words
		}
	}
	return nil
}

// untaken tells whether the scan with this key is there and has no verdict, and
// the id of its version.
func untaken(ctx context.Context, scans, work *store.Bucket, key string) (id string, open bool, err error) {
	info, err := scans.Stat(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	id = archive.ScanID(key, info.ETag)
	_, err = LoadScan(ctx, work, id)
	if errors.Is(err, store.ErrNotFound) {
		return id, true, nil
	}
	return id, false, err
}

// Resolved tells from the objects whether what failed has been mended since, at
// any stage. Of intake: every scan that its notification names has a verdict now,
// or is gone; of the others, and of scans below scans, Books.Resolved knows.
func Resolved(ctx context.Context, b progress.Books, f archive.Failure) (bool, error) {
	if f.Stage != pipeline.StageIntake || f.Reason == archive.BelowScan {
		return b.Resolved(ctx, f)
	}
	raw := f.Raw
	if len(f.Task) > 0 {
		raw = f.Task
	}
	changes, err := ParseNotice(raw)
	if err != nil || len(changes) == 0 {
		return false, nil // a message that named nothing: for a person to look at
	}
	for _, c := range changes {
		if c.Removed || c.Bucket != b.Scans.Name() {
			continue
		}
		if _, open, err := untaken(ctx, b.Scans, b.Work, c.Key); open || err != nil {
			return false, err
		}
	}
	return true, nil
}

// takeIn looks at one object: at what is there now, whatever the notification
// said of it.
func (o Options) takeIn(ctx context.Context, key string) (pipeline.Result, error) {
	info, err := o.Scans.Stat(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return pipeline.Result{}, nil // removed since, or told of before it was there: its own notification follows
	}
	if err != nil {
		return pipeline.Result{}, err
	}
	id := archive.ScanID(key, info.ETag)
	scan, err := LoadScan(ctx, o.Work, id)
	known := err == nil
	if errors.Is(err, store.ErrNotFound) {
		o.above.taken(key)
		over, e := o.above.of(ctx, key)
		switch {
		case e != nil:
			return pipeline.Result{}, e
		case over != "":
			return pipeline.Result{}, o.below(ctx, info, over)
		}
		scan, err = o.examine(ctx, info)
		if err == nil {
			_, err = o.Work.PutJSON(ctx, archive.ScanKeyFor(id), scan)
		}
	}
	if err != nil {
		return pipeline.Result{}, err
	}
	var r pipeline.Result
	if !known {
		r.Events = append(r.Events, Received(scan))
	}
	if scan.Reason == archive.WrittenOver { // what counts may not have been asked for yet
		c, err := progress.CountingOf(ctx, o.Work, info, scan)
		if err != nil {
			return r, err
		}
		scan, id = c.Scan, c.ID()
	}
	switch {
	case path.Base(key) == archive.CompleteMarker || path.Base(key) == archive.ItemManifest:
		r.Next, err = o.planFolder(ctx, archive.FolderOf(key), id)
	case scan.Verdict == archive.Taken:
		var t pipeline.PlanTask
		t, err = o.planTask(ctx, scan, id)
		r.Next = []pipeline.Task{t}
	}
	return r, err
}

// examine decides about a scan that has no verdict yet.
func (o Options) examine(ctx context.Context, info store.Info) (archive.Scan, error) {
	s := archive.Scan{Version: 1, Key: info.Key, ETag: info.ETag, Size: info.Size, Verdict: archive.Ignored}
	switch {
	case archive.IsControl(info.Key):
		s.Reason = archive.ControlFile
		return s, nil
	case archive.IsHidden(info.Key):
		s.Reason = archive.HiddenFile
		return s, nil
	case isNearlyManifest(info.Key):
		s.Reason, s.Detail = archive.UnreadKind, "looks like an "+archive.ItemManifest+"; give it that very name"
		return s, nil
	}
	obj := o.Scans.OpenAs(ctx, info)
	defer obj.Close()
	err := o.identify(obj, &s)
	if err != nil {
		return s, err
	}
	if over, err := o.writtenOver(ctx, info, obj, &s); over || err != nil || s.Reason != "" {
		return s, err
	}
	if o.MaxBytes > 0 && info.Size > o.MaxBytes {
		s.Verdict = archive.Taken // stage plan parks it, without reading it
		return s, nil
	}
	if s.SHA256, err = fixity(ctx, obj, info.Size); err != nil {
		return s, err
	}
	s.Verdict = archive.Taken
	if place := archive.PlaceOf(s.Key, s.Multi); place.Single && s.Size > 0 {
		if s.Of, err = o.duplicateOf(ctx, s, info.LastModified); err != nil {
			return s, err
		}
		if s.Of != "" {
			s.Verdict, s.Reason = archive.Duplicate, archive.DuplicateOf
		}
	}
	return s, nil
}

// scanExtensions are the names of files that claim to be scans: what their
// content says, they are taken in, so that a damaged one is parked and seen.
var scanExtensions = map[string]string{
	".tif": "image/tiff", ".tiff": "image/tiff", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jpe": "image/jpeg",
	".png": "image/png", ".jp2": "image/jp2", ".j2k": "image/jp2", ".jpc": "image/jp2", ".jpx": "image/jp2",
	".pdf": "application/pdf", ".gif": "image/gif", ".bmp": "image/bmp", ".webp": "image/webp",
	".pnm": "image/x-portable-anymap", ".pbm": "image/x-portable-anymap", ".pgm": "image/x-portable-anymap", ".ppm": "image/x-portable-anymap",
	".heic": imaging.TypeHEIF, ".heif": imaging.TypeHEIF, ".avif": imaging.TypeAVIF, ".jxl": imaging.TypeJXL,
	".djvu": imaging.TypeDjVu, ".djv": imaging.TypeDjVu, ".pcx": imaging.TypePCX,
	".txt": archive.TypeText,
}

// NamedAsScan tells whether the name alone says that a file is a scan or text.
func NamedAsScan(key string) bool { return TypeByName(key) != "" }

// TypeByName is the media type that a file's name claims, "" if none.
func TypeByName(key string) string { return scanExtensions[strings.ToLower(path.Ext(key))] }

// RankByName is a letter by which names of better formats sort first.
func RankByName(key string) string {
	return strconv.Itoa(archive.FormatRank(TypeByName(key)))
}

// identify sets the type by content, by name where the content says nothing,
// and whether the scan is an item by itself; Reason where it is no scan.
func (o Options) identify(obj *store.Object, s *archive.Scan) error {
	head := make([]byte, min(4096, s.Size))
	if _, err := obj.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the head: %w", err)
	}
	byName := TypeByName(s.Key)
	kind, ok := imaging.Sniff(head)
	switch {
	case ok:
		s.Type = kind
	case byName != "":
		s.Type = byName
	case s.Size == 0:
		s.Reason = archive.EmptyFile
		return nil
	default:
		given, _ := transcript.SniffGiven(head)
		if !slices.Contains(o.Given, given) {
			s.Type = given // says of an ignored file what it is
			s.Reason, s.Detail = unread(s.Key, head)
			return nil
		}
		s.Type = given
	}
	switch s.Type {
	case "application/pdf", archive.TypeText, archive.TypeHOCR, archive.TypeALTO, archive.TypePAGE, "image/gif", imaging.TypeDjVu:
		s.Multi = true
	case "image/tiff":
		many, err := imaging.HasManyPages(obj, s.Size)
		if e := obj.Err(); e != nil {
			return fmt.Errorf("walk the directory: %w", e) // not the file's fault
		}
		s.Multi = err == nil && many // a directory that cannot be walked is stage plan's to report
	}
	return nil
}

// unread says why a file is not taken in, by its kind, and what would make it
// readable.
func unread(key string, head []byte) (archive.Reason, string) {
	kind, ok := kindOf(key, head)
	switch {
	case !ok:
		return archive.NotAScan, ""
	case kind.remedy == "":
		return archive.NotAScan, kind.what
	}
	return archive.UnreadKind, kind.what + "; " + kind.remedy
}

// isNearlyManifest reports whether a person surely meant an item.json: another
// case, or the ending that editors add behind it.
func isNearlyManifest(key string) bool {
	name := strings.ToLower(path.Base(key))
	return name == archive.ItemManifest || name == archive.ItemManifest+".txt"
}

// fixity reads the whole scan once. The object's own reads are guarded by its
// entity tag, so the digest is that of one version.
func fixity(ctx context.Context, obj *store.Object, size int64) (archive.Digest, error) {
	h := sha256.New()
	r, err := obj.Reader(ctx)
	if err != nil {
		return "", fmt.Errorf("take fixity: %w", err)
	}
	defer r.Close()
	n, err := io.Copy(h, r)
	if err != nil {
		return "", fmt.Errorf("take fixity: %w", err)
	}
	if n != size {
		return "", fmt.Errorf("take fixity: %d bytes read of %d", n, size)
	}
	return archive.Digest(hex.EncodeToString(h.Sum(nil))), nil
}

// claim is one scan's claim to a digest.
type claim struct {
	Key  string    `json:"key"`
	Time time.Time `json:"time"` // when the store took the scan
}

// duplicateOf claims the scan's digest and returns the key of another scan that
// holds it already. A claim without a verdict is one whose intake was cut
// short; the earlier of two such holds it, so that never both give way.
func (o Options) duplicateOf(ctx context.Context, s archive.Scan, at time.Time) (string, error) {
	own := archive.DigestPrefix(s.SHA256) + archive.ScanID(s.Key, s.ETag) + ".json"
	mine := claim{s.Key, at.UTC().Truncate(time.Second)}
	if _, err := o.Work.PutJSON(ctx, own, mine); err != nil && !errors.Is(err, store.ErrConflict) {
		return "", err // a conflict is the same scan put in twice: its first claim stands
	}
	best := ""
	for info, err := range o.Work.List(ctx, archive.DigestPrefix(s.SHA256)) {
		if err != nil {
			return "", err
		}
		if info.Key == own {
			continue
		}
		var c claim
		if err := o.Work.GetJSON(ctx, info.Key, &c); err != nil {
			return "", err
		}
		if c.Key == s.Key {
			continue // another version of this very scan
		}
		id := strings.TrimSuffix(path.Base(info.Key), ".json")
		other, err := LoadScan(ctx, o.Work, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			if c.Time.Before(mine.Time) || c.Time.Equal(mine.Time) && c.Key < mine.Key {
				best = c.Key
			}
		case err != nil:
			return "", err
		case other.Verdict == archive.Taken:
			now, err := o.Scans.Stat(ctx, c.Key)
			if err == nil {
				var counts progress.Counted
				if counts, err = progress.Counting(ctx, o.Work, now); err == nil && counts.ID() == id {
					return c.Key, nil
				}
			}
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return "", err
			}
		}
	}
	return best, nil
}

// planTask asks for the item that the scan belongs to.
func (o Options) planTask(ctx context.Context, s archive.Scan, trigger string) (pipeline.PlanTask, error) {
	ordered, err := hasItemManifest(ctx, o.Scans, archive.FolderOf(s.Key))
	if err != nil {
		return pipeline.PlanTask{}, err
	}
	return taskFor(s, ordered, trigger), nil
}

// taskFor spells the plan task of a scan; ordered says that its folder has an
// item.json, which makes the folder the item.
func taskFor(s archive.Scan, ordered bool, trigger string) pipeline.PlanTask {
	place := progress.ItemOf(s, ordered)
	t := pipeline.PlanTask{Ref: pipeline.Ref{Version: 1, Item: place.Locator.ID(), Locator: place.Locator}, Trigger: trigger}
	if place.Single {
		t.Scan = s.Key
	}
	return t
}

// planFolder asks for every group of a folder that has scans with a verdict: a
// marker or manifest came.
func (o Options) planFolder(ctx context.Context, folder, trigger string) ([]pipeline.Task, error) {
	ordered, err := hasItemManifest(ctx, o.Scans, folder)
	if err != nil {
		return nil, err
	}
	prefix := folder + "/"
	if folder == "" {
		prefix = ""
	}
	_, objects, err := o.Scans.ListFolder(ctx, prefix)
	if err != nil {
		return nil, err
	}
	seen := map[archive.Locator]bool{}
	var out []pipeline.Task
	for _, info := range objects {
		if archive.IsControl(info.Key) || archive.IsHidden(info.Key) {
			continue
		}
		c, err := progress.Counting(ctx, o.Work, info)
		if errors.Is(err, store.ErrNotFound) {
			continue // its own intake asks
		}
		if err != nil {
			return nil, err
		}
		s := c.Scan
		t := taskFor(s, ordered, trigger)
		if s.Verdict == archive.Taken && t.Scan == "" && !seen[t.Locator] {
			seen[t.Locator] = true
			out = append(out, t)
		}
	}
	return out, nil
}

func hasItemManifest(ctx context.Context, scans *store.Bucket, folder string) (bool, error) {
	if folder == "" {
		return false, nil // the whole bucket is no item
	}
	_, err := scans.Stat(ctx, folder+"/"+archive.ItemManifest)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// LoadScan reads intake's verdict on a scan version; store.ErrNotFound when
// there is none yet.
func LoadScan(ctx context.Context, work *store.Bucket, id string) (archive.Scan, error) {
	var s archive.Scan
	err := work.GetJSON(ctx, archive.ScanKeyFor(id), &s)
	return s, err
}

// Received is the ledger's line about a scan and its verdict.
func Received(s archive.Scan) archive.Event {
	e := archive.Event{Scan: s.Key, Reason: s.Reason, Detail: s.Detail}
	place := archive.PlaceOf(s.Key, s.Multi)
	e.Item, e.Locator = place.Locator.ID(), place.Locator
	e.Facts, _ = json.Marshal(struct { // strings and a number only: cannot fail
		SHA256 archive.Digest `json:"sha256,omitempty"`
		Size   int64          `json:"size"`
		Type   string         `json:"type,omitempty"`
		Of     string         `json:"of,omitempty"`
	}{s.SHA256, s.Size, s.Type, s.Of})
	switch s.Verdict {
	case archive.Taken:
		e.Kind = archive.ScanReceived
	case archive.Duplicate:
		e.Kind, e.Detail = archive.ScanDuplicate, "same as "+s.Of
	default:
		e.Kind = archive.ScanIgnored
	}
	return e
}
