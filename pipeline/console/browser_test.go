//go:build browser

package console

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser starts a Chromium of its own, without a window, that knows nothing
// of any other.
func browser(t testing.TB) context.Context {
	t.Helper()
	opts := append([]chromedp.ExecAllocatorOption{}, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel() })
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// look sets width and colours of the window.
func look(width int64, scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
}

// TestScreenshots writes a picture of every page named in the environment.
func TestScreenshots(t *testing.T) {
	base, dir := os.Getenv("NIGHTSHIFT_SHOTS_URL"), os.Getenv("NIGHTSHIFT_SHOTS")
	if base == "" {
		t.Skip()
	}
	ctx := browser(t)
	for i, p := range strings.Split(os.Getenv("NIGHTSHIFT_SHOTS_PATHS"), " ") {
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int64{1360, 420} {
				if err := chromedp.Do(ctx, look(width, scheme), chromedp.Navigate(base+p), chromedp.Sleep(700*time.Millisecond)); err != nil {
					t.Fatal(p, err)
				}
				png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				if err != nil {
					t.Fatal(p, err)
				}
				os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d-%s-%d.png", i, scheme, width)), png, 0o644)
			}
		}
	}
}
