package progress

import (
	"cmp"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"nightshift/pipeline/archive"
)

// What the names of one folder's images, taken together, leave in doubt. None of
// it is mended: a name alone says where a scan belongs, so that it never moves
// when another comes.

// named is an item of the folder, with its images in order of key.
type named struct {
	locator archive.Locator
	single  bool
	images  []*ScanStanding
}

func (n *named) first() *ScanStanding { return n.images[0] }

// base is the item's name within its folder, without an extension, "" where the
// folder is the item.
func (n *named) base(folder string) string {
	if n.single {
		return archive.StemOf(path.Base(n.first().Key))
	}
	return strings.TrimPrefix(strings.TrimPrefix(string(n.locator), folder), "/")
}

// items lists what is published of the folder as images whose names say where they
// belong, in order of their first key.
func (l *looking) items() []*named {
	byLocator := map[archive.Locator]*named{}
	var out []*named
	for _, s := range l.here {
		if s.multi || s.ordered {
			continue
		}
		n := byLocator[s.Locator]
		if n == nil {
			n = &named{locator: s.Locator, single: s.Single}
			byLocator[s.Locator], out = n, append(out, n)
		}
		n.images = append(n.images, s)
	}
	return out
}

// names tells what the names of a folder's images leave in doubt.
func (l *looking) names() {
	items := l.items()
	l.beside(items)
	l.oneNumber(items)
	l.openings(items)
	l.oneDay(items)
	l.letters(items)
	l.madeUp(items)
}

// beside tells of images that are items of their own beside numbered pages that
// they surely belong to: a cover, a colour target, a page taken again, where the
// folder is the item or their names begin with the item's.
func (l *looking) beside(items []*named) {
	for _, group := range items {
		if group.single {
			continue
		}
		name := group.base(l.in)
		if l.in == "" && group.locator == "pages" {
			name = ""
		}
		all := []*ScanStanding{group.first()}
		for _, other := range items {
			if other == group || name != "" && !(other.single && goesOn(other.base(l.in), name)) {
				continue
			}
			all = append(all, other.images...)
		}
		if len(all) > 1 {
			l.addAll(all, archive.NotGrouped, "beside the numbered pages of %s as items of their own: %s, first %s", group.locator, plural(len(all)-1, "file"), path.Base(all[1].Key))
		}
	}
}

// goesOn reports whether a name begins with another and goes on with a sign or a
// blank, after which no other word of the same kind is begun.
func goesOn(name, with string) bool {
	rest, ok := strings.CutPrefix(fold(name), fold(with))
	return ok && rest != "" && strings.ContainsAny(rest[:1], " _.-([{#")
}

// oneNumber tells of pages of an item that have one number and are not copies of
// each other.
func (l *looking) oneNumber(items []*named) {
	for _, group := range items {
		if group.single {
			continue
		}
		at := map[archive.Place]*ScanStanding{}
		for _, s := range group.images {
			place := archive.PlaceOf(s.Key, false)
			if first := at[place]; first != nil {
				l.addAll([]*ScanStanding{first, s}, archive.PageTwice, "%s has the same number", path.Base(s.Key))
				break // one line for an item
			}
			at[place] = s
		}
	}
}

// pair is a name that ends in two numbers.
var pair = regexp.MustCompile(`(\d{1,6})[ ]*[-+&,][ ]*(\d{1,6})$`)

// openings tells of groups of one page whose names count on, and whose pages do not
// all begin at 1: two pages on a picture (012-013), a count before the page's number.
func (l *looking) openings(items []*named) {
	runs := map[string][]numbered{}
	later := map[string]bool{}
	for _, group := range items {
		if group.single || len(group.images) > 2 {
			continue
		}
		name := group.base(l.in)
		for _, at := range digits.FindAllStringIndex(name, -1) {
			if n, ok := countable(name[at[0]:at[1]]); ok {
				template := fold(name[:at[0]] + "\x00" + name[at[1]:])
				runs[template] = append(runs[template], numbered{n, group.first()})
				later[template] = later[template] || len(group.images) == 1 && archive.PlaceOf(group.first().Key, false).Page > 1
			}
		}
	}
	var pairs []*ScanStanding
	for _, n := range items {
		if m := pair.FindStringSubmatch(n.base(l.in)); n.single && m != nil {
			a, okA := countable(m[1])
			b, okB := countable(m[2])
			if okA && okB && b == a+1 {
				pairs = append(pairs, n.first())
			}
		}
	}
	if len(pairs) > 1 {
		l.addAll(pairs, archive.NotGrouped, "%d files, from %s, are items by themselves and seem to show two pages each", len(pairs), path.Base(pairs[0].Key))
	}
	for _, template := range slices.Sorted(maps.Keys(runs)) {
		if later[template] {
			l.run(runs[template], 2)
		}
	}
}

// run tells of scans of several items, if their numbers count on by at most step and
// no other run had all of them.
func (l *looking) run(run []numbered, step int) {
	slices.SortFunc(run, func(a, b numbered) int { return cmp.Or(a.n-b.n, cmp.Compare(a.s.Key, b.s.Key)) })
	isNew := false
	scans := make([]*ScanStanding, len(run))
	for i, r := range run {
		scans[i] = r.s
		isNew = isNew || !l.toldRuns[r.s.Key]
	}
	if !isNew || !countsOn(run, step) {
		return
	}
	for _, s := range scans {
		l.toldRuns[s.Key] = true
	}
	l.addAll(scans, archive.NotGrouped, "%d files from %s to %s are items by themselves", len(run), path.Base(scans[0].Key), path.Base(scans[len(scans)-1].Key))
}

// momentAt is a day and a time of day in a name, as cameras and scanning
// programs write them.
var momentAt = regexp.MustCompile(`(?:^|\D)((?:19|20)\d{6})[ _T\-]?(\d{4,9})(?:\D|$)`)

// oneDay tells of single images that were taken one after the other.
func (l *looking) oneDay(items []*named) {
	days := map[string][]*ScanStanding{}
	for _, n := range items {
		if m := momentAt.FindStringSubmatchIndex(n.base(l.in)); n.single && m != nil {
			name := n.base(l.in)
			day := fold(name[:m[3]] + "\x00" + name[m[5]:])
			days[day] = append(days[day], n.first())
		}
	}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		if scans := days[day]; len(scans) > 1 {
			l.addAll(scans, archive.NotGrouped, "%d files of one day, from %s to %s, are items by themselves", len(scans), path.Base(scans[0].Key), path.Base(scans[len(scans)-1].Key))
		}
	}
}

// lettered is a name that ends in a letter or a Roman number, and leading one that
// begins with a counter.
var (
	lettered = regexp.MustCompile(`^(?:(.*[ _.\-]))?([a-z]|[ivxlc]+)$`)
	leading  = regexp.MustCompile(`^(0\d{2,7})(?:\D|$)`)
)

// letters tells of single images that are numbered with letters or Roman numbers,
// or have a counter before words of their own.
func (l *looking) letters(items []*named) {
	romans, alphabet, counted := map[string][]numbered{}, map[string][]numbered{}, map[string][]numbered{}
	for _, n := range items {
		if !n.single {
			continue
		}
		name := fold(n.base(l.in))
		if m := leading.FindStringSubmatch(name); m != nil {
			if count, ok := countable(m[1]); ok {
				counted[""] = append(counted[""], numbered{count, n.first()})
			}
		}
		m := lettered.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		if value := romanValue(m[2]); value > 0 {
			romans[m[1]] = append(romans[m[1]], numbered{value, n.first()})
		}
		if len(m[2]) == 1 {
			alphabet[m[1]] = append(alphabet[m[1]], numbered{int(m[2][0] - 'a'), n.first()})
		}
	}
	for _, runs := range []map[string][]numbered{romans, alphabet, counted} {
		for _, before := range slices.Sorted(maps.Keys(runs)) {
			l.run(runs[before], 1)
		}
	}
}

// random is a name that a program made up: a UUID, with or without its hyphens.
var random = regexp.MustCompile(`^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$`)

// madeUp tells of images whose names a program made up, so that they say
// nothing of an order.
func (l *looking) madeUp(items []*named) {
	var scans []*ScanStanding
	for _, n := range items {
		for _, s := range n.images { // some end in what looks like a page's number
			if random.MatchString(fold(archive.StemOf(path.Base(s.Key)))) {
				scans = append(scans, s)
			}
		}
	}
	if len(scans) > 1 {
		l.addAll(scans, archive.NotGrouped, "%d files have names made up by a program, which give no order", len(scans))
	}
}

// romanValue is the value of a Roman number below 400 in small letters, 0 where it
// is none that anybody would write.
func romanValue(s string) int {
	value := map[rune]int{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}
	n, last := 0, 0
	for _, r := range s {
		v := value[r]
		if v == 0 {
			return 0
		}
		if n += v; v > last && last > 0 {
			n -= 2 * last
		}
		last = v
	}
	if archive.Roman(n) != s {
		return 0
	}
	return n
}

// fold makes names equal that people do not see a difference between.
func fold(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(name)), " "))
}

// alike tells of items whose names differ in case, accents' spelling or blanks
// alone, and so lie in one folder on the machine that they come from, or were meant
// to be one item.
func (l *looking) alike(s *ScanStanding) {
	if s.Standing != Published || s.multi {
		return
	}
	name := fold(string(s.Locator))
	first := l.folded[name]
	switch {
	case first == nil:
		l.folded[name] = s
	case first.Locator != s.Locator && !l.toldAlike[s.Locator]:
		l.toldAlike[s.Locator] = true
		l.addAll([]*ScanStanding{first, s}, archive.NotGrouped, "its item differs from that of %s in case, blanks or the spelling of accents alone", s.Key)
	}
}

// copyFolders are names that people give folders which hold the same pages in
// different formats or sizes.
var copyFolders = map[string]bool{
	"master": true, "masters": true, "access": true, "archival": true, "archive": true, "preservation": true, "derivative": true, "derivatives": true,
	"service": true, "use": true, "web": true, "screen": true, "print": true, "original": true, "originals": true, "raw": true, "edited": true,
	"thumb": true, "thumbs": true, "thumbnail": true, "thumbnails": true, "preview": true, "previews": true, "hires": true, "lowres": true,
	"high": true, "low": true, "max": true, "min": true, "default": true, "full": true, "tif": true, "tiff": true, "jpg": true, "jpeg": true, "jp2": true, "png": true,
}

// twoFolders tells of the same page names in two folders that are called after
// formats or uses: master/0001.tif and access/0001.jpg.
func (l *looking) twoFolders(s *ScanStanding) {
	if s.Standing != Published || s.multi {
		return
	}
	levels := strings.Split(s.Key, "/")
	for i, level := range levels[:len(levels)-1] {
		if !copyFolders[fold(level)] {
			continue
		}
		template := slices.Clone(levels)
		template[i] = "\x00"
		name := fold(archive.StemOf(strings.Join(template, "/")))
		first := l.copies[name]
		switch {
		case first == nil:
			l.copies[name] = s
		case !l.toldAlike[s.Locator]:
			l.toldAlike[s.Locator] = true
			l.addAll([]*ScanStanding{first, s}, archive.PageTwice, "%s has its name in a folder for another use; if both show the same paper, its text is published twice", s.Key)
		}
		return
	}
}

// unlisted tells of images beside an item.json that does not list them, unless they
// are copies of what it lists.
func (l *looking) unlisted() {
	listed := map[string]bool{}
	for _, s := range l.here {
		listed[fold(archive.StemOf(s.Key))] = true
	}
	var out []*ScanStanding
	for _, s := range l.notListed {
		if !listed[fold(archive.StemOf(s.Key))] {
			out = append(out, s)
		}
	}
	if len(out) > 0 {
		l.addAll(out, archive.NotInItem, "%s does not list %s of its folder, first %s", archive.ItemManifest, plural(len(out), "file"), path.Base(out[0].Key))
	}
}
