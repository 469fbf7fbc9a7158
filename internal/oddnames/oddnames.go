// Package oddnames draws folders of page names as people make them, and knows
// for each what is right: which files are one item, in which order, and which
// are copies of one page. It was written from the habits of scanners, cameras,
// libraries and file managers, and shares nothing with the code that groups.
package oddnames

import (
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
)

// A Folder is what somebody puts in at once.
type Folder struct {
	Kind  string
	Files []string          // every page file, slash-separated, in no order
	Sides map[string][]byte // files that are no pages: manifests, texts, a system's litter
	Right []Grouping        // one of these is right; none is where names cannot say and must be told
	Tell  bool              // right only when something is told as well: a gap, a name that is not there
}

// A Grouping is items of pages in order; a page is the files that show it.
type Grouping [][]Page

// A Page is the paths of the copies of one page.
type Page []string

// Pages returns how many page files the folder has.
func (f Folder) Pages() int { return len(f.Files) }

// Draw returns the same folders for the same seed, each habit as often as the
// table says: something over 2,000 page files.
func Draw(seed uint64) []Folder {
	rng := rand.New(rand.NewPCG(seed, 15)) // #nosec G404 -- draws names for tests, the same each time
	var folders []Folder
	for _, habit := range habits {
		for n := range max(habit.times, 1) {
			d := &drawer{Rand: rng, nth: n, folder: Folder{Kind: habit.kind, Sides: map[string][]byte{}}}
			d.dir = d.folderName()
			d.right = Grouping{nil}
			habit.draw(d)
			d.finish()
			folders = append(folders, d.folder)
		}
	}
	return folders
}

type drawer struct {
	*rand.Rand
	nth    int
	dir    string
	folder Folder
	right  Grouping
}

// folderName draws where the files lie: nothing, a folder, folders in folders.
func (d *drawer) folderName() string {
	words := []string{"Akte", "letters", "MS Add", "Nachlass", "Kasten", "register", "Box", "notebook", "Brieven", "carnet"}
	name := func() string {
		word := words[d.IntN(len(words))]
		switch d.IntN(5) {
		case 0:
			return fmt.Sprintf("%s %d", word, 1+d.IntN(900))
		case 1:
			return fmt.Sprintf("%s_%03d", word, 1+d.IntN(900))
		case 2:
			return fmt.Sprintf("%d-%s", 1850+d.IntN(120), word)
		case 3:
			return fmt.Sprintf("%s.%d.%d", word, 1850+d.IntN(120), 1+d.IntN(30))
		}
		return word
	}
	switch d.IntN(6) {
	case 0:
		return ""
	case 1:
		return name() + "/" + name()
	case 2:
		return name() + "/" + name() + "/" + name()
	}
	return name()
}

func (d *drawer) at(name string) string { return path.Join(d.dir, name) }

// page adds a page, shown by these files.
func (d *drawer) page(names ...string) {
	var page Page
	for _, name := range names {
		page = append(page, d.at(name))
	}
	last := len(d.right) - 1
	d.right[last] = append(d.right[last], page)
	d.folder.Files = append(d.folder.Files, page...)
}

// item begins another item.
func (d *drawer) item() {
	if len(d.right[len(d.right)-1]) > 0 {
		d.right = append(d.right, nil)
	}
}

func (d *drawer) side(name, body string) { d.folder.Sides[d.at(name)] = []byte(body) }

// either says that one item in this order is right as well as the items drawn.
func (d *drawer) either() {
	var one []Page
	for _, item := range d.right {
		one = append(one, item...)
	}
	d.folder.Right = append(d.folder.Right, Grouping{one})
}

// unsaid says that the names do not say what is right.
func (d *drawer) unsaid() { d.folder.Tell = true }

func (d *drawer) finish() {
	d.folder.Right = append(d.folder.Right, d.right)
	d.Shuffle(len(d.folder.Files), func(i, j int) {
		d.folder.Files[i], d.folder.Files[j] = d.folder.Files[j], d.folder.Files[i]
	})
}

// few is a count of pages that crosses from one digit to two about half the time.
func (d *drawer) few() int { return 4 + d.IntN(9) }

func (d *drawer) pick(of ...string) string { return of[d.IntN(len(of))] }

func (d *drawer) ext() string {
	return d.pick(".tif", ".jpg", ".png", ".TIF", ".JPG", ".jpeg", ".tiff", ".jp2")
}

// numbered returns a habit of one item whose names are these formats of a number.
func numbered(start func(d *drawer) int, formats ...string) func(d *drawer) {
	return func(d *drawer) {
		format, ext, first := formats[d.nth%len(formats)], d.ext(), start(d)
		for n := range d.few() {
			d.page(fmt.Sprintf(format, first+n) + ext)
		}
	}
}

func one(*drawer) int        { return 1 }
func anywhere(d *drawer) int { return 1 + d.IntN(950) }

// listed returns a habit of one item whose names are these lists, in this order.
func listed(lists ...[]string) func(d *drawer) {
	return func(d *drawer) {
		ext := d.ext()
		for _, name := range lists[d.nth%len(lists)] {
			d.page(name + ext)
		}
	}
}

// sides returns a habit of leaves with two names each: "%d" formats in pairs.
func sides(pairs ...[2]string) func(d *drawer) {
	return func(d *drawer) {
		pair, ext, first := pairs[d.nth%len(pairs)], d.ext(), anywhere(d)
		for n := range 2 + d.IntN(6) {
			d.page(fmt.Sprintf(pair[0], first+n) + ext)
			d.page(fmt.Sprintf(pair[1], first+n) + ext)
		}
	}
}

// copies returns a habit of pages that are there twice: formats with a number and
// an extension, whole names.
func copies(pairs ...[2]string) func(d *drawer) {
	return func(d *drawer) {
		pair := pairs[d.nth%len(pairs)]
		for n := range d.few() {
			d.page(fmt.Sprintf(pair[0], n+1), fmt.Sprintf(pair[1], n+1))
		}
	}
}

func roman(n int) string {
	var b strings.Builder
	for _, digit := range []struct {
		value int
		sign  string
	}{{100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= digit.value; n -= digit.value {
			b.WriteString(digit.sign)
		}
	}
	return b.String()
}
