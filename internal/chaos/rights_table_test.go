//go:build minio

package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
)

var updateRights = flag.Bool("update-rights", false, "write docs/rights.md from what was tried")

// holders are those who have keys, as columns of the tables.
var holders = []string{"ocr-worker", "structurer", "publisher", "operator", "scanner", "reader", "admin"}

// right is one thing to try, and who may do it.
type right struct {
	verb, on string
	may      string // holders, with blanks between
}

const rightsPage = "../../docs/rights.md"

// table is what was tried, as a page shows it.
func table(rows []right, columns []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| | on | %s |\n| --- | --- |%s\n", strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)))
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | `%s` |", r.verb, r.on)
		for _, c := range columns {
			if slices.Contains(strings.Fields(r.may), c) {
				b.WriteString(" yes |")
			} else {
				b.WriteString(" |")
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// natsTable is every verb on every subject. What is published where it is let
// through is no message of a known form; see permitted.
func natsTable() []right {
	var rows []right
	add := func(verb, on, may string) { rows = append(rows, right{verb, on, may}) }
	for _, p := range []struct{ on, may string }{
		{"scans.events", "ocr-worker operator"},
		{"work.plan.x", "ocr-worker operator"}, {"work.ocr.x", "ocr-worker operator"},
		{"work.structure.x", "ocr-worker structurer operator"}, {"work.publish.x", "structurer publisher operator"},
		{"waiting.plan.x", "ocr-worker"}, {"waiting.ocr.x", "ocr-worker operator"}, {"waiting.structure.x", ""}, {"waiting.publish.x", ""},
		{"aside.structure.x", "structurer admin"}, {"aside.publish.x", "publisher admin"},
		{"failed.intake.x", "ocr-worker"}, {"failed.plan.x", "ocr-worker"}, {"failed.ocr.x", "ocr-worker"},
		{"failed.structure.x", "structurer"}, {"failed.publish.x", "publisher"},
		{"ledger.x", ""}, {"ledger.intake.x", "ocr-worker"}, {"ledger.plan.x", "ocr-worker"}, {"ledger.ocr.x", "ocr-worker"},
		{"ledger.sweep.none", "ocr-worker"}, {"ledger.retold.x", "ocr-worker"}, {"ledger.structure.x", "structurer"},
		{"ledger.publish.x", "publisher"}, {"ledger.people.x", "operator"},
		{"records.c.memo", "publisher"}, {"log.x.1", "ocr-worker structurer publisher operator"},
	} {
		add("publish", p.on, p.may)
	}
	for stage, may := range stageHolder {
		stream := pipeline.StreamWork
		if stage == pipeline.StageIntake {
			stream = pipeline.StreamScans
		}
		add("take work", "$JS.API.CONSUMER.MSG.NEXT."+stream+"."+stage, may+" admin")
		add("acknowledge", "$JS.ACK."+stream+"."+stage+".1.1.1.1.1", may)
		add("note tries", "$KV.TRIES."+stream+"."+stage+".1", may)
		add("pause", "$JS.API.CONSUMER.PAUSE."+stream+"."+stage, "operator admin")
		add("make or change the consumer", "$JS.API.CONSUMER.CREATE."+stream+"."+stage, "admin")
		add("delete the consumer", "$JS.API.CONSUMER.DELETE."+stream+"."+stage, "admin")
	}
	for _, stream := range runner.Streams() {
		deletes, takes := "admin", ""
		switch stream {
		case pipeline.StreamWaiting:
			takes = "ocr-worker"
		case pipeline.StreamWaitingStructure:
			takes = "structurer"
		case pipeline.StreamWaitingPublish:
			takes = "publisher"
		case pipeline.StreamFailed:
			deletes = ""
		}
		add("delete a message", "$JS.API.STREAM.MSG.DELETE."+stream, deletes+" "+takes)
		add("purge", "$JS.API.STREAM.PURGE."+stream, deletes)
		add("delete the stream", "$JS.API.STREAM.DELETE."+stream, deletes)
		add("change the stream", "$JS.API.STREAM.UPDATE."+stream, "admin")
		add("make the stream", "$JS.API.STREAM.CREATE."+stream, "admin")
	}
	for name, may := range map[string]string{"reader": "reader admin", "another-system": "admin"} {
		add("make or change the consumer", "$JS.API.CONSUMER.CREATE.RECORDS."+name, may)
		add("make or change the consumer", "$JS.API.CONSUMER.CREATE.RECORDS."+name+".records.c.memo", may)
		add("make or change the consumer", "$JS.API.CONSUMER.DURABLE.CREATE.RECORDS."+name, may)
		add("delete the consumer", "$JS.API.CONSUMER.DELETE.RECORDS."+name, may)
		add("take records", "$JS.API.CONSUMER.MSG.NEXT.RECORDS."+name, may)
		add("acknowledge", "$JS.ACK.RECORDS."+name+".1.1.1.1.1", strings.TrimSuffix(may, "admin"))
	}
	for _, stream := range []string{"FAILED", "LEDGER", "LOG"} {
		add("make or change a consumer", "$JS.API.CONSUMER.CREATE."+stream+".own", "operator admin")
	}
	slices.SortStableFunc(rows, func(a, b right) int { return strings.Compare(a.verb+" "+a.on, b.verb+" "+b.on) })
	return rows
}

// stageHolder is whose key a stage has.
var stageHolder = map[string]string{
	pipeline.StageIntake: "ocr-worker", pipeline.StagePlan: "ocr-worker", pipeline.StageOCR: "ocr-worker",
	pipeline.StageStructure: "structurer", pipeline.StagePublish: "publisher",
}

// TestKeysAndVerbs tries every verb on every subject and bucket with every key.
func TestKeysAndVerbs(t *testing.T) {
	s := newSecureSite(t)
	t.Run("store", s.storeRights)
	t.Run("NATS", s.natsRights)
}

// natsRights: nobody speaks for another stage, takes another's work, or
// touches what is parked.
func (s *site) natsRights(t *testing.T) {
	rows := natsTable()
	columns := slices.DeleteFunc(slices.Clone(holders), func(h string) bool { return h == "scanner" }) // it has no key for NATS
	for _, h := range columns {
		nc := s.connect(h).NC
		for _, r := range rows {
			if got, want := permitted(t, nc, r.on), slices.Contains(strings.Fields(r.may), h); got != want {
				t.Errorf("%s, %s %s: permitted %v", h, r.verb, r.on, got)
			}
		}
		for _, subject := range []string{"ledger.>", "work.>", "aside.>", "waiting.>", "records.>", "failed.>", "log.>", "scans.>", "$JS.>", "$KV.>", "_INBOX.>", "_INBOX_*.>", ">"} {
			if err := subscribed(nc, subject); err == nil {
				t.Errorf("%s may listen to %s", h, subject)
			}
		}
	}
	s.page(t, "NATS", table(rows, columns))
	t.Run("another system's consumer", s.anothersConsumer)
	t.Run("another's task", s.anothersTask)
	t.Run("another's word", s.anothersWord)
}

// anothersConsumer: what the publisher and a reader could do to another
// system's place in RECORDS.
func (s *site) anothersConsumer(t *testing.T) {
	ctx, cancel := context.WithTimeout(background, 30*time.Second)
	defer cancel()
	admin := s.connect("admin").JS
	if _, err := admin.CreateOrUpdateConsumer(ctx, pipeline.StreamRecords, jetstream.ConsumerConfig{Durable: "another-system", AckPolicy: jetstream.AckExplicitPolicy}); err != nil {
		t.Fatal(err)
	}
	for _, h := range []string{"publisher", "structurer", "ocr-worker", "operator", "reader"} {
		short, stop := context.WithTimeout(ctx, time.Second)
		if err := s.connect(h).JS.DeleteConsumer(short, pipeline.StreamRecords, "another-system"); err == nil {
			t.Errorf("%s deleted it", h)
		}
		stop()
	}
	if _, err := admin.Consumer(ctx, pipeline.StreamRecords, "another-system"); err != nil {
		t.Error(err)
	}
	if _, err := s.connect("publisher").JS.Publish(ctx, "records.c.memo", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	c, err := s.connect("reader").JS.CreateOrUpdateConsumer(ctx, pipeline.StreamRecords, jetstream.ConsumerConfig{Durable: "reader", AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatalf("a reader cannot read the records: %v", err)
	}
	batch, err := c.Fetch(1, jetstream.FetchMaxWait(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for m := range batch.Messages() {
		if err := m.DoubleAck(ctx); err != nil {
			t.Error(err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("a reader got %d records: %v", n, batch.Error())
	}
}

// anothersTask: a task that waits in another's room stays there.
func (s *site) anothersTask(t *testing.T) {
	ctx, cancel := context.WithTimeout(background, 30*time.Second)
	defer cancel()
	for own, room := range map[string]string{"ocr-worker": "waiting.plan.x", "structurer": "aside.structure.x", "publisher": "aside.publish.x"} {
		ack, err := s.connect(own).JS.PublishMsg(ctx, nats.NewMsg(room))
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []string{"ocr-worker", "structurer", "publisher", "operator", "reader"} {
			if h == own {
				continue
			}
			raw, err := json.Marshal(map[string]any{"seq": ack.Sequence, "no_erase": true})
			if err != nil {
				t.Fatal(err)
			}
			if resp, err := s.connect(h).NC.Request("$JS.API.STREAM.MSG.DELETE."+ack.Stream, raw, time.Second); err == nil {
				t.Errorf("%s deleted what waits for %s: %s", h, own, resp.Data)
			}
		}
		st, err := s.connect(own).JS.Stream(ctx, ack.Stream)
		if err == nil {
			_, err = st.GetMsg(ctx, ack.Sequence)
		}
		if err == nil {
			err = st.DeleteMsg(ctx, ack.Sequence)
		}
		if err != nil {
			t.Errorf("%s and its own: %v", own, err)
		}
	}
}

// anothersWord: what a stage's key tells of a person, or of another stage, is in
// no history.
func (s *site) anothersWord(t *testing.T) {
	ctx, cancel := context.WithTimeout(background, time.Minute)
	defer cancel()
	const item = "ianothersword"
	for _, e := range []archive.Event{
		{Version: 1, Kind: archive.Reviewed, Item: item, Who: "anna@desk"},
		{Version: 1, Kind: archive.Paused, Stage: pipeline.StageOCR, Item: item, Who: "anna@desk"},
		{Version: 1, Kind: archive.Published, Stage: pipeline.StagePublish, Item: item},
	} {
		short, stop := context.WithTimeout(ctx, time.Second)
		if err := runner.Append(short, s.connect("structurer").JS, e); err == nil {
			t.Errorf("the structurer tells of %s", e.Kind)
		}
		stop()
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.connect("structurer").JS.Publish(ctx, "ledger.structure."+item, raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := runner.Append(ctx, s.connect("structurer").JS, archive.Event{Kind: archive.Structured, Stage: pipeline.StageStructure, Item: item}); err != nil {
		t.Fatal(err)
	}
	var kinds []archive.EventKind
	for e, err := range runner.History(ctx, s.connect("operator").JS, item) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, []archive.EventKind{archive.Structured}) {
		t.Errorf("the history says %q", kinds)
	}
}

// storeTable is who may put where; x stands for what differs.
func storeTable() []right {
	var rows []right
	for _, p := range []struct{ on, may string }{
		{"scans/try/", "operator scanner"}, {"records/try/", "publisher"},
		{"work/scans/", "ocr-worker"}, {"work/digests/x/", "ocr-worker"}, {"work/below/", "ocr-worker"}, {"work/untaken/", "ocr-worker"}, {"work/reader/x/", "ocr-worker"},
		{"work/items/ix/inputs/", "ocr-worker"}, {"work/items/ix/pages/x-0001/", "ocr-worker"},
		{"work/items/ix/x/settled/", "ocr-worker"}, {"work/items/ix/x/settlements/", "ocr-worker"},
		{"work/items/ix/x/structure/", "structurer"},
		{"work/reviews/ix/", "operator"}, {"work/turns/", "operator"}, {"work/replaced/", "operator"}, {"work/left-out/x/", "operator"}, {"work/reports/x/", "operator"},
		{"work/publishing/", "publisher"}, {"work/access/x/", "publisher operator"}, {"work/elsewhere/", ""},
	} {
		rows = append(rows, right{"put", p.on, p.may})
	}
	return rows
}

// storeRights: nobody deletes a scan or a version of one, or sees to it that
// versions are kept no more; and nobody writes where others do.
func (s *site) storeRights(t *testing.T) {
	ctx := background
	columns := holders
	const key = "kept/page.tif"
	root := s.minio.Client()
	first, err := root.PutObject(ctx, "scans", key, strings.NewReader("as it was scanned"), -1, minio.PutObjectOptions{})
	if err != nil || first.VersionID == "" {
		t.Fatalf("scans has no versions: %+v, %v", first, err)
	}
	puts := storeTable()
	others := []right{
		{"read", "scans", "ocr-worker publisher structurer operator scanner"},
		{"put over one, which stays as a version", "scans", "operator scanner"},
		{"delete", "scans", ""}, {"delete a version", "scans", ""}, {"stop keeping versions", "scans", ""},
		{"have old versions deleted", "scans", ""}, {"delete the bucket", "scans", ""},
		{"delete", "work", ""}, {"delete", "records", ""},
	}
	tried := map[right][]string{}
	for _, h := range columns {
		cfg := s.keysOf(t, h)
		c := s.minio.ClientOf(cfg.AccessKey, cfg.SecretKey)
		may := func(r right, err error) {
			t.Helper()
			if err != nil && minio.ToErrorResponse(err).Code != "AccessDenied" {
				t.Errorf("%s, %s %s: %v", h, r.verb, r.on, err)
			}
			if got := err == nil; got != slices.Contains(strings.Fields(r.may), h) {
				t.Errorf("%s, %s %s: permitted %v", h, r.verb, r.on, got)
			}
			tried[r] = append(tried[r], h)
		}
		for _, r := range puts {
			bucket, prefix, _ := strings.Cut(r.on, "/")
			_, err := c.PutObject(ctx, bucket, prefix+h, strings.NewReader(h), int64(len(h)), minio.PutObjectOptions{})
			may(r, err)
		}
		for _, r := range others {
			may(r, tryStore(ctx, c, r, key, first.VersionID))
		}
	}
	raw, err := versionOf(ctx, root, key, first.VersionID)
	if err != nil || string(raw) != "as it was scanned" {
		t.Errorf("the first version of a scan is %q: %v", raw, err)
	}
	v, err := root.GetBucketVersioning(ctx, "scans")
	if err != nil || !v.Enabled() {
		t.Errorf("versions of scans are kept no more: %+v, %v", v, err)
	}
	for _, r := range append(puts, others...) {
		if len(tried[r]) != len(columns) {
			t.Errorf("%s %s was tried by %q only", r.verb, r.on, tried[r])
		}
	}
	s.page(t, "The store", table(append(puts, others...), columns))
}

// tryStore does what a right of a bucket is about.
func tryStore(ctx context.Context, c *minio.Client, r right, key, version string) error {
	switch {
	case r.verb == "read":
		_, err := versionOf(ctx, c, key, "")
		return err
	case strings.HasPrefix(r.verb, "put over"):
		_, err := c.PutObject(ctx, r.on, key, strings.NewReader("another"), 7, minio.PutObjectOptions{})
		return err
	case r.verb == "delete":
		return c.RemoveObject(ctx, r.on, key, minio.RemoveObjectOptions{})
	case r.verb == "delete a version":
		return c.RemoveObject(ctx, r.on, key, minio.RemoveObjectOptions{VersionID: version, GovernanceBypass: false})
	case r.verb == "stop keeping versions":
		return c.SuspendVersioning(ctx, r.on)
	case r.verb == "have old versions deleted":
		l := lifecycle.NewConfiguration()
		l.Rules = []lifecycle.Rule{{ID: "x", Status: "Enabled", NoncurrentVersionExpiration: lifecycle.NoncurrentVersionExpiration{NoncurrentDays: 1}}}
		return c.SetBucketLifecycle(ctx, r.on, l)
	}
	return c.RemoveBucket(ctx, r.on)
}

func versionOf(ctx context.Context, c *minio.Client, key, version string) ([]byte, error) {
	o, err := c.GetObject(ctx, "scans", key, minio.GetObjectOptions{VersionID: version})
	if err != nil {
		return nil, err
	}
	defer o.Close()
	return io.ReadAll(o)
}

// keysOf are a holder's keys for the store.
func (s *site) keysOf(t *testing.T, holder string) store.Config {
	t.Helper()
	for _, line := range s.env(holder) {
		if v, ok := strings.CutPrefix(line, "NIGHTSHIFT_S3="); ok {
			cfg, err := store.ParseURL(v)
			if err != nil {
				t.Fatal(err)
			}
			return cfg
		}
	}
	t.Fatalf("%s has no keys for the store", holder)
	return store.Config{}
}

// page holds a table against docs/rights.md, or writes it there.
func (s *site) page(t *testing.T, title, table string) {
	t.Helper()
	t.Logf("%s\n%s", title, table)
	raw, err := os.ReadFile(rightsPage)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := []byte("## "+title+"\n\n"), []byte("\n## ")
	head, rest, ok := bytes.Cut(raw, begin)
	if !ok {
		t.Fatalf("%s has no part %q", rightsPage, title)
	}
	was, tail, more := bytes.Cut(rest, end)
	if string(was) == table {
		return
	}
	if !*updateRights {
		t.Errorf("%s says otherwise of %s; write it anew with -update-rights", rightsPage, title)
		return
	}
	out := slices.Concat(head, begin, []byte(table))
	if more {
		out = slices.Concat(out, end, tail)
	}
	if err := os.WriteFile(rightsPage, out, 0o644); err != nil {
		t.Fatal(err)
	}
}

// strangers: neither server lets in who has no key, nor talks without TLS.
func (s *site) strangers(t *testing.T) {
	u := s.nats.URL()
	ca := s.minio.Config().CAFile
	for what, opts := range map[string][]nats.Option{
		"no key":        {nats.RootCAs(ca)},
		"no authority":  {},
		"a foreign key": {nats.RootCAs(ca), foreignKey(t)},
	} {
		if nc, err := nats.Connect(u, opts...); err == nil {
			nc.Close()
			t.Errorf("NATS lets in: %s", what)
		}
	}
	cfg := s.minio.Config()
	cfg.TLS, cfg.Tries = false, 1
	c, err := store.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, _, err := c.Bucket("scans").Get(background, "a"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("the store talks without TLS: %v", err)
	}
}

func foreignKey(t *testing.T) nats.Option {
	t.Helper()
	seed, _, err := night.NewNKey()
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/foreign.nk"
	write(t, file, []byte(seed))
	opt, err := nats.NkeyOptionFromSeed(file)
	if err != nil {
		t.Fatal(err)
	}
	return opt
}
