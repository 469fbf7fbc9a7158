//go:build browser

package console

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"nightshift/pipeline/progress"
)

// This file comes last: after its test nothing is parked any more that could be
// replayed.

// TestTheTiredOperator goes from opening the console to three parked pages
// replayed and published, counting the steps.
func TestTheTiredOperator(t *testing.T) {
	s := open(t, nil)
	ctx := browser(t)
	begin := time.Now()
	do(t, ctx, look(1360, "light"), chromedp.Navigate(s.URL()))                                                                // opens the console
	do(t, ctx, chromedp.Click(chromedp.CSS(`.reasons a[href*="too-large"]`)))                                                  // 1: the reason
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".failures")), chromedp.Click(chromedp.CSS(`.group p a[href*="too-large"]`))) // 2: replay all of it …
	until(t, ctx, `document.body.textContent.includes("Nothing has been done yet")`)
	shot(t, ctx, "operator-dry-run")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action="/replay"] button`))) // 3: replay
	until(t, ctx, `location.pathname=="/failures"&&location.search.includes("asked=3")`)
	shot(t, ctx, "operator-asked")
	asked := time.Since(begin)
	if err := settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(s.URL()))
	until(t, ctx, `!document.querySelector('.reasons a[href*="too-large"]')`)
	t.Logf("4 steps: asked for again after %s; published and told on the open page after %s", asked.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond))
	standings, err := house.sys.Books().Standings(context.Background(), parkedBox)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range standings {
		if x.Standing != progress.Published {
			t.Errorf("%s is %s", x.Key, x.Standing)
		}
	}
	do(t, ctx, chromedp.Navigate(base(s)+"/acts"))
	if acts := eval[string](t, ctx, `document.querySelector("main").textContent`); strings.Count(acts, "asked for again") != 3 || !strings.Contains(acts, "tester@here") {
		t.Errorf("the acts say %q", acts)
	}
	shot(t, ctx, "operator-acts")
}
