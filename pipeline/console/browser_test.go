//go:build browser

package console

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"nightshift/pipeline"
)

// before puts a box of 5,000 pages in as if it had been worked on, and drops the
// store's notices of it.
func before(ctx context.Context) error {
	if err := large(ctx); err != nil {
		return err
	}
	stream, err := house.sys.JS.Stream(ctx, pipeline.StreamScans)
	if err != nil {
		return err
	}
	return stream.Purge(ctx)
}

// more puts in what the browser looks at: the sample box.
func more(ctx context.Context, samples string) error { return put(ctx, samples, "Samples") }

// browser starts a Chromium of its own, without a window, that knows nothing
// of any other. What a page's own policy refuses, and what its scripts throw,
// fails the test.
func browser(t testing.TB) context.Context {
	t.Helper()
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("a script threw: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Source == "security" || strings.Contains(e.Entry.Text, "Content Security Policy") {
				t.Errorf("%s: %s", e.Entry.URL, e.Entry.Text)
			}
		}
	}))
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel() })
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// do runs steps or ends the test.
func do(t testing.TB, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval is the value of an expression in the page; a promise is waited for.
func eval[T any](t testing.TB, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits until an expression is true, over loadings of the page.
func until(t testing.TB, ctx context.Context, expression string) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		one, cancel := context.WithTimeout(ctx, 5*time.Second)
		is, err := chromedp.Run(one, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise))
		cancel()
		if err == nil && is {
			return
		}
		if time.Now().After(end) || ctx.Err() != nil {
			t.Fatalf("%s was never so: %v", expression, err)
		}
	}
}

// look sets width and colours of the window.
func look(width int64, scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
}

// shot keeps a picture of the page where NIGHTSHIFT_SHOTS names a folder.
func shot(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("NIGHTSHIFT_SHOTS")
	if dir == "" {
		return
	}
	until(t, ctx, `document.readyState=="complete"&&document.documentElement.offsetWidth>0`) // a page on its way has no size yet
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// finding is one of axe's.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// axe runs the accessibility checker over the page; serious findings fail.
func axe(t testing.TB, ctx context.Context, what string) {
	t.Helper()
	file := os.Getenv("NIGHTSHIFT_AXE")
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("NIGHTSHIFT_AXE names axe.min.js; make test-browser fetches it: %v", err)
	}
	eval[any](t, ctx, string(script)+"\n;null")
	raw := eval[string](t, ctx, `axe.run(document,{resultTypes:["violations"]}).then(r=>JSON.stringify(r.violations))`)
	var found []finding
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		text := fmt.Sprintf("%s: %s %s: %s", what, f.Impact, f.ID, f.Help)
		for _, n := range f.Nodes[:min(3, len(f.Nodes))] {
			text += "\n\t" + n.HTML + "\n\t" + strings.ReplaceAll(n.FailureSummary, "\n", " ")
		}
		if f.Impact == "serious" || f.Impact == "critical" {
			t.Error(text)
		} else {
			t.Log(text)
		}
	}
}

// keepShots tells whether pictures are asked for.
func keepShots() bool { return os.Getenv("NIGHTSHIFT_SHOTS") != "" }

// scripts lets the scripts of pages run or not.
func scripts(run bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run})
		return err
	})
}

// drag is one event of files that are dragged over the window, as the desktop
// sends it.
func drag(kind string, at []float64, files ...string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.DispatchDragEvent, input.DispatchDragEventParams{Type: input.DispatchDragEventType(kind), X: at[0], Y: at[1],
			Data: &input.DragData{Items: []*input.DragDataItem{}, Files: files, DragOperationsMask: 1}})
		return err
	})
}
