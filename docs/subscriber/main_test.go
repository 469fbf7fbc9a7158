package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/publish/publishtest"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/runner/natstest"
)

var desk publishtest.Desk

func TestMain(m *testing.M) { os.Exit(publishtest.Run(m, &desk)) }

// system is a NATS server with Nightshift's streams.
func system(t *testing.T) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	nc, js := natstest.Start(t).Connect()
	if err := runner.EnsureTopology(t.Context(), js, runner.Topology{}); err != nil {
		t.Fatal(err)
	}
	return nc, js
}

// announce publishes an item and sends its messages as the runner does.
func announce(t *testing.T, js jetstream.JetStream, task pipeline.PublishTask) []pipeline.Task {
	t.Helper()
	next := desk.Publish(t, task).Next
	if err := runner.Publish(t.Context(), js, next...); err != nil {
		t.Fatal(err)
	}
	return next
}

// catalogueOf runs a subscriber of that name until done says so of its folder.
func catalogueOf(t *testing.T, nc *nats.Conn, name, filter, dir string, done func(map[string]entry) bool) map[string]entry {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	fetch, err := fetcher(desk.System.URL())
	if err != nil {
		t.Fatal(err)
	}
	go func() { ended <- follow(ctx, nc, name, filter, catalogue{dir, fetch}) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	var have map[string]entry
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(20 * time.Millisecond) {
		if have = entries(t, dir); done(have) {
			return have
		}
	}
	t.Fatalf("the subscriber did not get there: %v", have)
	return nil
}

// entries is the folder: what it says of each document, by locator's last level
// and document.
func entries(t *testing.T, dir string) map[string]entry {
	t.Helper()
	out := map[string]entry{}
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		var e entry
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		_, document, _ := strings.Cut(strings.TrimSuffix(filepath.Base(n), ".json"), "-")
		out[e.Locator[strings.LastIndexByte(e.Locator, '/')+1:]+"#"+document] = e
	}
	return out
}

// TestSubscriber: versions, withdrawals, repetitions, a record too long for a
// message, a restart, and a new subscriber from the start.
func TestSubscriber(t *testing.T) {
	nc, js := system(t)
	none, err := publish.ParseRenditions("none")
	if err != nil {
		t.Fatal(err)
	}
	desk.Agree(t, publish.Changes{Renditions: none})
	long := recordtest.TextItem("Harbour/Box 9/log", strings.Repeat("The lamp burns.\n", 50_000))
	letter := recordtest.Scan(t)
	announce(t, js, desk.File(t, &long, 1))
	first := announce(t, js, desk.File(t, &letter, 1))
	dir := t.TempDir()
	have := catalogueOf(t, nc, "catalogue", "records.>", dir, func(e map[string]entry) bool { return len(e) == 3 })
	if n := len(have["log#1"].Record); n < 800_000 {
		t.Errorf("the long record has %d bytes", n)
	}
	recordtest.Check(t, "record", have["letter#2"].Record)

	letter = recordtest.Scan(t) // found anew: one document where there were two
	letter.Reading.Structure.Documents = letter.Reading.Structure.Documents[:1]
	announce(t, js, desk.File(t, &letter, 2))
	if err := runner.Publish(t.Context(), js, first...); err != nil { // an old message again
		t.Fatal(err)
	}
	gone := func(e map[string]entry) bool { return e["letter#2"].Gone && e["letter#1"].Number == 2 }
	catalogueOf(t, nc, "catalogue", "records.>", dir, gone)

	fresh := catalogueOf(t, nc, "another", "records.*.letter", t.TempDir(), func(e map[string]entry) bool { return e["letter#1"].Number == 2 })
	if _, ok := fresh["log#1"]; ok {
		t.Error("the filter lets another kind through")
	}
}

// TestSlowSubscriber: one that takes a message and never answers holds up
// neither publishing nor another subscriber.
func TestSlowSubscriber(t *testing.T) {
	nc, js := system(t)
	slow, err := js.CreateConsumer(t.Context(), "RECORDS", jetstream.ConsumerConfig{Durable: "slow", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 1})
	if err != nil {
		t.Fatal(err)
	}
	const many = 300
	var all []pipeline.Task
	for i := range many {
		all = append(all, publish.RecordMessage{Version: 1, Status: publish.StatusPublished, Locator: "Harbour/a/b", Item: "iaaaaaaaaaaaaaaaaaaaaaaaaaa",
			Document: 1, Documents: 1, Number: i + 1, Kind: "letter", Record: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i+1))})
	}
	if err := runner.Publish(t.Context(), js, all[:1]...); err != nil {
		t.Fatal(err)
	}
	if _, err := slow.Next(); err != nil {
		t.Fatal(err)
	}
	if err := runner.Publish(t.Context(), js, all[1:]...); err != nil {
		t.Fatal(err)
	}
	catalogueOf(t, nc, "quick", "records.>", t.TempDir(), func(e map[string]entry) bool { return e["b#1"].Number == many })
}
