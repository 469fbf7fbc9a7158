//go:build browser

package console

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/publish/publishtest"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/search"
)

// ferry publishes a memo with one correction in doubt, through the publisher
// that runs, and returns where it is.
func ferry(t *testing.T) archive.Locator {
	t.Helper()
	in := recordtest.Ferry(t)
	task := publishtest.Desk{Work: house.sys.Work, Records: house.sys.Records}.File(t, &in, 1)
	if err := runner.Publish(t.Context(), house.sys.JS, task); err != nil {
		t.Fatal(err)
	}
	if err := settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return task.Locator
}

func version(t *testing.T, l archive.Locator) int {
	t.Helper()
	v, err := publish.Version(t.Context(), house.sys.Records, l, 0)
	if err != nil {
		t.Fatal(err)
	}
	return v.Number
}

// TestReviewByKeyboard: from the queue to a decision that is published, with
// keys alone.
func TestReviewByKeyboard(t *testing.T) {
	l := ferry(t)
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+"/review"))
	link := `a[href="/review/` + string(l.ID()) + `"]`
	until(t, ctx, `!!document.querySelector('`+link+`')`)
	axe(t, ctx, "review")
	shot(t, ctx, "review-light-wide")
	do(t, ctx, chromedp.Focus(chromedp.CSS(link)), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `location.pathname.startsWith("/review/")&&document.activeElement.matches("[data-doubt]")`)
	axe(t, ctx, "doubts")
	shot(t, ctx, "doubts-light-wide")
	do(t, ctx, chromedp.KeyEvent("a"))
	until(t, ctx, `document.querySelector(".told").textContent.startsWith("accepted")`)
	shot(t, ctx, "doubts-decided")
	waitFor(t, "a second version", func() bool { return version(t, l) == 2 })
	do(t, ctx, chromedp.Navigate(base(s)+itemAt(string(l))))
	until(t, ctx, `[...document.querySelectorAll("#made .last")].some(e=>e.textContent.includes("accepted by tester@here"))`)
	if text := eval[string](t, ctx, `document.querySelector(".versions").textContent`); !strings.Contains(text, "changed since version 1") {
		t.Errorf("the versions say %q", text)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#made summary")))
	axe(t, ctx, "item after review")
	shot(t, ctx, "item-reviewed")
}

// TestTwoReviewersOnOneCorrection: the second one is told, and nothing is lost.
func TestTwoReviewersOnOneCorrection(t *testing.T) {
	l := ferry(t)
	s := open(t, nil)
	first, second := browser(t), browser(t)
	for _, ctx := range []context.Context{first, second} {
		do(t, ctx, chromedp.Navigate(base(s)+"/review/"+string(l.ID())))
		until(t, ctx, `document.activeElement.matches("[data-doubt]")`)
	}
	do(t, first, chromedp.KeyEvent("r"))
	until(t, first, `document.querySelector(".told").textContent.startsWith("rejected")`)
	do(t, second, chromedp.KeyEvent("a"))
	until(t, second, `document.querySelector(".told").textContent.includes("rejected this correction")`)
	shot(t, second, "doubts-conflict")
	n := 0
	for _, err := range house.sys.Work.List(t.Context(), archive.ReviewsPrefix(l.ID())) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d decisions are stored", n)
	}
}

// TestFilesArePutInFromTheBrowser, and the open night shows their box.
func TestFilesArePutInFromTheBrowser(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for _, name := range []string{"one.txt", "two.txt", "three & <b>.txt"} {
		file := filepath.Join(dir, name)
		if err := write(file, []byte("A memo called "+name+"\n")); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+"/upload"))
	axe(t, ctx, "upload")
	shot(t, ctx, "upload-light-wide")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("[name=box]"), "From a browser/Box 1"), chromedp.SetUploadFiles(chromedp.CSS("[name=files]"), files))
	until(t, ctx, `document.querySelector("#sent").textContent.startsWith("3 put in, 0 to go; all")`)
	shot(t, ctx, "upload-done")
	if err := settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(s.URL()))
	until(t, ctx, `[...document.querySelectorAll("tbody th")].some(e=>e.textContent.includes("From a browser"))`)
	do(t, ctx, chromedp.Navigate(base(s)+"/upload"), chromedp.SendKeys(chromedp.CSS("[name=box]"), "From a browser/Box 1"),
		chromedp.SetUploadFiles(chromedp.CSS("[name=files]"), files[:1]))
	until(t, ctx, `document.querySelector("#sent").textContent.startsWith("1 put in, 0 to go; all")`) // there already: no fault
}

// TestSearchLeadsToThePage that holds what was looked for.
func TestSearchLeadsToThePage(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	waitFor(t, "the index", func() bool {
		r, _, err := s.finder.find(t.Context(), search.Query{Words: "ratified"})
		return err == nil && r.Total > 0
	})
	do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+"/search"), chromedp.SendKeys(chromedp.CSS("[name=q]"), "ratified"+kb.Enter))
	until(t, ctx, `location.search.includes("ratified")&&!!document.querySelector(".hits mark")`)
	axe(t, ctx, "search")
	shot(t, ctx, "search-light-wide")
	do(t, ctx, look(420, "dark"), chromedp.Sleep(200*time.Millisecond))
	axe(t, ctx, "search dark narrow")
	shot(t, ctx, "search-dark-narrow")
	do(t, ctx, look(1360, "light"), chromedp.Click(chromedp.CSS(".hits .name")))
	until(t, ctx, `location.pathname.startsWith("/items/")&&document.querySelector("#text").textContent.toLowerCase().includes("ratif")`)
}
