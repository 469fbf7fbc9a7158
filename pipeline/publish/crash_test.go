package publish_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/publish/publishtest"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/store"
)

// cut is a way to the store that breaks at the n-th request, before the store
// sees it or after, and kills the caller with it: what a crash at that instant
// leaves behind.
type cut struct {
	proxy *httputil.ReverseProxy
	left  atomic.Int64
	after bool // the store does what was asked; nobody hears of it
	kill  context.CancelFunc
}

func (c *cut) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	left := c.left.Add(-1)
	if left > 0 {
		c.proxy.ServeHTTP(w, r)
		return
	}
	if left == 0 && c.after {
		c.proxy.ServeHTTP(httptest.NewRecorder(), r)
	}
	c.kill()
	panic(http.ErrAbortHandler)
}

// through opens the store by way of c.
func (d desk) through(c *cut) *store.Client {
	d.t.Helper()
	c.proxy = httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: d.System.Endpoint})
	server := httptest.NewServer(c)
	d.t.Cleanup(server.Close)
	cfg := d.System
	cfg.Endpoint = server.Listener.Addr().String()
	client, err := store.Open(cfg)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(client.Close)
	return client
}

func TestCrashAtEveryRequest(t *testing.T) {
	d := newDesk(t)
	in := recordtest.Ferry(t)
	task := d.file(&in, 1)
	undisturbed := d.do(d.stage("tei"), task)
	want := d.objects(task.Locator)
	crashes := 0
	for n := 1; ; n++ {
		for _, after := range []bool{false, true} {
			name := fmt.Sprintf("records-%d-%v", n, after)
			if err := d.Client.EnsureBucket(t.Context(), name); err != nil {
				t.Fatal(err)
			}
			ctx, kill := context.WithCancel(t.Context())
			c := &cut{after: after, kill: kill}
			c.left.Store(int64(n))
			broken := d.through(c)
			_, err := publishtest.Publisher(broken.Bucket(archive.WorkBucket), broken.Bucket(name)).Do(ctx, task)
			kill()
			if err != nil {
				crashes++
			}
			d.Records = d.Client.Bucket(name)
			again, err2 := publishtest.Publisher(d.Work, d.Records).Do(t.Context(), task)
			if err2 != nil {
				t.Fatalf("after a crash at request %d: %v", n, err2)
			}
			if got := d.objects(task.Locator); !maps.Equal(got, want) {
				t.Fatalf("after a crash at request %d: %v, want %v", n, got, want)
			}
			if ids(again.Next) != ids(undisturbed.Next) {
				t.Fatalf("after a crash at request %d it announces %s", n, ids(again.Next))
			}
			if err == nil && c.left.Load() > 0 {
				t.Logf("%d crashes", crashes)
				if crashes < 20 {
					t.Errorf("only %d crashes", crashes)
				}
				return
			}
		}
	}
}
