package intake_test

import (
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/store"
)

// twoPages is a TIFF of two directories far behind its head.
func twoPages() string {
	b := make([]byte, 600_000)
	copy(b, "II*\x00")
	directory := func(at, next uint32) {
		binary.LittleEndian.PutUint16(b[at:], 2)
		for i, tag := range []uint16{256, 257} { // width, length
			e := b[at+2+uint32(12*i):]
			binary.LittleEndian.PutUint16(e, tag)
			binary.LittleEndian.PutUint16(e[2:], 3)
			binary.LittleEndian.PutUint32(e[4:], 1)
			binary.LittleEndian.PutUint16(e[8:], 8)
		}
		binary.LittleEndian.PutUint32(b[at+26:], next)
	}
	binary.LittleEndian.PutUint32(b[4:], 550_000)
	directory(550_000, 590_000)
	directory(590_000, 0)
	return string(b)
}

// Whichever request of intake's the store answers with an error of its own, the
// verdict on a scan is that of a store in good health, or there is none yet.
func TestIntakeJudgesNothingByAStoreInTrouble(t *testing.T) {
	h := newHouse(t, 0)
	h.put("box/two.tif", twoPages())
	h.tell("box/two.tif")
	sound := h.scan("box/two.tif")
	if !sound.Multi || sound.Verdict != archive.Taken {
		t.Fatalf("undisturbed: %+v", sound)
	}
	for at := int64(1); ; at++ {
		h := newHouse(t, 0)
		h.put("box/two.tif", twoPages())
		buckets, hit := troubled(t, h, at)
		in := intake.New(intake.Options{Buckets: buckets, MaxBytes: 1 << 20})
		notice := pipeline.ScanNotice{Raw: intake.Sweep{Bucket: h.books.Scans.Name(), Keys: []string{"box/two.tif"}}.Notice()}
		_, err := in.Do(h.ctx, notice)
		if !hit.Load() {
			if err != nil || at < 5 {
				t.Errorf("%d requests: %v", at-1, err)
			}
			break
		}
		if !pipeline.IsUnavailable(err) {
			t.Errorf("request %d answered 500: %v", at, err)
		}
		if _, err := in.Do(h.ctx, notice); err != nil {
			t.Errorf("again after request %d was answered 500: %v", at, err)
		}
		if s := h.scan("box/two.tif"); s.Multi != sound.Multi || s.Verdict != sound.Verdict || s.SHA256 != sound.SHA256 {
			t.Errorf("request %d answered 500: the verdict is %+v", at, s)
		}
	}
}

func (h *house) scan(key string) archive.Scan {
	h.t.Helper()
	info, err := h.books.Scans.Stat(h.ctx, key)
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := intake.LoadScan(h.ctx, h.books.Work, archive.ScanID(key, info.ETag))
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// troubled is the house's buckets through a store whose at-th answer is 500; hit
// tells whether there were so many.
func troubled(t *testing.T, h *house, at int64) (intake.Buckets, *atomic.Bool) {
	t.Helper()
	cfg, n, hit := storeAt, atomic.Int64{}, &atomic.Bool{}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: cfg.Endpoint})
		r.Out.Host = r.In.Host
		r.Out.Header["User-Agent"] = r.In.Header["User-Agent"]
	}}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == at {
			hit.Store(true)
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	through := cfg
	through.Endpoint, through.Tries = strings.TrimPrefix(proxy.URL, "http://"), 1
	c, err := store.Open(through)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return intake.Buckets{Scans: c.Bucket(h.books.Scans.Name()), Work: c.Bucket(h.books.Work.Name())}, hit
}
