package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"slices"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/store"
)

// Pages tells the pages of a container by their Index and Damage. Opening a
// PDF is work for a child process, so it comes from the pool of them.
type Pages func(ctx context.Context, src *store.Object, name, mediaType string) ([]archive.ManifestPage, error)

// PlanOptions of stage plan.
type PlanOptions struct {
	Buckets
	Pages Pages
	// Desk tells which pages of a manifest are read or parked, and what follows.
	Desk progress.Desk
	// Quiet is how long a group of pages that no manifest or marker completes
	// must have been without a new page; 0 leaves such groups waiting for one.
	Quiet    time.Duration
	MaxBytes int64
	MaxPages int
	Now      func() time.Time
	Log      *slog.Logger

	verdicts *verdicts
}

// NewPlan is stage plan: it decides whether an item is complete and lists its
// pages. Any number may run at once; equal scans give the same manifest.
func NewPlan(o PlanOptions) pipeline.Stage[pipeline.PlanTask] {
	o.verdicts = &verdicts{}
	return pipeline.Stage[pipeline.PlanTask]{
		Name:     pipeline.StagePlan,
		Deadline: 5 * time.Minute,
		Do: func(ctx context.Context, t pipeline.PlanTask) (pipeline.Result, error) {
			r, err := o.plan(ctx, t)
			return r, progress.Outcome(err)
		},
		Parked: func(ctx context.Context, t pipeline.PlanTask, f archive.Failure) (pipeline.Result, error) {
			return pipeline.Result{}, progress.Outcome(o.parked(ctx, t, f))
		},
	}
}

// parked leaves the mark that verify counts: the scan as it is now failed.
func (o PlanOptions) parked(ctx context.Context, t pipeline.PlanTask, f archive.Failure) error {
	of := t.Trigger
	if t.Scan == "" {
		of = archive.GroupMark // a group fails as a whole: its item.json, its number of pages
	}
	key := archive.StageParkedKey(t.Item, of, pipeline.StagePlan)
	_, err := o.Work.PutJSON(ctx, key, archive.ParkedMark{Version: 1, Reason: f.Reason, Detail: f.Detail})
	if errors.Is(err, store.ErrConflict) {
		return nil // parked before, with other words
	}
	return err
}

func (o PlanOptions) plan(ctx context.Context, t pipeline.PlanTask) (pipeline.Result, error) {
	m := archive.Manifest{Version: 1, Item: t.Item, Locator: t.Locator}
	current, seen, err := progress.CurrentInput(ctx, o.Work, t.Item)
	if err != nil {
		return pipeline.Result{}, err
	}
	if t.Scan != "" {
		m.Pages, err = o.pagesOfFile(ctx, t)
	} else {
		var ready bool
		ready, err = o.pagesOfGroup(ctx, t, &m)
		if err == nil && !ready {
			return pipeline.Result{}, nil
		}
	}
	if err != nil || len(m.Pages) == 0 {
		return pipeline.Result{}, err
	}
	if o.MaxPages > 0 && len(m.Pages) > o.MaxPages {
		return pipeline.Result{}, pipeline.Reject(archive.TooLarge, "%d pages, over the limit --max-pages %d", len(m.Pages), o.MaxPages)
	}
	var r pipeline.Result
	if input := m.Input(); input != current {
		if _, err := o.Work.PutJSON(ctx, archive.ManifestKey(m.Item, input), m); err != nil {
			return r, err
		}
		if err := progress.SetInput(ctx, o.Work, m.Item, input, seen); err != nil {
			return r, again(err)
		}
		r.Events = append(r.Events, planned(m, seen+1))
	}
	if current == "" {
		r.Next, err = o.Desk.First(ctx, t.Ref, m)
	} else {
		r.Next, err = o.Desk.Next(ctx, t.Ref, m, false)
	}
	return r, again(err)
}

// again makes a decision that somebody else overtook one to look at anew.
func again(err error) error {
	if errors.Is(err, progress.ErrMoved) {
		return pipeline.RetryAfter(time.Second, err.Error())
	}
	return err
}

// planned is the ledger's line about the item's n-th input.
func planned(m archive.Manifest, n int) archive.Event {
	e := archive.Event{Kind: archive.ItemPlanned, Pages: len(m.Pages), ID: "planned/" + string(m.Item) + "/" + string(m.Input())}
	if n > 1 {
		e.Kind = archive.Reopened
	}
	return e
}

// pagesOfFile lists the pages of a single-file item. No pages and no error
// when the scan is not there any more or is no longer this item's.
func (o PlanOptions) pagesOfFile(ctx context.Context, t pipeline.PlanTask) ([]archive.ManifestPage, error) {
	info, err := o.Scans.Stat(ctx, t.Scan)
	if errors.Is(err, store.ErrNotFound) {
		return nil, pipeline.Reject(archive.ScanMissing, "the scan %q is not in the bucket", t.Scan)
	}
	if err != nil {
		return nil, err
	}
	c, err := progress.Counting(ctx, o.Work, info)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // put in anew since; its own intake asks again
	}
	if err != nil || c.Scan.Verdict != archive.Taken {
		return nil, err
	}
	if master, err := o.masterOf(ctx, c.Scan); master != "" || err != nil {
		return nil, err // verify tells of it as a copy
	}
	return o.pagesOfScan(ctx, c.Scan, c.Info.VersionID)
}

// masterOf is the key of the better copy of an image that is an item by itself,
// "" if there is none. An item that was planned before its master came stays.
func (o PlanOptions) masterOf(ctx context.Context, s archive.Scan) (string, error) {
	if in, _, err := progress.CurrentInput(ctx, o.Work, archive.Locator(s.Key).ID()); in != "" || err != nil {
		return "", err
	}
	return progress.MasterOf(ctx, o.Scans, o.Work, s)
}

// pagesOfScan lists the pages of one taken scan: of that version of it in the
// store, "" for the newest.
func (o PlanOptions) pagesOfScan(ctx context.Context, s archive.Scan, version string) ([]archive.ManifestPage, error) {
	if s.Size == 0 {
		return nil, pipeline.Reject(archive.EmptyFile, "the file has no bytes")
	}
	if o.MaxBytes > 0 && s.Size > o.MaxBytes {
		return nil, pipeline.Reject(archive.TooLarge, "%d bytes, over the limit --max-bytes %d", s.Size, o.MaxBytes)
	}
	if s.Type == archive.TypeText {
		return []archive.ManifestPage{pageOf(s, 1, 1)}, nil
	}
	obj := o.Scans.OpenAs(ctx, store.Info{Key: s.Key, ETag: s.ETag, Size: s.Size, VersionID: version}) // as it was listed or asked for just now
	defer obj.Close()
	found, err := o.Pages(ctx, obj, s.Key, s.Type)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, pipeline.Reject(archive.NoPages, "the file holds no page")
	}
	pages := make([]archive.ManifestPage, len(found))
	for i, p := range found {
		pages[i] = pageOf(s, p.Index, len(found))
		pages[i].Damage = p.Damage
	}
	return pages, nil
}

func pageOf(s archive.Scan, index, of int) archive.ManifestPage {
	return archive.ManifestPage{Scan: s.Key, SHA256: s.SHA256, Size: s.Size, Type: s.Type, Index: index, Of: of}
}

// member is a scan of a group.
type member struct {
	archive.Scan
	archive.Place
	at      time.Time
	version string // in the store, where another was put over it
}

// pagesOfGroup fills the manifest's pages and tells whether the group is
// complete. When it is not, somebody else will ask: the intake of a page that
// has no verdict yet, of a later page, of the marker, or this task again after
// the quiet period.
func (o PlanOptions) pagesOfGroup(ctx context.Context, t pipeline.PlanTask, m *archive.Manifest) (ready bool, err error) {
	order, err := o.readOrder(ctx, string(t.Locator))
	if err != nil {
		return false, err
	}
	members, marker, err := o.members(ctx, t.Locator, order != nil)
	if err != nil || len(members) == 0 {
		return false, err
	}
	if order != nil {
		return o.ordered(ctx, t, order, members, marker, m)
	}
	var taken []archive.Scan
	for _, s := range members {
		if s.Verdict == "" {
			return false, nil // its intake is still to come, and asks
		}
		if s.Verdict == archive.Taken {
			taken = append(taken, s.Scan)
		}
	}
	pages, _ := archive.Sequence(taken)
	for _, s := range pages {
		m.Pages = append(m.Pages, pageOf(s, 1, 1))
	}
	if covered, err := o.markerCovers(ctx, marker, members); covered || err != nil {
		return covered, err
	}
	return o.isQuiet(t, members)
}

// isQuiet applies the quiet period. Only the newest page's task waits.
func (o PlanOptions) isQuiet(t pipeline.PlanTask, members []member) (bool, error) {
	if o.Quiet <= 0 {
		return false, nil
	}
	newest := slices.MaxFunc(members, func(a, b member) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.Key, b.Key))
	})
	if wait := o.Quiet - o.Now().Sub(newest.at); wait > 0 {
		if t.Trigger != archive.ScanID(newest.Key, newest.ETag) && t.Replay == "" {
			return false, nil
		}
		return false, pipeline.RetryAfter(wait, "waiting for more pages")
	}
	return true, nil
}

// members lists the scans of the group as they are in the bucket now. A member
// without a verdict has only its key and times.
func (o PlanOptions) members(ctx context.Context, l archive.Locator, ordered bool) ([]member, *store.Info, error) {
	var out []member
	var marker *store.Info
	folder := archive.FolderOf(string(l))
	prefixes := []string{string(l)}
	if l == "pages" {
		prefixes = []string{""} // digits alone at the top of the bucket
	}
	for _, prefix := range prefixes {
		for info, err := range o.Scans.List(ctx, prefix) {
			if err != nil {
				return nil, nil, err
			}
			if in := archive.FolderOf(info.Key); in != folder && in != string(l) || archive.IsControl(info.Key) || archive.IsHidden(info.Key) {
				continue
			}
			c := progress.Counted{Info: info}
			s, err := o.verdicts.load(ctx, o.Work, c.ID())
			if errors.Is(err, store.ErrNotFound) {
				s = archive.Scan{Key: info.Key, ETag: info.ETag}
			} else if err != nil {
				return nil, nil, err
			}
			if c, err = progress.CountingOf(ctx, o.Work, info, s); err != nil {
				return nil, nil, err
			}
			s, info = c.Scan, c.Info
			place := progress.ItemOf(s, ordered && archive.FolderOf(s.Key) == string(l))
			if place.Locator == l && !place.Single {
				out = append(out, member{s, place, info.LastModified, info.VersionID})
			}
		}
	}
	if len(out) > 0 {
		dir := archive.FolderOf(out[0].Key)
		info, err := o.Scans.Stat(ctx, strings.TrimPrefix(dir+"/"+archive.CompleteMarker, "/"))
		if err == nil {
			marker = &info
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, nil, err
		}
	}
	return out, marker, nil
}

// Marker is what nightshift writes into a _COMPLETE object: the files that the
// folder holds. A marker of another program may be empty.
type Marker struct {
	Files []string `json:"files"` // names in the folder
}

// markerCovers tells whether the folder's marker completes the group: it names
// every member and all that it names of this group is there, or it names
// nothing and came after them.
func (o PlanOptions) markerCovers(ctx context.Context, marker *store.Info, members []member) (bool, error) {
	if marker == nil {
		return false, nil
	}
	var content Marker
	if marker.Size > 0 {
		raw, _, err := o.Scans.Get(ctx, marker.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
		if err != nil || json.Unmarshal(raw, &content) != nil {
			content.Files = nil // somebody's own words: as good as empty
		}
	}
	if len(content.Files) == 0 {
		return !slices.ContainsFunc(members, func(s member) bool { return s.at.After(marker.LastModified) }), nil
	}
	there := map[string]bool{}
	for _, s := range members {
		if there[path.Base(s.Key)] = true; !slices.Contains(content.Files, path.Base(s.Key)) {
			return false, nil
		}
	}
	for _, f := range content.Files {
		if there[f] {
			continue
		}
		if missing, err := o.toCome(ctx, f, members[0]); missing || err != nil {
			return false, err
		}
	}
	return true, nil
}

// toCome tells whether a file that a marker names may still become a page of
// the group of first: by its name it would, and it is not there, or nobody has
// looked at it yet. One that was looked at is an item by itself, or ignored.
func (o PlanOptions) toCome(ctx context.Context, name string, first member) (bool, error) {
	key := strings.TrimPrefix(archive.FolderOf(first.Key)+"/"+name, "/")
	if archive.IsControl(key) || archive.PlaceOf(key, false).Locator != archive.PlaceOf(first.Key, false).Locator {
		return false, nil
	}
	info, err := o.Scans.Stat(ctx, key)
	if err == nil {
		_, err = LoadScan(ctx, o.Work, archive.ScanID(key, info.ETag))
	}
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// readOrder reads the folder's item.json; nil when there is none.
func (o PlanOptions) readOrder(ctx context.Context, folder string) (*archive.Order, error) {
	raw, _, err := o.Scans.Get(ctx, folder+"/"+archive.ItemManifest)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out, err := archive.ParseOrder(raw)
	if err != nil {
		return nil, pipeline.Reject(archive.BadManifest, "%w", err)
	}
	return &out, nil
}

// ordered fills the manifest in the order that item.json gives. A file that it
// lists and that is not there may be to come: until the folder's marker or the
// quiet period says that nothing is, when the item is rejected.
func (o PlanOptions) ordered(ctx context.Context, t pipeline.PlanTask, order *archive.Order, members []member, marker *store.Info, m *archive.Manifest) (bool, error) {
	byName, names := map[string]member{}, make([]string, 0, len(members))
	for _, s := range members {
		name := path.Base(s.Key)
		byName[name], names = s, append(names, name)
	}
	listed := map[string]bool{}
	for _, name := range order.Pages {
		s, ok := byName[archive.Find(name, names)]
		if ok && listed[s.Key] {
			return false, pipeline.Reject(archive.BadManifest, "item.json lists %q twice", path.Base(s.Key))
		}
		listed[s.Key] = true
		if !ok {
			return false, o.notThere(ctx, t, name, names, members, marker)
		}
		if s.Verdict == "" {
			return false, nil // its intake is to come, and asks
		}
		// A page with the bytes of another scan, a blank back say, is a page all the same.
		if s.Verdict != archive.Taken && s.Verdict != archive.Duplicate {
			return false, pipeline.Reject(archive.BadManifest, "item.json lists %q, which is no page: %s", name, s.Reason)
		}
		if !s.Multi {
			m.Pages = append(m.Pages, pageOf(s.Scan, 1, 1))
			continue
		}
		pages, err := o.pagesOfScan(ctx, s.Scan, s.version)
		if err != nil {
			return false, err
		}
		m.Pages = append(m.Pages, pages...)
	}
	m.Languages = order.Languages
	return true, nil
}

// notThere is nil while a file that item.json lists may be to come.
func (o PlanOptions) notThere(ctx context.Context, t pipeline.PlanTask, name string, names []string, members []member, marker *store.Info) error {
	if slices.ContainsFunc(members, func(s member) bool { return s.Verdict == "" }) {
		return nil
	}
	complete, err := o.markerCovers(ctx, marker, members)
	if err == nil && !complete {
		complete, err = o.isQuiet(t, members)
	}
	if err != nil || !complete {
		return err
	}
	return pipeline.Reject(archive.BadManifest, "item.json lists %q, which no file or more than one of the folder can be: %s", name, few(names))
}

// namesTold is how many files of a folder a message names.
const namesTold = 6

func few(names []string) string {
	slices.Sort(names)
	if len(names) > namesTold {
		return strings.Join(names[:namesTold], ", ") + fmt.Sprintf(" and %d more", len(names)-namesTold)
	}
	return strings.Join(names, ", ")
}
