package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

func ping(t *testing.T, s suite) {
	if err := s.client.Ping(s.ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.client.EnsureBucket(s.ctx, s.bucket.Name()); err != nil {
		t.Fatalf("a bucket that is there: %v", err)
	}
	if err := s.client.CheckBucket(s.ctx, s.bucket.Name()); err != nil {
		t.Fatalf("look for a bucket that is there: %v", err)
	}
	if err := s.client.CheckBucket(s.ctx, "there-is-no-such-bucket"); !errors.Is(err, store.ErrNoBucket) || store.IsDown(err) {
		t.Fatalf("look for one that is not: %v", err)
	}
}

func putOnce(t *testing.T, s suite) {
	s.put(t, "a", []byte("one"))
	if created, err := s.bucket.PutNew(s.ctx, "a", []byte("one"), "text/plain"); created || err != nil {
		t.Fatalf("the same again: created %v, %v", created, err)
	}
	created, err := s.bucket.PutNew(s.ctx, "a", []byte("two"), "text/plain")
	if created || !errors.Is(err, store.ErrConflict) || store.IsDown(err) {
		t.Fatalf("something else: created %v, %v", created, err)
	}
	info := s.expect(t, "a", []byte("one"))
	if info.SHA256 != archive.DigestOf([]byte("one")) || info.Size != 3 || info.ETag == "" || info.LastModified.IsZero() {
		t.Fatalf("info %+v", info)
	}
	s.put(t, "empty", nil)
	s.expect(t, "empty", nil)
}

func putOnceRace(t *testing.T, s suite) {
	for round := range 5 {
		key := fmt.Sprintf("race/%d", round)
		var created, conflicts atomic.Int32
		together(50, func(i int) {
			ok, err := s.bucket.PutNew(s.ctx, key, []byte(fmt.Sprint("writer ", i)), "text/plain")
			switch {
			case ok && err == nil:
				created.Add(1)
			case errors.Is(err, store.ErrConflict):
				conflicts.Add(1)
			default:
				t.Errorf("writer %d: created %v, %v", i, ok, err)
			}
		})
		if created.Load() != 1 || conflicts.Load() != 49 {
			t.Fatalf("round %d: %d created, %d conflicts", round, created.Load(), conflicts.Load())
		}
		same := []byte("all say the same")
		created.Store(0)
		together(50, func(i int) {
			ok, err := s.bucket.PutNew(s.ctx, key+"-same", same, "text/plain")
			if err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
			if ok {
				created.Add(1)
			}
		})
		if created.Load() != 1 {
			t.Fatalf("round %d: %d created the same", round, created.Load())
		}
	}
}

// together runs n calls that start as nearly at once as can be.
func together(n int, f func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-start
			f(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

func replace(t *testing.T, s suite) {
	first, err := s.bucket.Replace(s.ctx, "current", []byte("1"), "text/plain", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.bucket.Replace(s.ctx, "current", []byte("x"), "text/plain", ""); !errors.Is(err, store.ErrChanged) {
		t.Fatalf("where something is: %v", err)
	}
	second, err := s.bucket.Replace(s.ctx, "current", []byte("2"), "text/plain", first)
	if err != nil || second == first {
		t.Fatalf("tag %q after %q: %v", second, first, err)
	}
	if _, err := s.bucket.Replace(s.ctx, "current", []byte("x"), "text/plain", first); !errors.Is(err, store.ErrChanged) {
		t.Fatalf("with an old tag: %v", err)
	}
	if again, err := s.bucket.Replace(s.ctx, "current", []byte("2"), "text/plain", first); err != nil || again != second {
		t.Fatalf("what is there already: %q, %v", again, err)
	}
	if info := s.expect(t, "current", []byte("2")); info.ETag != second {
		t.Fatalf("tag %q, not %q", info.ETag, second)
	}
	if _, err := s.bucket.Replace(s.ctx, "nothing", []byte("x"), "text/plain", first); !errors.Is(err, store.ErrChanged) {
		t.Fatalf("where nothing is: %v", err)
	}
}

func replaceRace(t *testing.T, s suite) {
	etag := ""
	for round := range 10 {
		var mu sync.Mutex
		var winners []string
		together(20, func(i int) {
			tag, err := s.bucket.Replace(s.ctx, "current", []byte(fmt.Sprint(round, "/", i)), "text/plain", etag)
			if err == nil {
				mu.Lock()
				winners = append(winners, tag)
				mu.Unlock()
			} else if !errors.Is(err, store.ErrChanged) {
				t.Errorf("writer %d: %v", i, err)
			}
		})
		if len(winners) != 1 {
			t.Fatalf("round %d: %d winners", round, len(winners))
		}
		etag = winners[0]
	}
}

func upload(t *testing.T, s suite) {
	data := noise(100_000)
	info, err := s.bucket.Upload(s.ctx, "scan.tif", bytes.NewReader(data), int64(len(data)), "image/tiff")
	if err != nil {
		t.Fatal(err)
	}
	there := s.expect(t, "scan.tif", data)
	if info.ETag != there.ETag || info.SHA256 != archive.DigestOf(data) || there.SHA256 != info.SHA256 {
		t.Fatalf("uploaded %+v, there %+v", info, there)
	}
	checkUploads(t, s, "scan.tif", data)
	if _, err := s.bucket.Upload(s.ctx, "empty.txt", bytes.NewReader(nil), 0, "text/plain"); err != nil {
		t.Fatalf("no bytes: %v", err)
	}
}

func uploadParts(t *testing.T, s suite) {
	data := noise(11<<20 + 17)
	if _, err := s.bucket.Upload(s.ctx, "box 1/größe.pdf", bytes.NewReader(data), int64(len(data)), "application/pdf"); err != nil {
		t.Fatal(err)
	}
	info := s.expect(t, "box 1/größe.pdf", data)
	if info.SHA256 != archive.DigestOf(data) || info.ContentType != "application/pdf" {
		t.Fatalf("info %+v", info)
	}
	checkUploads(t, s, "box 1/größe.pdf", data)
}

// checkUploads uploads over what is there: the same, other bytes, and other
// bytes on purpose.
func checkUploads(t *testing.T, s suite, key string, data []byte) {
	t.Helper()
	size := int64(len(data))
	if _, err := s.bucket.Upload(s.ctx, key, bytes.NewReader(data), size, "image/tiff"); err != nil {
		t.Fatalf("the same again: %v", err)
	}
	other := bytes.Clone(data)
	other[size/2] ^= 1
	if _, err := s.bucket.Upload(s.ctx, key, bytes.NewReader(other), size, "image/tiff"); !errors.Is(err, store.ErrConflict) {
		t.Fatalf("other bytes: %v", err)
	}
	s.expect(t, key, data)
	if _, err := s.bucket.Upload(s.ctx, key, bytes.NewReader(other), size, "image/tiff", store.Overwrite()); err != nil {
		t.Fatalf("other bytes on purpose: %v", err)
	}
	s.expect(t, key, other)
}

func uploadRace(t *testing.T, s suite) {
	var created, conflicts atomic.Int32
	together(6, func(i int) {
		data := noise(6 << 20)
		_, err := s.bucket.Upload(s.ctx, "big", bytes.NewReader(data), int64(len(data)), "image/tiff")
		switch {
		case err == nil:
			created.Add(1)
		case errors.Is(err, store.ErrConflict):
			conflicts.Add(1)
		default:
			t.Errorf("writer %d: %v", i, err)
		}
	})
	if created.Load() != 1 || conflicts.Load() != 5 {
		t.Fatalf("%d created, %d conflicts", created.Load(), conflicts.Load())
	}
}

// shifting is a source whose bytes differ from reading to reading.
type shifting struct {
	size  int64
	reads atomic.Int64
}

func (z *shifting) ReadAt(p []byte, off int64) (int, error) {
	if off >= z.size {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.size-off)
	mark := byte(z.reads.Add(1))
	for i := range p[:n] {
		p[i] = mark
	}
	return int(n), nil
}

func changingSource(t *testing.T, s suite) {
	for _, size := range []int64{1 << 10, 6 << 20} {
		_, err := s.bucket.Upload(s.ctx, "moving", &shifting{size: size}, size, "image/tiff")
		if !errors.Is(err, store.ErrFixity) || store.IsDown(err) {
			t.Errorf("%d bytes that change: %v", size, err)
		}
	}
	for _, stated := range []int64{9, 11} {
		_, err := s.bucket.Upload(s.ctx, "moving", bytes.NewReader(make([]byte, 10)), stated, "image/tiff")
		if !errors.Is(err, store.ErrFixity) {
			t.Errorf("10 bytes stated as %d: %v", stated, err)
		}
	}
	if _, err := s.bucket.Stat(s.ctx, "moving"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("left behind: %v", err)
	}
}
