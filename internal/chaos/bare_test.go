//go:build chaos

package chaos

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
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
// processors, and returns what that took: the least that the run could have
// taken. Reading them first is not counted, a thousand at a time.
func againstBare(t *testing.T, from *night.System) spent {
	t.Helper()
	b := bareLoop{t: t, servers: newRig(t, "none")}
	b.servers.open(func(to *night.System) {
		for old, now := range map[*store.Bucket]*store.Bucket{from.Scans: to.Scans, from.Work: to.Work, from.Records: to.Records} {
			b.putAgain(old, now)
		}
		for _, name := range []string{pipeline.StreamScans, pipeline.StreamWork, pipeline.StreamLedger, pipeline.StreamRecords, pipeline.StreamFailed} {
			b.publishAgain(from.JS, to.JS, name)
		}
	})
	return b.took
}

// bareLoop does again what it is given and adds up what that took, in this
// process and in that of its servers.
type bareLoop struct {
	t       *testing.T
	servers *rig
	took    spent
}

// do does n things, as many at once as there are processors.
func (b *bareLoop) do(n int, one func(i int) error) {
	b.t.Helper()
	before := processorHere(b.t) + processorOf(b.t, b.servers.servers)
	begin := time.Now()
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())
	for i := range n {
		g.Go(func() error { return one(i) })
	}
	if err := g.Wait(); err != nil {
		b.t.Fatal(err)
	}
	b.took.wall += time.Since(begin)
	b.took.processor += processorHere(b.t) + processorOf(b.t, b.servers.servers) - before
}

const atATime = 1000

func (b *bareLoop) putAgain(from, to *store.Bucket) {
	b.t.Helper()
	type object struct {
		key, kind string
		data      []byte
	}
	var batch []object
	flush := func() {
		b.do(len(batch), func(i int) error {
			_, err := to.PutNew(background, batch[i].key, batch[i].data, batch[i].kind)
			return err
		})
		batch = batch[:0]
	}
	for info, err := range from.List(background, "") {
		if err != nil {
			b.t.Fatal(err)
		}
		data, full, err := from.Get(background, info.Key)
		if err != nil {
			b.t.Fatal(err)
		}
		if batch = append(batch, object{info.Key, full.ContentType, data}); len(batch) == atATime {
			flush()
		}
	}
	flush()
}

func (b *bareLoop) publishAgain(from, to jetstream.JetStream, name string) {
	b.t.Helper()
	s, err := from.Stream(background, name)
	if err != nil {
		b.t.Fatal(err)
	}
	var batch []*nats.Msg
	flush := func() {
		b.do(len(batch), func(i int) error { _, err := to.PublishMsg(background, batch[i]); return err })
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
}

// spent is what a piece of work took; processor time is that of all processes
// that had a part in it, and holds whatever else the machine does.
type spent struct{ wall, processor time.Duration }

func (s spent) String() string {
	return fmt.Sprintf("%s, %s of processor", s.wall.Round(time.Millisecond), s.processor.Round(time.Millisecond))
}

// ended is the processor time of a program that ended, and of its children.
func ended(p *started) time.Duration {
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

// processorOf is the processor time of a program that runs, without children.
func processorOf(t *testing.T, p *started) time.Duration {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	var user, system int64
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * time.Second / 100 // USER_HZ, the same on every Linux
}

// processorHere is that of this process.
func processorHere(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
