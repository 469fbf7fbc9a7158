package progress

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
)

// Look is something that a person should look at though nothing failed: without
// it "everything is published" would be said too early.
type Look struct {
	Key     string          `json:"key"` // of the scan that it is about
	Locator archive.Locator `json:"locator,omitempty"`
	Page    int             `json:"page,omitempty"` // of the item, from 1; 0: no one page
	Reason  archive.Reason  `json:"reason"`
	Detail  string          `json:"detail"`
	Box     string          `json:"box"`
	Others  []string        `json:"-"` // keys of the other scans that it is about, for Looks of several
}

// At says where it is, for a line of text.
func (l Look) At() string {
	if l.Page > 0 {
		return fmt.Sprintf("%s page %d", cmp.Or(string(l.Locator), l.Key), l.Page)
	}
	return l.Key
}

// Looks lists what is to be looked at among all scans, in order of key. It
// follows from the standings alone, and they from the objects.
func Looks(standings []ScanStanding) []Look {
	l := looking{folded: map[string]*ScanStanding{}, copies: map[string]*ScanStanding{}, toldAlike: map[archive.Locator]bool{}, toldRuns: map[string]bool{}}
	for i := range standings {
		s := &standings[i]
		l.alone(s)
		l.twice(s)
		l.folder(s)
		l.alike(s)
		l.twoFolders(s)
	}
	l.endFolder()
	l.sidecars(standings)
	slices.SortStableFunc(l.out, func(a, b Look) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Reason, b.Reason))
	})
	return l.out
}

// looking goes through standings in order of key, a folder at a time.
type looking struct {
	out    []Look
	digest map[archive.Digest]*ScanStanding // published pages by their bytes
	in     string
	here   []*ScanStanding // published, in this folder

	notListed []*ScanStanding          // images of this folder that its item.json leaves out
	folded    map[string]*ScanStanding // the first scan of an item, by the item's folded name
	copies    map[string]*ScanStanding // scans in folders called after a use, by their name without it
	toldAlike map[archive.Locator]bool // items of which alike and twoFolders told
	toldRuns  map[string]bool          // scans of runs that were told
}

func (l *looking) add(s *ScanStanding, page int, r archive.Reason, format string, args ...any) {
	l.out = append(l.out, Look{s.Key, s.Locator, page, r, fmt.Sprintf(format, args...), archive.Locator(s.Key).Box(), nil})
}

// addAll is add for several scans, the first of which the line is about.
func (l *looking) addAll(scans []*ScanStanding, r archive.Reason, format string, args ...any) {
	l.add(scans[0], 0, r, format, args...)
	look := &l.out[len(l.out)-1]
	for _, s := range scans[1:] {
		look.Others = append(look.Others, s.Key)
	}
}

// alone tells what the scan's own objects say.
func (l *looking) alone(s *ScanStanding) {
	if s.Standing == Ignored && s.Reason == archive.UnreadKind && !s.sidecar {
		l.add(s, 0, s.Reason, "%s", s.Detail)
	}
	for _, n := range s.Notices {
		l.add(s, n.Page, n.Reason, "%s", n.Detail)
	}
}

// twice tells of bytes that were published as two pages. Single files are
// duplicates by then; pages of groups are not.
func (l *looking) twice(s *ScanStanding) {
	if s.Standing != Published || s.sha256 == "" || s.blank {
		return
	}
	if l.digest == nil {
		l.digest = map[archive.Digest]*ScanStanding{}
	}
	if first := l.digest[s.sha256]; first != nil {
		l.add(s, 0, archive.PageTwice, "the same bytes as %s, which is published as well", first.Key)
		return
	}
	l.digest[s.sha256] = s
}

// folder gathers what is published of one folder.
func (l *looking) folder(s *ScanStanding) {
	if in := archive.FolderOf(s.Key); in != l.in {
		l.endFolder()
		l.in = in
	}
	switch {
	case s.Standing == Published:
		l.here = append(l.here, s)
	case s.Standing == Ignored && s.Reason == archive.NotInItem:
		l.notListed = append(l.notListed, s)
	}
}

func (l *looking) endFolder() {
	l.namesakes()
	l.ungrouped()
	l.names()
	l.unlisted()
	l.here, l.notListed = l.here[:0], l.notListed[:0]
}

// namesakes tells of two items with one name: a PDF made of the page images
// beside them, a text that somebody typed in.
func (l *looking) namesakes() {
	first := map[string]*ScanStanding{}
	told := map[archive.Locator]bool{}
	for _, s := range l.here {
		names := []string{strings.ToLower(archive.StemOf(s.Key))}
		if !s.Single {
			names = append(names, strings.ToLower(string(s.Locator)))
		}
		for _, name := range names {
			other := first[name]
			if other == nil {
				first[name] = s
				continue
			}
			if other.Locator != s.Locator && !told[s.Locator] {
				told[s.Locator] = true
				l.add(s, 0, archive.PageTwice, "its name is that of %s, another item; if both show the same paper, its text is published twice", other.Key)
			}
		}
	}
}

// digits are the runs of digits in a name that may count pages.
var digits = regexp.MustCompile(`\d+`)

// numbered is a file of a run, and its number there.
type numbered struct {
	n int
	s *ScanStanding
}

// ungrouped tells of images that are items by themselves and whose names differ
// in nothing but a number that counts on: pages of one item, perhaps.
func (l *looking) ungrouped() {
	runs := map[string][]numbered{}
	for _, s := range l.here {
		if !s.Single || s.multi {
			continue
		}
		name := archive.StemOf(path.Base(s.Key))
		for _, at := range digits.FindAllStringIndex(name, -1) {
			if n, ok := countable(name[at[0]:at[1]]); ok {
				template := strings.ToLower(name[:at[0]] + "\x00" + name[at[1]:])
				runs[template] = append(runs[template], numbered{n, s})
			}
		}
	}
	for _, template := range slices.Sorted(maps.Keys(runs)) {
		l.run(runs[template], 1)
	}
}

// countsOn reports whether most of the numbers follow on the one before, by at most
// step.
func countsOn(run []numbered, step int) bool {
	follow := 0
	for i := 1; i < len(run); i++ {
		if d := run[i].n - run[i-1].n; d > 0 && d <= step {
			follow++
		}
	}
	return follow > 0 && 2*follow >= len(run)-1
}

// countable is the number of a run of digits that may be a page's: no year, no
// long number of a file.
func countable(run string) (int, bool) {
	n := 0
	for _, c := range run {
		n = n*10 + int(c-'0')
		if n > 1<<20 {
			return 0, false
		}
	}
	long := len(run) > 4 && run[0] != '0'
	year := len(run) == 4 && n >= 1500 && n < 2100
	return n, !long && !year
}

// sidecars tells of OCR of other programs that was ignored where no scan beside
// it was read, and of copies whose master could not be read.
func (l *looking) sidecars(standings []ScanStanding) {
	parked, stems := map[string]bool{}, map[string]bool{}
	for i := range standings {
		s := &standings[i]
		parked[s.Key] = s.Standing == Parked
		if s.Standing == Published || s.Standing == Duplicate {
			stems[strings.ToLower(archive.StemOf(s.Key))] = true
		}
	}
	for i := range standings {
		s := &standings[i]
		switch {
		case s.sidecar && !stems[strings.ToLower(archive.StemOf(s.Key))]:
			l.add(s, 0, s.Reason, "%s", s.Detail)
		case s.Reason == archive.CopyOfPage && parked[s.Of]:
			l.add(s, 0, archive.CopyUnread, "a copy of %s", s.Of)
		}
	}
}
