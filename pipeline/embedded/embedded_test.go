package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline/embedded"
	"nightshift/pipeline/store"
)

// start starts a pair; one runs at a time, as in a program.
func start(t *testing.T, o embedded.Options) (*embedded.System, *store.Client) {
	t.Helper()
	sys, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	client, err := store.Open(sys.Store())
	if err != nil {
		t.Fatal(err)
	}
	return sys, client
}

// What was acknowledged is there after a stop and a start, under the same keys.
func TestRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "data")
	sys, client := start(t, embedded.Options{Dir: dir})
	url, keys := sys.NATSURL(), sys.Store().SecretKey
	if err := client.EnsureBucket(t.Context(), "scans"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Bucket("scans").PutNew(t.Context(), "box/a b+ö%.txt", []byte("words"), "text/plain"); err != nil {
		t.Fatal(err)
	}
	nc, err := sys.Conn()
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s.>"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(t.Context(), "s.1", []byte("message")); err != nil {
		t.Fatal(err)
	}
	nc.Close()
	client.Close()
	if err := sys.Close(); err != nil {
		t.Fatal(err)
	}

	sys, client = start(t, embedded.Options{Dir: dir})
	defer sys.Close()
	if sys.Store().SecretKey != keys || !strings.HasPrefix(sys.NATSURL(), url[:strings.Index(url, "@")]) {
		t.Error("the keys changed")
	}
	if raw, _, err := client.Bucket("scans").Get(t.Context(), "box/a b+ö%.txt"); err != nil || string(raw) != "words" {
		t.Errorf("read %q, %v", raw, err)
	}
	// From outside, as another process of the same user.
	out, err := nats.Connect(sys.NATSURL())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if js, err = jetstream.New(out); err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), "S")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := stream.GetMsg(t.Context(), 1); err != nil || string(m.Data) != "message" {
		t.Errorf("message %v, %v", m, err)
	}
	// Without the token nobody gets in.
	if bare, err := nats.Connect("nats://" + sys.NATSURL()[strings.Index(sys.NATSURL(), "@")+1:]); err == nil {
		bare.Close()
		t.Error("a connection without the token was let in")
	}
	if st, err := os.Stat(filepath.Join(dir, "keys.json")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("keys.json: %v, %v", st.Mode(), err)
	}
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	sys, client := start(t, embedded.Options{Dir: dir})
	defer sys.Close()
	defer client.Close()
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir})
	if !errors.Is(err, embedded.ErrInUse) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("a second start on the directory: %v", err)
	}
}

// A port that is taken is told before anything else runs, and the directory is
// free again.
func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	for _, o := range []embedded.Options{{Dir: dir, NATSAddr: l.Addr().String()}, {Dir: dir, S3Addr: l.Addr().String()}} {
		if _, err := embedded.Start(t.Context(), o); !errors.Is(err, embedded.ErrAddress) || !strings.Contains(err.Error(), l.Addr().String()) {
			t.Errorf("start on a port that is taken: %v", err)
		}
	}
	sys, client := start(t, embedded.Options{Dir: dir})
	client.Close()
	if err := sys.Close(); err != nil {
		t.Error(err)
	}
}

// Put is called once for each put, in the order of the acknowledgements, and
// the connection stays usable whatever the object: after one without bytes the
// server once took what it had not read for the next request.
func TestPuts(t *testing.T) {
	var got []string
	sys, client := start(t, embedded.Options{Dir: t.TempDir(), Put: func(bucket, key string) { got = append(got, bucket+"/"+key) }})
	defer sys.Close()
	defer client.Close()
	var said bytes.Buffer
	log.SetOutput(&said) // where net/http tells of answers that nobody asked for
	defer log.SetOutput(os.Stderr)
	if err := client.EnsureBucket(t.Context(), "scans"); err != nil {
		t.Fatal(err)
	}
	scans := client.Bucket("scans")
	var want []string
	for i := range 40 {
		key := fmt.Sprintf("box/%02d", i)
		if _, err := scans.PutNew(t.Context(), key, make([]byte, i%2*i), "text/plain"); err != nil {
			t.Fatal(err)
		}
		want = append(want, "scans/"+key)
	}
	if _, err := scans.PutNew(t.Context(), "box/00", []byte("others"), "text/plain"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a put where something is: %v", err)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("told of %v", got)
	}
	if said.Len() > 0 {
		t.Errorf("said %s", said.String())
	}
}

// A start that is cancelled, or cannot be, leaves the directory free.
func TestBadDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := embedded.Start(ctx, embedded.Options{Dir: filepath.Join(file, "data")}); err == nil {
		t.Error("started below a file")
	}
}
