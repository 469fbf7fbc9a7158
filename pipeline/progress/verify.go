package progress

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"sort"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Standing is where one scan has ended, or that it has not.
type Standing string

// The standings. Each scan has exactly one.
const (
	Published  Standing = "published"
	Parked     Standing = "parked"
	Duplicate  Standing = "duplicate"
	Ignored    Standing = "ignored"
	InProgress Standing = "in progress"
)

// ScanStanding is a scan's standing with what explains it.
type ScanStanding struct {
	Key      string          `json:"key"`
	Standing Standing        `json:"standing"`
	Reason   archive.Reason  `json:"reason,omitempty"`
	Detail   string          `json:"detail,omitempty"`
	Locator  archive.Locator `json:"locator,omitempty"`
	Item     archive.ItemID  `json:"item,omitempty"`
	Of       string          `json:"of,omitempty"`      // duplicate of this scan
	Version  int             `json:"version,omitempty"` // of the records, where published
	// Missing says what an item in progress waits for, for the sweep.
	Missing string `json:"missing,omitempty"`
	// Notices are what was published and should be looked at all the same.
	Notices []archive.Notice `json:"notices,omitempty"`
	ScanID  string           `json:"-"`
	// VersionID names the scan in the store where another was put over it.
	VersionID string `json:"-"`
	Single    bool   `json:"-"`
	multi     bool
	ordered   bool // an item.json says its place
	sidecar   bool // another program's OCR
	blank     bool // no page of it has ink
	sha256    archive.Digest
	at        int64 // when the store took it
}

// At is when the store took the scan, to the second.
func (s ScanStanding) At() time.Time { return time.Unix(s.at, 0) }

// What an item in progress can be missing.
const (
	MissingIntake = "intake"
	MissingPlan   = "plan"
)

// Count is the sum of the promise for a box: Scans equals the others together.
type Count struct {
	Box        string `json:"box"`
	Scans      int    `json:"scans"`
	Published  int    `json:"published"`
	Parked     int    `json:"parked"`
	Duplicate  int    `json:"duplicate"`
	Ignored    int    `json:"ignored"`
	InProgress int    `json:"inProgress"`
	ToLookAt   int    `json:"toLookAt"` // how much a person should look at, of Looks
}

// Books reads standings from the three buckets and nothing else.
type Books struct {
	Scans, Work, Records *store.Bucket
}

// Standings tells the standing of every scan below prefix, in key order.
// Markers and manifests are orders, not scans, and are left out.
func (b Books) Standings(ctx context.Context, prefix string) ([]ScanStanding, error) {
	var out []ScanStanding
	err := b.Walk(ctx, prefix, nil, func(s ScanStanding) { out = append(out, s) })
	return out, err
}

// Walk calls each for every scan below prefix but those whose version (its
// archive.ScanID) skip knows, in key order; nil skips none. A scan costs one
// listing entry where it is skipped, else one or two reads. Memory does not grow
// with the number of scans.
func (b Books) Walk(ctx context.Context, prefix string, skip func(scanID string) bool, each func(ScanStanding)) error {
	folder := walked{items: map[archive.ItemID]*itemBooks{}}
	for info, err := range b.Scans.List(ctx, prefix) {
		if err != nil {
			return fmt.Errorf("list scans: %w", err)
		}
		if archive.IsControl(info.Key) {
			continue
		}
		s := ScanStanding{Key: info.Key, ScanID: archive.ScanID(info.Key, info.ETag), at: info.LastModified.Unix()}
		if skip != nil && skip(s.ScanID) {
			continue
		}
		if err := folder.enter(ctx, b, archive.FolderOf(info.Key)); err != nil {
			return err
		}
		if err := b.stand(ctx, info, &s, &folder); err != nil {
			if errors.Is(err, store.ErrNewer) {
				// Not ended and not for this program to touch; the newer one goes on.
				s.Standing, s.Reason, s.Detail = InProgress, archive.NewerFormat, err.Error()
				each(s)
				continue
			}
			if ctx.Err() != nil || store.IsDown(err) || errors.Is(err, store.ErrDenied) || errors.Is(err, store.ErrNoBucket) {
				return fmt.Errorf("verify %q: %w", s.Key, err)
			}
			// One object that cannot be read must not keep the others from being counted.
			s.Standing, s.Reason, s.Detail = Parked, archive.FixityFailed, err.Error()
		}
		each(s)
	}
	for m, err := range b.below(ctx) {
		if err != nil {
			return err
		}
		s := ScanStanding{Key: m.Key, Standing: Parked, Reason: archive.BelowScan, Detail: m.Detail(), ScanID: archive.ScanID(m.Key, m.ETag)}
		if strings.HasPrefix(m.Key, prefix) && (skip == nil || !skip(s.ScanID)) {
			each(s)
		}
	}
	return nil
}

// below yields the scans that the listing leaves out, since their keys lie below
// another scan's: those that are there still, below a scan that is.
func (b Books) below(ctx context.Context) iter.Seq2[archive.Below, error] {
	return func(yield func(archive.Below, error) bool) {
		for info, err := range b.Work.List(ctx, archive.BelowPrefix) {
			var m archive.Below
			if err == nil {
				err = b.Work.GetJSON(ctx, info.Key, &m)
			}
			hidden := false
			if err == nil {
				hidden, err = b.hidden(ctx, m)
			}
			if err != nil {
				yield(m, fmt.Errorf("scans below scans: %w", err))
				return
			}
			if hidden && !yield(m, nil) {
				return
			}
		}
	}
}

func (b Books) hidden(ctx context.Context, m archive.Below) (bool, error) {
	info, err := b.Scans.Stat(ctx, m.Key)
	if err != nil || info.ETag != m.ETag {
		return false, ignoreMissing(err)
	}
	_, err = b.Scans.Stat(ctx, m.Scan)
	return err == nil, ignoreMissing(err)
}

// walked is what a walk remembers: the folder it is in, and the items it met
// there and lately.
type walked struct {
	in      string
	began   bool
	ordered bool           // the folder has an item.json
	order   *archive.Order // which, if it can be followed
	items   map[archive.ItemID]*itemBooks
}

// itemsKept bounds what a walk remembers; scans of one item lie side by side.
const itemsKept = 500

func (w *walked) enter(ctx context.Context, b Books, folder string) error {
	if len(w.items) > itemsKept {
		clear(w.items)
	}
	if w.began && w.in == folder {
		return nil
	}
	w.in, w.began, w.ordered, w.order = folder, true, false, nil
	if folder == "" {
		return nil // the whole bucket is no item
	}
	raw, _, err := b.Scans.Get(ctx, folder+"/"+archive.ItemManifest)
	if err != nil {
		return ignoreMissing(err)
	}
	w.ordered = true
	if o, err := archive.ParseOrder(raw); err == nil {
		w.order = &o
	}
	return nil
}

// stand fills one scan's standing: that of the version that counts.
func (b Books) stand(ctx context.Context, info store.Info, s *ScanStanding, w *walked) error {
	counts, err := Counting(ctx, b.Work, info)
	if errors.Is(err, store.ErrNotFound) {
		return b.untaken(ctx, s)
	}
	if err != nil {
		return err
	}
	scan := counts.Scan
	s.ScanID, s.at, s.VersionID = counts.ID(), counts.Info.LastModified.Unix(), counts.Info.VersionID
	if counts.Over != nil {
		s.Notices = append(s.Notices, archive.Notice{Reason: archive.WrittenOver, Detail: counts.Over.Detail})
	}
	place := ItemOf(scan, w.ordered)
	s.Locator, s.Item, s.Single = place.Locator, place.Locator.ID(), place.Single
	s.ordered = w.ordered
	s.multi, s.sha256, s.sidecar = scan.Multi, scan.SHA256, scan.Verdict == archive.Ignored && archive.IsGiven(scan.Type)
	switch scan.Verdict {
	case archive.Ignored:
		s.Standing, s.Reason, s.Detail = Ignored, scan.Reason, scan.Detail
		return nil
	case archive.Duplicate:
		s.Standing, s.Reason, s.Of = Duplicate, archive.DuplicateOf, scan.Of
		return nil
	}
	if w.order != nil && !w.order.MayList(path.Base(s.Key)) {
		s.Standing, s.Reason = Ignored, archive.NotInItem
		return nil
	}
	item := w.items[s.Item]
	if item == nil {
		if item, err = b.open(ctx, place.Locator); err != nil {
			return err
		}
		if !w.ordered { // else the order is told, and numbers in names mean nothing
			item.gap = item.missing()
		}
		w.items[s.Item] = item
	}
	if err := item.stand(ctx, b, s, scan); err != nil || s.Standing != InProgress {
		return err
	}
	return item.standAside(ctx, b, s, scan, w.order)
}

// standAside finds what a taken scan that no manifest has is, if it is not in
// progress: the copy of a page that is read from a better file, or a file that an
// item.json might have meant.
func (it *itemBooks) standAside(ctx context.Context, b Books, s *ScanStanding, scan archive.Scan, order *archive.Order) error {
	if mine, _ := it.pagesOf(scan); len(mine) > 0 {
		return nil
	}
	if order != nil {
		if it.input != "" && !order.Lists(path.Base(s.Key)) {
			s.Standing, s.Reason, s.Missing = Ignored, archive.NotInItem, ""
		}
		return nil
	}
	master := it.copyOf(scan)
	if s.Single && master == "" {
		var err error
		if master, err = MasterOf(ctx, b.Scans, b.Work, scan); err != nil {
			return err
		}
	}
	if master != "" {
		s.Standing, s.Reason, s.Of, s.Missing = Duplicate, archive.CopyOfPage, master, ""
	}
	return nil
}

// untaken fills the standing of a scan without a verdict: parked if intake failed
// at it for good.
func (b Books) untaken(ctx context.Context, s *ScanStanding) error {
	var mark archive.ParkedMark
	err := b.Work.GetJSON(ctx, archive.UntakenKey(s.ScanID), &mark)
	if err != nil {
		s.Standing, s.Missing = InProgress, MissingIntake
		return ignoreMissing(err)
	}
	s.Standing, s.Reason, s.Detail = Parked, mark.Reason, mark.Detail
	return nil
}

// ItemOf is where a scan belongs, an item.json in its folder counting before
// its name.
func ItemOf(s archive.Scan, ordered bool) archive.Place {
	if folder := archive.FolderOf(s.Key); ordered && folder != "" {
		return archive.Place{Locator: archive.Locator(folder)}
	}
	return archive.PlaceOf(s.Key, s.Multi)
}

// itemBooks is what the objects say of one item.
type itemBooks struct {
	id       archive.ItemID
	input    archive.Digest
	manifest archive.Manifest
	current  archive.Current
	pages    map[string][]string // page folder to objects
	marks    map[string]string   // stage-level parked marks: "<of>/<stage>" to key
	gap      string              // numbered pages that are missing
}

func (b Books) open(ctx context.Context, l archive.Locator) (*itemBooks, error) {
	it := &itemBooks{id: l.ID(), pages: map[string][]string{}, marks: map[string]string{}}
	prefix := archive.ItemPrefix(it.id)
	for info, err := range b.Work.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		rest := info.Key[len(prefix):]
		switch {
		case strings.HasPrefix(rest, "inputs/"):
			continue
		case strings.HasPrefix(rest, "pages/"):
			folder := info.Key[:strings.LastIndexByte(info.Key, '/')+1]
			it.pages[folder] = append(it.pages[folder], info.Key)
		case strings.HasSuffix(rest, archive.ParkedSuffix):
			it.marks[strings.TrimSuffix(rest, archive.ParkedSuffix)] = info.Key
		}
	}
	var err error
	if it.input, _, err = CurrentInput(ctx, b.Work, it.id); err != nil || it.input == "" {
		return it, err
	}
	if err := b.Work.GetJSON(ctx, archive.ManifestKey(it.id, it.input), &it.manifest); err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	err = b.Records.GetJSON(ctx, archive.CurrentKey(l), &it.current)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return it, err
}

// missing says which numbered pages the manifest has not.
func (it *itemBooks) missing() string {
	keys := make([]string, 0, len(it.manifest.Pages))
	for _, p := range it.manifest.Pages {
		if p.Of > 1 {
			return "" // pages of a file: an item.json put it together, or it is one file
		}
		keys = append(keys, p.Scan)
	}
	return archive.MissingPages(keys)
}

// stand fills the standing of a scan of the item.
func (it *itemBooks) stand(ctx context.Context, b Books, s *ScanStanding, scan archive.Scan) error {
	mine, parked := it.pagesOf(scan)
	if len(mine) == 0 {
		for _, of := range []string{s.ScanID, archive.GroupMark} {
			if key, ok := it.marks[of+"/"+pipeline.StagePlan]; ok {
				return it.park(ctx, b, s, key)
			}
		}
		s.Standing, s.Missing = InProgress, MissingPlan
		return nil
	}
	for _, stage := range []string{pipeline.StageStructure, pipeline.StagePublish} {
		if key, ok := it.marks[string(it.input)+"/"+stage]; ok && it.current.Input != it.input {
			return it.park(ctx, b, s, key)
		}
	}
	if len(parked) == len(mine) {
		return it.park(ctx, b, s, parked[0])
	}
	if it.current.Input != it.input {
		s.Standing, s.Missing = InProgress, MissingPlan
		return nil
	}
	s.Standing, s.Version = Published, it.current.Number
	it.notice(s, scan)
	return nil
}

// notice gives a published scan what is to be looked at on its pages; what is
// about the whole item goes to its first scan.
func (it *itemBooks) notice(s *ScanStanding, scan archive.Scan) {
	pages := it.manifest.Pages
	first := pages[0].Scan == s.Key
	for _, n := range it.current.Look {
		if n.Page == 0 && first || n.Page > 0 && n.Page <= len(pages) && pages[n.Page-1].Scan == s.Key {
			s.Notices = append(s.Notices, n)
		}
	}
	if first && it.gap != "" {
		s.Notices = append(s.Notices, archive.Notice{Reason: archive.PageMissing, Detail: "missing: page " + it.gap + "; " + plural(len(pages), "page") + " taken"})
	}
	s.blank = true
	for i, p := range pages {
		if p.Scan == s.Key && p.SHA256 == scan.SHA256 && !slices.Contains(it.current.Blank, i+1) {
			s.blank = false
		}
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// pagesOf counts the scan's pages in the current manifest, and lists the parked
// marks of those that could not be read.
func (it *itemBooks) pagesOf(scan archive.Scan) (mine []archive.ManifestPage, parked []string) {
	for _, p := range it.manifest.Pages {
		if p.Scan != scan.Key || p.SHA256 != scan.SHA256 {
			continue
		}
		mine = append(mine, p)
		if at := pageFrom(it.pages[archive.PageFolder(it.id, p.SHA256, p.Index)], ""); at.Parked != "" {
			parked = append(parked, at.Parked)
		}
	}
	return mine, parked
}

func (it *itemBooks) park(ctx context.Context, b Books, s *ScanStanding, key string) error {
	var mark archive.ParkedMark
	if err := b.Work.GetJSON(ctx, key, &mark); err != nil {
		return err
	}
	s.Standing, s.Reason, s.Detail = Parked, mark.Reason, mark.Detail
	return nil
}

// Counts sums standings by box, in order of name.
func Counts(standings []ScanStanding) []Count {
	byBox := map[string]*Count{}
	for _, s := range standings {
		box := archive.Locator(s.Key).Box()
		c := byBox[box]
		if c == nil {
			c = &Count{Box: box}
			byBox[box] = c
		}
		c.add(s.Standing)
	}
	for _, l := range Looks(standings) {
		if c := byBox[l.Box]; c != nil {
			c.ToLookAt++
		}
	}
	out := make([]Count, 0, len(byBox))
	for _, c := range byBox {
		out = append(out, *c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Box < out[j].Box })
	return out
}

func (c *Count) add(s Standing) {
	c.Scans++
	switch s {
	case Published:
		c.Published++
	case Parked:
		c.Parked++
	case Duplicate:
		c.Duplicate++
	case Ignored:
		c.Ignored++
	default:
		c.InProgress++
	}
}

// Total sums counts.
func Total(counts []Count) Count {
	t := Count{Box: "all"}
	for _, c := range counts {
		t.Scans += c.Scans
		t.Published += c.Published
		t.Parked += c.Parked
		t.Duplicate += c.Duplicate
		t.Ignored += c.Ignored
		t.InProgress += c.InProgress
		t.ToLookAt += c.ToLookAt
	}
	return t
}

// Adds tells whether the promise holds: every scan is counted once.
func (c Count) Adds() bool {
	return c.Scans == c.Published+c.Parked+c.Duplicate+c.Ignored+c.InProgress
}

// ByArrival orders standings as the store took the scans: the order in which
// intake must see them.
func ByArrival(s []ScanStanding) {
	slices.SortStableFunc(s, func(a, b ScanStanding) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return strings.Compare(a.Key, b.Key)
	})
}
