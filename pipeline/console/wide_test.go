//go:build browser

package console

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTheKeyForAnotherText: in the queue of corrections e puts the cursor into
// the text, and Enter publishes what was typed.
func TestTheKeyForAnotherText(t *testing.T) {
	l := ferry(t)
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(base(s)+"/review/"+string(l.ID())))
	until(t, ctx, `document.activeElement.matches("[data-doubt]")`)
	was := version(t, l)
	do(t, ctx, chromedp.KeyEvent("e"))
	until(t, ctx, `document.activeElement.name=="instead"`)
	eval[any](t, ctx, `document.activeElement.select();null`)
	do(t, ctx, chromedp.KeyEvent("ferry-house"+kb.Enter))
	until(t, ctx, `document.querySelector(".told").textContent.startsWith("edited")`)
	waitFor(t, "a version with it", func() bool { return version(t, l) == was+1 })
	do(t, ctx, chromedp.Navigate(base(s)+itemAt(string(l))))
	until(t, ctx, `document.querySelector("#text").textContent.includes("ferry-house")`)
}

// TestAFieldIsSetFromTheItemsPage, by keyboard.
func TestAFieldIsSetFromTheItemsPage(t *testing.T) {
	l := ferry(t)
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+itemAt(string(l))), chromedp.Click(chromedp.CSS(".fieldset summary")))
	field := `.fieldset form:has([value=place]) [name=value]`
	eval[any](t, ctx, `document.querySelector('`+field+`').select();null`)
	axe(t, ctx, "fields")
	shot(t, ctx, "item-fields")
	do(t, ctx, chromedp.Focus(chromedp.CSS(field)), chromedp.KeyEvent("On the lake"+kb.Enter))
	until(t, ctx, `document.querySelector("#h-docs")&&document.body.textContent.includes("set by tester@here")`)
	waitFor(t, "the version with it", func() bool {
		r, err := s.load(t.Context(), l.ID(), 0)
		if err != nil || len(r.Records) == 0 {
			return false
		}
		v, err := r.Records[0].Field("place")
		return err == nil && v == "On the lake"
	})
}

// TestPagesAtTwiceTheSize: at 200% a window of 1280 pixels has room for 640, and
// nothing is cut off or needs scrolling sideways.
func TestPagesAtTwiceTheSize(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, chromedp.EmulateViewport(640, 450, chromedp.EmulateScale(2)))
	for name, path := range map[string]string{"night": "/", "failures": "/failures", "failure": "/failures/1", "item": itemAt(memcon), "review": "/review", "upload": "/upload", "report": "/report", "search": "/search"} {
		do(t, ctx, chromedp.Navigate(base(s)+path))
		if over := eval[int](t, ctx, "document.documentElement.scrollWidth-innerWidth"); over > 0 {
			t.Errorf("%s is %d pixels wider than its window", name, over)
		}
		cut := eval[string](t, ctx, `[...document.querySelectorAll("main button,main a.button,nav a,h1,h2")].filter(e=>e.offsetParent&&!e.closest(".scroll")&&(e.getBoundingClientRect().right>innerWidth+1||e.getBoundingClientRect().left<-1)).map(e=>e.textContent.trim().slice(0,40)).join("; ")`)
		if cut != "" {
			t.Errorf("%s: cut off at twice the size: %s", name, cut)
		}
		shot(t, ctx, "twice-"+name)
	}
}

// TestAFolderIsPutInAndDropped: a chosen folder keeps its names below it, and so
// does one that is dropped on the page.
func TestAFolderIsPutInAndDropped(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folder 7")
	for _, name := range []string{"a.txt", "inner/b.txt", "inner/deep/c.txt"} {
		if err := write(filepath.Join(dir, name), []byte("A memo of the folder, "+name+"\n")); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(base(s)+"/upload"), chromedp.SendKeys(chromedp.CSS("[name=box]"), "Folders"), chromedp.SetUploadFiles(chromedp.CSS("[name=folder]"), []string{dir}))
	until(t, ctx, `document.querySelector("#sent").textContent.startsWith("3 put in, 0 to go; all")`)
	wants := func(keys ...string) {
		t.Helper()
		for _, key := range keys {
			if _, err := house.sys.Scans.Stat(t.Context(), key); err != nil {
				t.Errorf("%s: %v", key, err)
			}
		}
	}
	wants("Folders/folder 7/a.txt", "Folders/folder 7/inner/b.txt", "Folders/folder 7/inner/deep/c.txt")
	do(t, ctx, chromedp.Navigate(base(s)+"/upload"), chromedp.SendKeys(chromedp.CSS("[name=box]"), "Dropped"))
	at := eval[[]float64](t, ctx, `(()=>{const r=document.querySelector("#drop").getBoundingClientRect();return[r.x+r.width/2,r.y+r.height/2]})()`)
	for _, kind := range []string{"dragEnter", "dragOver", "drop"} {
		do(t, ctx, drag(kind, at, dir))
	}
	until(t, ctx, `document.querySelector("#sent").textContent.startsWith("3 put in, 0 to go; all")`)
	wants("Dropped/folder 7/a.txt", "Dropped/folder 7/inner/deep/c.txt")
	if err := settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}
