//go:build chaos || minio

package chaos

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/progress"
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

// verified has `nightshift verify` count, and sees that nothing was published
// twice: each version is the first.
func verified(t *testing.T, out string) progress.Count {
	t.Helper()
	return verifiedIn(t, filepath.Join(out, ".nightshift"))
}

func verifiedIn(t *testing.T, data string) progress.Count {
	t.Helper()
	raw, err := exec.Command(nightshift, "verify", "--data", data, "--json", "--list").Output()
	var v struct {
		Adds  bool
		Total progress.Count
		Scans []progress.ScanStanding
	}
	if jerr := json.Unmarshal(raw, &v); jerr != nil {
		t.Fatalf("verify: %v, %v\n%s", err, jerr, raw)
	}
	if !v.Adds || v.Total.InProgress > 0 || v.Total.Scans == 0 {
		t.Errorf("verify does not add up: %+v", v.Total)
	}
	for _, s := range v.Scans {
		if s.Standing == progress.Published && s.Version != 1 {
			t.Errorf("%s was published as version %d", s.Key, s.Version)
		}
	}
	announced(t, data)
	return v.Total
}
