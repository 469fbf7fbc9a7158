//go:build browser

package console

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	memcon     = "Samples/Lake Conference 1955/memcon-lake-convention.tif"
	ratified   = "Samples/Légation Karsova 1957 + post/memcon-ratification.txt"
	cutShort   = "Samples/Légation Karsova 1957 + post/note-verbale-cut-short.tif"
	largeItem  = largeBox + "/ledger"
	sampleName = "Samples/Lake Conference 1955"
)

func base(s *Server) string { return strings.TrimSuffix(s.URL(), "/") }

// TestEveryPageIsAccessible runs the checker over every page in light and dark,
// wide and narrow, and keeps pictures where they are asked for.
func TestEveryPageIsAccessible(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	pages := map[string]string{
		"night": "/", "box": "/box?name=" + query("", "name", sampleName)[len("?name="):], "failures": "/failures", "reason": "/failures?reason=scan-missing",
		"failure": "/failures/1", "replay": "/replay?reason=too-large", "report": "/report", "acts": "/acts",
		"item": itemAt(memcon), "text": itemAt(ratified), "parked": itemAt(parkedBox + "/dues"), "hostile": itemAt(hostileBox + "/" + hostileName),
		"large": itemAt(largeItem) + "?page=2500", "error": "/nowhere",
	}
	for name, path := range pages {
		for _, scheme := range []string{"light", "dark"} {
			for width, size := range map[int64]string{1360: "wide", 420: "narrow"} {
				if os := scheme + size; name != "item" && os != "lightwide" && os != "darknarrow" && !keepShots() {
					continue // each colour and each width once; all four only to look at
				}
				do(t, ctx, look(width, scheme), chromedp.Navigate(base(s)+path))
				axe(t, ctx, name+" "+scheme+" "+size)
				if over := eval[int](t, ctx, "document.documentElement.scrollWidth-innerWidth"); over > 0 {
					t.Errorf("%s is %d pixels wider than its window of %d", name, over, width)
				}
				shot(t, ctx, name+"-"+scheme+"-"+size)
			}
		}
	}
}

func TestSignInPageIsAccessibleAndSignsIn(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	ctx := browser(t)
	do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+"/failures"))
	axe(t, ctx, "sign-in")
	shot(t, ctx, "sign-in")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("[name=name]"), "viewer"), chromedp.SendKeys(chromedp.CSS("[name=password]"), "no such one"+kb.Enter))
	until(t, ctx, `!!document.querySelector("[role=alert]")`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("[name=password]"), "viewer has a long one"+kb.Enter))
	until(t, ctx, `location.pathname=="/failures"`)
	if who := eval[string](t, ctx, `document.querySelector(".me").textContent`); !strings.Contains(who, "viewer") {
		t.Errorf("signed in as %q", who)
	}
}

// TestAttackStringsAreOnlyShown: names and text that are markup run nothing.
func TestAttackStringsAreOnlyShown(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	for _, path := range []string{"/", "/box?name=" + query("", "name", hostileBox)[len("?name="):], itemAt(hostileBox + "/" + hostileName), "/report", "/failures?box=%3Cscript%3Ealert(1)%3C/script%3E"} {
		do(t, ctx, chromedp.Navigate(base(s)+path), chromedp.Sleep(300*time.Millisecond))
		if title := eval[string](t, ctx, "document.title"); title == "taken" || !strings.Contains(title, "Nightshift") {
			t.Errorf("%s: the title is %q", path, title)
		}
		if n := eval[int](t, ctx, `document.querySelectorAll("script:not([src]),img[src=x],[onerror],[style]").length`); n > 0 {
			t.Errorf("%s: %d elements of the attacker", path, n)
		}
	}
	text := eval[string](t, ctx, `fetch("`+itemAt(hostileBox+"/"+hostileName)+`").then(r=>r.text()).then(x=>new DOMParser().parseFromString(x,"text/html").querySelector("#text").textContent)`)
	for _, want := range []string{"<script>document.title='taken'</script>", "alert(1)", "⟨U+202E⟩"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text does not show %q", want)
		}
	}
}

// TestImageAndTextLightEachOtherUp: hovering a word marks it on the image and
// the other way round; keys zoom; a correction tells its evidence.
func TestImageAndTextLightEachOtherUp(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+itemAt(memcon)), chromedp.WaitVisible(chromedp.CSS("#image")))
	until(t, ctx, `(async()=>(await fetch(document.querySelector("#image image").getAttribute("href"))).ok)()`)
	hover := func(sel string) {
		eval[any](t, ctx, `document.querySelector('`+sel+`').scrollIntoView({block:"center"});null`)
		p := eval[[]float64](t, ctx, `(()=>{const r=document.querySelector('`+sel+`').getBoundingClientRect();return[r.x+r.width/2,r.y+r.height/2]})()`)
		do(t, ctx, chromedp.MouseEvent("mouseMoved", p[0], p[1]))
	}
	hover(`#text .w[data-w="12"]`)
	until(t, ctx, `document.querySelector('.words rect[data-w="12"]').classList.contains("on")`)
	hover(`.words rect[data-w="20"]`)
	until(t, ctx, `document.querySelector('#text .w[data-w="20"]').classList.contains("on")&&!document.querySelector('.words rect[data-w="12"]').classList.contains("on")`)
	before := eval[string](t, ctx, `document.querySelector("#image").getAttribute("viewBox")`)
	do(t, ctx, chromedp.Focus(chromedp.CSS(".view")), chromedp.KeyEvent("+"))
	if now := eval[string](t, ctx, `document.querySelector("#image").getAttribute("viewBox")`); now == before {
		t.Error("the key + does not zoom")
	}
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("0"))
	if now := eval[string](t, ctx, `document.querySelector("#image").getAttribute("viewBox")`); now != before {
		t.Errorf("the key 0 shows %q, not %q", now, before)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("h1")), chromedp.KeyEvent("n"))
	until(t, ctx, `location.search.includes("page=2")`)
	do(t, ctx, chromedp.Navigate(base(s)+itemAt(ratified)))
	hover(`#text .c:not(.q)`)
	until(t, ctx, `!document.querySelector("#pop").hidden&&document.querySelector("#pop").textContent.includes("confidence")`)
	shot(t, ctx, "item-evidence")
}

func TestNotesAreLinkedToTheirMarks(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+itemAt(ratified)), chromedp.Click(chromedp.CSS(`.mark a`)))
	until(t, ctx, `location.hash.startsWith("#n")&&!!document.querySelector("li:target")`)
	do(t, ctx, chromedp.Click(chromedp.CSS(`li:target a`)))
	until(t, ctx, `location.hash.startsWith("#m")&&!!document.querySelector(".mark a:target")`)
}

// TestWithoutScriptsEverythingCanBeRead loads a page whose scripts do not run.
func TestWithoutScriptsEverythingCanBeRead(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, look(1360, "light"), scripts(false), chromedp.Navigate(base(s)+itemAt(ratified)), scripts(true))
	if !eval[bool](t, ctx, `document.querySelector(".key").hidden`) {
		t.Error("the scripts have run")
	}
	text := eval[string](t, ctx, `document.querySelector("main").innerText`)
	for _, want := range []string{"Ratification of the Lake Convention", "Mr. Walter G. Ainsley", "No record of the conversation", "corrections made on this page"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q cannot be read without scripts", want)
		}
	}
	shot(t, ctx, "without-scripts")
}

// TestALargeBoxIsPagedAndFast: no page shows a table of everything.
func TestALargeBoxIsPagedAndFast(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	for _, path := range []string{"/", "/box?name=" + query("", "name", largeBox)[len("?name="):], "/failures", itemAt(largeItem) + "?page=4321"} {
		do(t, ctx, look(1360, "light"), chromedp.Navigate(base(s)+path)) // the reading is on the shelf after the first
		do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(base(s)+path))
		size := eval[int](t, ctx, `performance.getEntriesByType("navigation")[0].decodedBodySize`)
		until(t, ctx, `performance.getEntriesByName("first-contentful-paint").length>0`)
		paint := eval[float64](t, ctx, `performance.getEntriesByName("first-contentful-paint")[0].startTime`)
		elements := eval[int](t, ctx, `document.querySelectorAll("*").length`)
		t.Logf("%-60s %6d bytes, %5d elements, first paint after %.0f ms", path, size, elements, paint)
		if size > 250<<10 || elements > 5000 {
			t.Errorf("%s: %d bytes, %d elements", path, size, elements)
		}
	}
	if text := eval[string](t, ctx, `document.querySelector("#text").textContent`); !strings.Contains(text, "Page 4321 of the ledger") {
		t.Error("another page is shown")
	}
}

// TestARestartUnderAnOpenPageIsTold, and a form sent after it does nothing.
func TestARestartUnderAnOpenPageIsTold(t *testing.T) {
	first := open2(t, "127.0.0.1:0")
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(first.server.URL()+"replay?reason=scan-missing"))
	addr := first.server.listener.Addr().String()
	do(t, ctx, chromedp.Navigate(first.server.URL()))
	until(t, ctx, `document.querySelector("#live").textContent=="live"`)
	first.stop(t)
	until(t, ctx, `document.querySelector("#live").textContent.includes("no connection")`)
	second := open2(t, addr)
	defer second.stop(t)
	until(t, ctx, `document.querySelector("#live").textContent.includes("started anew")`)
}

// TestPageKeepsUpToDate: an open page shows what happens without being loaded
// again.
func TestPageKeepsUpToDate(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(s.URL()))
	until(t, ctx, `document.querySelector("#live").textContent=="live"`)
	eval[any](t, ctx, `window.here=true;null`)
	dir := t.TempDir()
	if err := write(dir+"/late.txt", []byte("A note that came late.\n")); err != nil {
		t.Fatal(err)
	}
	if err := put(context.Background(), dir, "Late arrivals"); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, `window.here&&[...document.querySelectorAll("tbody th")].some(e=>e.textContent.includes("Late arrivals"))`)
}

// running is a console that a test stops itself.
type running struct {
	server *Server
	cancel context.CancelFunc
	done   chan error
}

// open2 starts a console on the address.
func open2(t testing.TB, addr string) *running {
	t.Helper()
	s, err := Listen(addr, options())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{s, cancel, make(chan error, 1)}
	go func() { r.done <- s.Serve(ctx) }()
	return r
}

func (r *running) stop(t testing.TB) {
	t.Helper()
	r.cancel()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}
