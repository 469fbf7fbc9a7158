//go:build chaos

package chaos

import (
	"runtime"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/store"
)

// againstBare takes every object and every message that a run left, puts and
// publishes them again on servers of their own, as many at once as there are
// processors, and returns how long that took: the least that the run could have
// taken. Reading them first is not counted, a thousand at a time.
func againstBare(t *testing.T, from *night.System) (took time.Duration) {
	t.Helper()
	rig := newRig(t, "none")
	rig.open(func(to *night.System) {
		for old, now := range map[*store.Bucket]*store.Bucket{from.Scans: to.Scans, from.Work: to.Work, from.Records: to.Records} {
			took += putAgain(t, old, now)
		}
		for _, name := range []string{pipeline.StreamScans, pipeline.StreamWork, pipeline.StreamLedger, pipeline.StreamRecords, pipeline.StreamFailed} {
			took += publishAgain(t, from.JS, to.JS, name)
		}
	})
	return took
}

const atATime = 1000

func putAgain(t *testing.T, from, to *store.Bucket) (took time.Duration) {
	t.Helper()
	type object struct {
		key, kind string
		data      []byte
	}
	var batch []object
	flush := func() {
		begin := time.Now()
		var g errgroup.Group
		g.SetLimit(runtime.NumCPU())
		for _, o := range batch {
			g.Go(func() error { _, err := to.PutNew(background, o.key, o.data, o.kind); return err })
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		took += time.Since(begin)
		batch = batch[:0]
	}
	for info, err := range from.List(background, "") {
		if err != nil {
			t.Fatal(err)
		}
		data, full, err := from.Get(background, info.Key)
		if err != nil {
			t.Fatal(err)
		}
		if batch = append(batch, object{info.Key, full.ContentType, data}); len(batch) == atATime {
			flush()
		}
	}
	flush()
	return took
}

func publishAgain(t *testing.T, from, to jetstream.JetStream, name string) (took time.Duration) {
	t.Helper()
	s, err := from.Stream(background, name)
	if err != nil {
		t.Fatal(err)
	}
	var batch []*nats.Msg
	flush := func() {
		begin := time.Now()
		var g errgroup.Group
		g.SetLimit(runtime.NumCPU())
		for _, m := range batch {
			g.Go(func() error { _, err := to.PublishMsg(background, m); return err })
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		took += time.Since(begin)
		batch = batch[:0]
	}
	for seq := s.CachedInfo().State.FirstSeq; seq <= s.CachedInfo().State.LastSeq; seq++ {
		msg, err := s.GetMsg(background, seq)
		if err != nil {
			continue // taken out since
		}
		if batch = append(batch, &nats.Msg{Subject: msg.Subject, Data: msg.Data, Header: msg.Header}); len(batch) == atATime {
			flush()
		}
	}
	flush()
	return took
}
