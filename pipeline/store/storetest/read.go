package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// awkward are keys that must come back as they were put.
var awkward = []string{
	"plain.tif",
	"two words/box 3/folder 12/memo 021.tif",
	"plus+sign/a+b c.tif",
	"per%cent/100%25 %2F %zz.tif",
	"accents/Größe Ærø Łódź ñandú.pdf",
	"accents/e\u0301 apart, \u00e9 together.pdf",
	"scripts/備忘錄/Записка/μνημόνιο.txt",
	`quotes/'single' "double" ` + "`back`" + `.txt`,
	"marks/a&b=c;d,e:f@g!h$i(j)k[l]m{n}o~p^q|r#s?t<u>v*w.tif",
	`back\slash.tif`,
	"dots/..leading..dots...tif",
	" leading and trailing blank /  x  .tif",
	"emoji/📼.tif",
	strings.Repeat("n", 251) + ".tif",
	strings.Repeat("long folder name/", 55) + "page.tif",
}

func keys(t *testing.T, s suite) {
	for i, key := range awkward {
		data := []byte(fmt.Sprint("object ", i))
		if i%2 == 0 {
			s.put(t, key, data)
		} else if _, err := s.bucket.Upload(s.ctx, key, bytes.NewReader(data), int64(len(data)), "image/tiff"); err != nil {
			t.Fatalf("upload %q: %v", key, err)
		}
		s.expect(t, key, data)
		if info, err := s.bucket.Stat(s.ctx, key); err != nil || info.Key != key {
			t.Fatalf("stat %q: %+v, %v", key, info, err)
		}
	}
	got := s.listed(t, "")
	want := slices.Sorted(slices.Values(awkward))
	if !slices.Equal(got, want) {
		t.Fatalf("listed\n%q\nnot\n%q", got, want)
	}
}

func badKeys(t *testing.T, s suite) {
	for _, key := range []string{
		"", strings.Repeat("n", 256), strings.Repeat("abcdefghi/", 110) + "x", "not utf-8 \xff", "a zero \x00",
		"../outside", "a/../b", "./a", "a//b", "/a", "a/",
	} {
		for what, err := range map[string]error{
			"put":     second(s.bucket.PutNew(s.ctx, key, []byte("x"), "text/plain")),
			"replace": second(s.bucket.Replace(s.ctx, key, []byte("x"), "text/plain", "")),
			"upload":  second(s.bucket.Upload(s.ctx, key, strings.NewReader("x"), 1, "text/plain")),
		} {
			if !errors.Is(err, store.ErrBadKey) || store.IsDown(err) {
				t.Errorf("%s %q: %v", what, key, err)
			}
		}
	}
	s.put(t, "folder/file", []byte("x"))
	if _, err := s.bucket.Stat(s.ctx, "folder"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a folder counts as an object: %v", err) // intake tells by that what lies below a scan
	}
	// MinIO takes a key below an object and lists it nowhere (package intake leaves
	// a mark of such a scan); servers over files say it cannot be. The object itself
	// stays as it is and stays listed.
	_, err := s.bucket.PutNew(s.ctx, "folder/file/below", []byte("y"), "text/plain")
	if err == nil {
		s.expect(t, "folder/file/below", []byte("y"))
	} else if !errors.Is(err, store.ErrBadKey) {
		t.Errorf("below an object: %v", err)
	}
	s.expect(t, "folder/file", []byte("x"))
	got := slices.DeleteFunc(s.listed(t, ""), func(key string) bool { return err == nil && key == "folder/file/below" })
	if !slices.Equal(got, []string{"folder/file"}) {
		t.Errorf("there now: %q", got)
	}
}

func (s suite) listed(t *testing.T, prefix string) []string {
	t.Helper()
	var got []string
	for info, err := range s.bucket.List(s.ctx, prefix) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, info.Key)
	}
	return got
}

func list(t *testing.T, s suite) {
	// '-', '.' and blanks sort before '/', digits and letters after it.
	in := []string{"box-1/x", "box/1/a.tif", "box/1/b.tif", "box/2.tif", "box/10/c.tif", "box.txt", "box 2/y", "box0", "a"}
	for _, k := range in {
		s.put(t, k, []byte(k))
	}
	if got, want := s.listed(t, ""), slices.Sorted(slices.Values(in)); !slices.Equal(got, want) {
		t.Errorf("all: %q, not %q", got, want)
	}
	if got := s.listed(t, "box/1"); !slices.Equal(got, []string{"box/1/a.tif", "box/1/b.tif", "box/10/c.tif"}) {
		t.Errorf("box/1: %q", got)
	}
	folders, objects, err := s.bucket.ListFolder(s.ctx, "box/")
	if err != nil || !slices.Equal(folders, []string{"box/1/", "box/10/"}) || len(objects) != 1 || objects[0].Key != "box/2.tif" {
		t.Errorf("folder: %q, %+v, %v", folders, objects, err)
	}
	folders, objects, err = s.bucket.ListFolder(s.ctx, "")
	if err != nil || !slices.Equal(folders, []string{"box 2/", "box-1/", "box/"}) || len(objects) != 3 {
		t.Errorf("top: %q, %+v, %v", folders, objects, err)
	}
	if got := s.listed(t, "nothing/"); len(got) != 0 {
		t.Errorf("nothing: %q", got)
	}
	for _, err := range s.client.Bucket("there-is-no-such-bucket").List(s.ctx, "") {
		if !errors.Is(err, store.ErrNoBucket) {
			t.Errorf("no bucket: %v", err)
		}
	}
	for range s.bucket.List(s.ctx, "") {
		break // must not hang or leak a request
	}
}

func listMany(t *testing.T, s suite) {
	want := map[string]bool{}
	for i := range 1203 {
		want[fmt.Sprintf("f%d/%04d.json", i%7, i)] = true
	}
	all := slices.Sorted(maps.Keys(want))
	together(16, func(w int) {
		for i := w; i < len(all); i += 16 {
			if _, err := s.bucket.PutNew(s.ctx, all[i], []byte("x"), "text/plain"); err != nil {
				t.Error(err)
			}
		}
	})
	if got := s.listed(t, ""); !slices.Equal(got, all) {
		t.Fatalf("%d listed of %d, or out of order", len(got), len(all))
	}
}

func get(t *testing.T, s suite) {
	for _, err := range []error{second(s.bucket.Stat(s.ctx, "no")), third(s.bucket.Get(s.ctx, "no")), second(s.bucket.Open(s.ctx, "no", ""))} {
		if !errors.Is(err, store.ErrNotFound) || store.IsDown(err) || !strings.Contains(err.Error(), s.bucket.Name()+"/no") {
			t.Errorf("what is not there: %v", err)
		}
	}
	if _, _, err := s.client.Bucket("there-is-no-such-bucket").Get(s.ctx, "no"); !errors.Is(err, store.ErrNoBucket) {
		t.Errorf("no bucket: %v", err)
	}
	s.put(t, "ten", []byte("0123456789"))
	if _, _, err := s.bucket.GetLimit(s.ctx, "ten", 9); !errors.Is(err, store.ErrTooLarge) {
		t.Errorf("over the limit: %v", err)
	}
	if got, _, err := s.bucket.GetLimit(s.ctx, "ten", 10); err != nil || len(got) != 10 {
		t.Errorf("at the limit: %q, %v", got, err)
	}
}

func readPieces(t *testing.T, s suite) {
	for _, size := range []int{0, 1, 64<<10 - 1, 64 << 10, 1<<20 + 13} {
		data, key := noise(size), fmt.Sprint("scan-", size)
		s.put(t, key, data)
		o, err := s.bucket.Open(s.ctx, key, "")
		if err != nil {
			t.Fatal(err)
		}
		if o.Size() != int64(size) {
			t.Fatalf("size %d, not %d", o.Size(), size)
		}
		if err := iotest.TestReader(io.NewSectionReader(o, 0, o.Size()), data); err != nil {
			t.Fatal(err)
		}
		together(8, func(int) {
			for range 20 {
				off := rand.IntN(size + 1)
				p := make([]byte, rand.IntN(200_000))
				n, err := o.ReadAt(p, int64(off))
				if want := min(len(p), size-off); n != want || !bytes.Equal(p[:n], data[off:off+n]) || (n < len(p)) != (err == io.EOF) {
					t.Errorf("%d bytes at %d of %d: %d, %v", len(p), off, size, n, err)
				}
			}
		})
		if d, err := o.Digest(s.ctx); err != nil || d != archive.DigestOf(data) {
			t.Fatalf("digest %s, %v", d, err)
		}
		o.Close()
		if _, err := o.ReadAt(make([]byte, 1), 0); err == nil || err == io.EOF {
			t.Fatalf("read after close: %v", err)
		}
	}
}

func movedObject(t *testing.T, s suite) {
	first, err := s.bucket.Replace(s.ctx, "scan", noise(1<<20), "image/tiff", "")
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.bucket.Open(s.ctx, "scan", first)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if _, err := o.ReadAt(make([]byte, 10), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := s.bucket.Replace(s.ctx, "scan", noise(1<<20), "image/tiff", first); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ReadAt(make([]byte, 10), 900_000); !errors.Is(err, store.ErrChanged) || store.IsDown(err) {
		t.Errorf("read of a moved object: %v", err)
	}
	if _, err := o.Digest(s.ctx); !errors.Is(err, store.ErrChanged) {
		t.Errorf("digest of a moved object: %v", err)
	}
	if _, err := s.bucket.Open(s.ctx, "scan", first); !errors.Is(err, store.ErrChanged) {
		t.Errorf("open at the old tag: %v", err)
	}
}

func jsonObjects(t *testing.T, s suite) {
	in := map[string]string{"a": "ä", "b": "\f"}
	for _, key := range []string{"x.json", "x.json.zst"} {
		for range 2 {
			if _, err := s.bucket.PutJSON(s.ctx, key, in); err != nil {
				t.Fatal(err)
			}
		}
		var out map[string]string
		if err := s.bucket.GetJSON(s.ctx, key, &out); err != nil || !maps.Equal(in, out) {
			t.Fatalf("%s: %v, %v", key, out, err)
		}
	}
}

// newerObjects are left alone: a program that does not know their form must
// neither read them as what they are not nor call them damaged.
func newerObjects(t *testing.T, s suite) {
	for _, key := range []string{"x.json", "x.json.zst"} {
		raw, err := s.bucket.PutJSON(s.ctx, key, struct {
			Version int      `json:"version"`
			Pages   []string `json:"pages"`
		}{2, []string{"in another form"}})
		if err != nil {
			t.Fatal(err)
		}
		var out struct {
			Pages int `json:"pages"`
		}
		for _, err := range []error{s.bucket.GetJSON(s.ctx, key, &out), store.Decode(key, raw, &out)} {
			if !errors.Is(err, store.ErrNewer) || store.IsDown(err) || errors.Is(err, store.ErrFixity) {
				t.Errorf("%s of version 2: %v", key, err)
			}
		}
	}
}

func denied(t *testing.T, s suite) {
	s.put(t, "a", []byte("x"))
	cfg := s.cfg
	cfg.SecretKey += "x"
	stranger, b := s.as(t, cfg)
	for _, err := range []error{third(b.Get(s.ctx, "a")), second(b.PutNew(s.ctx, "b", nil, "")), second(b.Stat(s.ctx, "a"))} {
		if !errors.Is(err, store.ErrDenied) || store.IsDown(err) {
			t.Errorf("with a wrong secret: %v", err)
		}
	}
	if err := stranger.Ping(s.ctx); err != nil {
		t.Errorf("a store that denies is there: %v", err)
	}
}

func cancelled(t *testing.T, s suite) {
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	for _, err := range []error{third(s.bucket.Get(ctx, "a")), second(s.bucket.PutNew(ctx, "a", nil, "")), second(s.bucket.Stat(ctx, "a"))} {
		if !errors.Is(err, context.Canceled) || store.IsDown(err) {
			t.Errorf("cancelled: %v", err)
		}
	}
	var last error
	for _, err := range s.bucket.List(ctx, "") {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled listing: %v", last)
	}
}

// putByOthers: an object without our digest, as a scanner puts it, is read as
// it is and compared by its bytes.
func putByOthers(t *testing.T, s suite) {
	scan := noise(5000)
	if err := s.plainPut("box/by scanner+1.tif", scan); err != nil {
		t.Fatal(err)
	}
	info := s.expect(t, "box/by scanner+1.tif", scan)
	if info.SHA256 != "" || info.Size != 5000 {
		t.Fatalf("info %+v", info)
	}
	o, err := s.bucket.Open(s.ctx, "box/by scanner+1.tif", info.ETag)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if d, err := o.Digest(s.ctx); err != nil || d != archive.DigestOf(scan) {
		t.Fatalf("digest %s, %v", d, err)
	}
	if created, err := s.bucket.PutNew(s.ctx, "box/by scanner+1.tif", scan, "image/tiff"); created || err != nil {
		t.Fatalf("the same bytes: created %v, %v", created, err)
	}
	if _, err := s.bucket.PutNew(s.ctx, "box/by scanner+1.tif", noise(5000), "image/tiff"); !errors.Is(err, store.ErrConflict) {
		t.Fatalf("other bytes of that length: %v", err)
	}
}

// plainPut puts as any S3 client would.
func (s suite) plainPut(key string, data []byte) error {
	api, err := minio.New(s.cfg.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(s.cfg.AccessKey, s.cfg.SecretKey, "")})
	if err != nil {
		return err
	}
	_, err = api.PutObject(s.ctx, s.bucket.Name(), key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{})
	return err
}
