package lines

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Options say how the lines of a folder are found.
type Options struct {
	// Models are files of models, NAME.traineddata, that find the lines, one after
	// the other: a taught one reads lines that Debian's English ("") is too far
	// from to be bound to their truth. None: Debian's English.
	Models []string
	// Sealed are further lists of names that are left out, as eval/sealed.txt is.
	Sealed []string
	// WithoutWeak leaves out the pages that a file weak.txt beside the truths names.
	WithoutWeak bool
	// AsItStands keeps the quotes and dashes of the truth; otherwise they are
	// folded to those of a typewriter.
	AsItStands bool
	// Plain takes NAME.txt beside an image of that name for a truth too, and one truth
	// of each page only: the first of NAME.gt.txt, .gt.xml, .xml and .txt.
	Plain bool
	// Margin round each line, pixels; 0: DefaultMargin.
	Margin int
	// Cache is a folder, made if need be, that keeps what was found on each page;
	// "": none.
	Cache string
	// Jobs is how many pages are read at once; 0: one.
	Jobs int
	// Told is called after each page, not at the same time as itself; nil: not.
	Told func(Page)
}

// DefaultMargin leaves room to turn, blur and bend a line.
const DefaultMargin = 40

// A Page says what became of one page with a truth.
type Page struct {
	Name         string // as in Source of its lines
	Truth, Pairs int    // lines of the truth; stretches bound to their picture
	Letters      int    // of the truth, but for lines with what nobody could read
	Bound        int    // of these letters, in pairs
	Unbound      int    // lines of the truth of which nothing is in a pair
	Err          error  // the page has no lines
}

// Folder returns all lines of the pages of dir whose truth is known, in the order of
// their names, and what became of each page. A truth is NAME.gt.txt, or ALTO or PAGE
// in NAME.xml, in dir or in its subfolder "pages"; NAME is that of an image in dir, or
// that of a document in dir and the page's number: NAME_07 is page 7 of NAME.pdf.
// Sealed pages are left out. A page that cannot be used is told and costs no other.
func Folder(ctx context.Context, dir string, o Options) ([]Line, []Page, error) {
	s, err := sealedFor(dir, o.Sealed)
	if err != nil {
		return nil, nil, fmt.Errorf("read the list of sealed names: %w", err)
	}
	if o.Cache != "" {
		if err := os.MkdirAll(o.Cache, 0o755); err != nil {
			return nil, nil, err
		}
	}
	truths, err := truthsOf(dir, s, o)
	if err != nil {
		return nil, nil, err
	}
	l := loader{o: o, dir: dir, pages: pages{cache: o.Cache}}
	for _, m := range o.Models {
		l.finders = append(l.finders, &Finder{Model: m, Cache: o.Cache})
	}
	if len(l.finders) == 0 {
		l.finders = []*Finder{{Cache: o.Cache}}
	}
	return l.all(ctx, truths)
}

// truthsOf are the files with a page's truth, by name of the page.
func truthsOf(dir string, s sealed, o Options) ([]string, error) {
	weak := map[string]bool{}
	var files []string
	for _, d := range []string{dir, filepath.Join(dir, "pages")} {
		raw, err := os.ReadFile(filepath.Join(d, "weak.txt"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, name := range strings.Fields(string(raw)) {
			weak[name] = o.WithoutWeak
		}
		found, err := os.ReadDir(d)
		if err != nil && (d == dir || !errors.Is(err, fs.ErrNotExist)) {
			return nil, err
		}
		for _, f := range found {
			name, ok := pageOf(f.Name())
			if plain, is := strings.CutSuffix(f.Name(), ".txt"); !ok && is && o.Plain && hasScan(d, plain) {
				name, ok = plain, true
			}
			if ok && !s.has(name) && !weak[name] {
				files = append(files, filepath.Join(d, f.Name()))
			}
		}
	}
	slices.Sort(files)
	if o.Plain {
		files = firstOfEach(files)
	}
	return files, nil
}

// Truths counts the files with a page's truth in dir, as Folder takes them.
func Truths(dir string, o Options) (int, error) {
	s, err := sealedFor(dir, o.Sealed)
	if err != nil {
		return 0, fmt.Errorf("read the list of sealed names: %w", err)
	}
	files, err := truthsOf(dir, s, o)
	return len(files), err
}

// firstOfEach leaves one truth of each page, in the order of truthEndings.
func firstOfEach(files []string) (out []string) {
	best := map[string]int{}
	rank := func(file string) (page string, at int) {
		for i, e := range truthEndings {
			if page, ok := strings.CutSuffix(file, e); ok {
				return page, i
			}
		}
		return file, len(truthEndings)
	}
	for _, f := range files {
		page, at := rank(f)
		if was, ok := best[page]; !ok || at < was {
			best[page] = at
		}
	}
	for _, f := range files {
		if page, at := rank(f); best[page] == at {
			out = append(out, f)
		}
	}
	return out
}

// hasScan reports whether there is an image of that name in dir.
func hasScan(dir, name string) bool {
	for _, e := range endings {
		for _, e := range []string{e, strings.ToUpper(e)} {
			if _, err := os.Stat(filepath.Join(dir, name+e)); err == nil {
				return true
			}
		}
	}
	return false
}

// truthEndings are those of files with a page's truth, the last of plain text.
var truthEndings = []string{".gt.txt", ".gt.xml", ".xml", ".txt"}

// pageOf is the name of the page that a truth's file is of.
func pageOf(file string) (name string, ok bool) {
	for _, ending := range truthEndings[:3] {
		if name, ok = strings.CutSuffix(file, ending); ok {
			return name, true
		}
	}
	return "", false
}

// loader reads pages and binds their lines.
type loader struct {
	o       Options
	dir     string
	finders []*Finder
	decode  sync.Mutex // of pages
	pages   pages
}

func (l *loader) all(ctx context.Context, truths []string) (out []Line, told []Page, err error) {
	of := make([][]Line, len(truths))
	told = make([]Page, len(truths))
	var mu sync.Mutex
	var wg sync.WaitGroup
	gate := make(chan struct{}, max(l.o.Jobs, 1))
	for i, t := range truths {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			of[i], told[i] = l.one(ctx, t)
			mu.Lock()
			defer mu.Unlock()
			if l.o.Told != nil {
				l.o.Told(told[i])
			}
		})
	}
	wg.Wait()
	return slices.Concat(of...), told, ctx.Err()
}

// one is the lines of one page.
func (l *loader) one(ctx context.Context, truth string) (out []Line, p Page) {
	name, ok := pageOf(filepath.Base(truth))
	if !ok {
		name = strings.TrimSuffix(filepath.Base(truth), ".txt")
	}
	p.Name = filepath.Base(l.dir) + "/" + name
	text, err := ReadTruth(truth)
	if err == nil {
		var page *image.Gray
		if page, err = l.image(ctx, name, filepath.Dir(truth)); err == nil {
			out, err = l.bind(ctx, page, text, &p)
		}
	}
	if err != nil {
		p.Err = fmt.Errorf("lines of %s: %w", p.Name, err)
	}
	return out, p
}

// bind reads a page by each model in turn and binds what it finds to its truth.
func (l *loader) bind(ctx context.Context, page *image.Gray, text []string, p *Page) (out []Line, err error) {
	g := pairing{truth: truthLines(text), given: map[[2]int]bool{}}
	p.Truth = len(g.truth)
	for _, t := range g.truth {
		if !t.unreadable() {
			p.Letters += len([]rune(strings.Join(t.words, " ")))
		}
	}
	margin := l.o.Margin
	if margin == 0 {
		margin = DefaultMargin
	}
	for _, f := range l.finders {
		found, err := f.Lines(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, pair := range g.of(found) {
			if !l.o.AsItStands {
				pair.Text = Fold(pair.Text)
			}
			p.Pairs++
			p.Bound += len([]rune(pair.Text))
			out = append(out, Line{Source: p.Name, Image: crop(page, pair.Box, margin), Margin: margin, Text: pair.Text})
		}
	}
	p.Unbound = g.unbound()
	return out, nil
}

// image is the picture of the page of that name.
func (l *loader) image(ctx context.Context, name, beside string) (*image.Gray, error) {
	file, index, err := l.scan(name, beside)
	if err != nil {
		return nil, err
	}
	l.decode.Lock()
	defer l.decode.Unlock()
	return l.pages.page(ctx, file, index)
}

// endings of scans, lower case; those of single pages first.
var endings = []string{".png", ".jpg", ".jpeg", ".jp2", ".tif", ".tiff", ".pdf"}

// scan is the file that a page is in, and its number there. It lies in the folder, or
// beside the truth.
func (l *loader) scan(name, beside string) (file string, index int, err error) {
	document, number := name, 1
	if at := pageNumber.FindStringIndex(name); at != nil {
		document = name[:at[0]]
		number, _ = strconv.Atoi(name[at[0]+1:])
	}
	for _, try := range []struct {
		name  string
		index int
	}{{name, 1}, {document, number}} {
		for _, e := range endings {
			for _, e := range []string{e, strings.ToUpper(e)} {
				for _, d := range []string{l.dir, beside} {
					f := filepath.Join(d, try.name+e)
					if _, err := os.Stat(f); err == nil {
						return f, try.index, nil
					}
				}
			}
		}
	}
	return "", 0, fmt.Errorf("no image %s and no document %s beside the truth: %w", name, document, fs.ErrNotExist)
}
