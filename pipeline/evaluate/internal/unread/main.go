// Command unread says of the words on pages with a truth whether they were read, and
// why not: a letter wrong, glued to others, misread in a line that was found, or in no
// line at all. Whether layout or letters are worth work is told by that.
//
//	go run ./pipeline/evaluate/internal/unread [-v] [-only FILE] [-without FILE] TRUTH_DIR TEXT_DIR
//
// TRUTH_DIR has NAME.gt.txt, TEXT_DIR the NAME.txt that readdir wrote. -only takes the
// documents a file names, one a line, and -without leaves them out; of pages NAME_01 the
// document is NAME. -v prints the pages, the worst first.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	verbose := flag.Bool("v", false, "print the pages")
	only := flag.String("only", "", "file that names the documents to count")
	without := flag.String("without", "", "file that names documents to leave out")
	flag.Parse()
	if err := run(flag.Args(), *only, *without, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "unread:", err)
		os.Exit(1)
	}
}

type page struct {
	name string
	fate
}

func run(args []string, only, without string, verbose bool) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: unread [-v] [-only FILE] [-without FILE] TRUTH_DIR TEXT_DIR")
	}
	in, err := named(only)
	if err != nil {
		return err
	}
	out, err := named(without)
	if err != nil {
		return err
	}
	truths, err := filepath.Glob(filepath.Join(args[0], "*.gt.txt"))
	if err != nil {
		return err
	}
	var all fate
	var pages []page
	for _, t := range truths {
		name := strings.TrimSuffix(filepath.Base(t), ".gt.txt")
		doc := pageNumber.ReplaceAllString(name, "")
		if only != "" && !in[doc] || out[doc] {
			continue
		}
		truth, err := os.ReadFile(t)
		if err != nil {
			return err
		}
		read, err := os.ReadFile(filepath.Join(args[1], name+".txt"))
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		f := split(string(truth), string(read))
		all.add(f)
		pages = append(pages, page{name, f})
	}
	if verbose {
		slices.SortStableFunc(pages, func(a, b page) int { return b.NoLine*max(a.Words, 1) - a.NoLine*max(b.Words, 1) })
		for _, p := range pages {
			fmt.Println(p.name, p.fate)
		}
	}
	fmt.Printf("%d pages: %s\n", len(pages), all)
	return nil
}

var pageNumber = regexp.MustCompile(`_\d+$`)

// named are the last parts of the paths in a file, one a line; # begins a remark.
func named(file string) (map[string]bool, error) {
	names := map[string]bool{}
	if file == "" {
		return names, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for l := range strings.Lines(string(b)) {
		if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
			names[filepath.Base(l)] = true
		}
	}
	return names, nil
}

func (f fate) String() string {
	of := func(n int) float64 { return float64(n) / float64(max(f.Words, 1)) }
	return fmt.Sprintf("%d words: exact %.4f, near %.4f, glued %.4f, lost in a line %.4f, in no line %.4f",
		f.Words, of(f.Exact), of(f.Near), of(f.Glued), of(f.Lost), of(f.NoLine))
}
