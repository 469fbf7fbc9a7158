//go:build chaos

package chaos

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/publish"
)

// announced reads the RECORDS stream of an idle embedded system: each version
// of each document must have been announced exactly once.
func announced(t *testing.T, data string) {
	t.Helper()
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: filepath.Join(data, "nats"), NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	defer func() {
		srv.Shutdown()
		srv.WaitForShutdown()
	}()
	if !srv.ReadyForConnections(20 * time.Second) {
		t.Fatal("the stopped system's NATS was not ready")
	}
	nc, err := nats.Connect("", nats.InProcessServer(srv))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	onceEach(t, js)
}

// onceEach reads RECORDS and complains about what is there twice.
func onceEach(t *testing.T, js jetstream.JetStream) {
	t.Helper()
	s, err := js.Stream(background, pipeline.StreamRecords)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		msg, err := s.GetMsg(background, seq)
		if err != nil {
			t.Fatal(err)
		}
		var m publish.RecordMessage
		if err := json.Unmarshal(msg.Data, &m); err != nil {
			t.Fatal(err)
		}
		seen[fmt.Sprintf("%s document %d version %d %s", m.Locator, m.Document, m.Number, m.Status)]++
	}
	if len(seen) == 0 {
		t.Error("no record was announced")
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("announced %d times: %s", n, what)
		}
	}
}
