//go:build chaos || minio

package chaos

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/embedded"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/store"
)

// This binary plays parts that no program of the product has: servers whose
// notifications go wrong, and stages that kill themselves at a named point.
const (
	roleVariable     = "CHAOS_ROLE"     // servers, stages, nats
	placeVariable    = "CHAOS_PLACE"    // of the servers: a directory
	noticesVariable  = "CHAOS_NOTICES"  // all, none, fivefold, shuffled
	pointVariable    = "CHAOS_POINT"    // stage:point:n: kill -9 at the n-th time
	childrenVariable = "CHAOS_CHILDREN" // engine processes of the stages; default as many as cores
	natsVariable     = "CHAOS_NATS"
	storeVariable    = "CHAOS_STORE"
	stubVariable     = "CHAOS_STUB"    // pages are not recognised, and take so long
	backlogVariable  = "CHAOS_BACKLOG" // see night.Stages
	countVariable    = "CHAOS_COUNT"   // file for the number of goroutines, written on SIGUSR1
)

func play(role string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var err error
	switch role {
	case "servers":
		err = playServers(ctx)
	case "nats":
		err = playNATS(ctx)
	case "stages":
		err = playStages(ctx)
	default:
		err = fmt.Errorf("no role %q", role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, role, err)
		return 1
	}
	return 0
}

// playNATS is nats-server's own main, of the version in go.mod, with this
// process's arguments.
func playNATS(ctx context.Context) error {
	opts, err := server.ConfigureOptions(flag.NewFlagSet("nats-server", flag.ContinueOnError), os.Args[1:], nil, nil, nil)
	if err != nil {
		return err
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return err
	}
	s.ConfigureLogger()
	s.Start() // handles SIGHUP: it reads its configuration and certificates again
	<-ctx.Done()
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}

// addresses are what the servers' process leaves in a file for the test.
type addresses struct {
	NATS  string
	Store store.Config
}

func playServers(ctx context.Context) error {
	place := os.Getenv(placeVariable)
	n := &notifier{mode: os.Getenv(noticesVariable)}
	sys, err := embedded.Start(ctx, embedded.Options{Dir: place, NATSAddr: os.Getenv(natsVariable), S3Addr: os.Getenv(storeVariable), Put: n.put})
	if err != nil {
		return err
	}
	defer sys.Close()
	nc, err := sys.Conn()
	if err != nil {
		return err
	}
	n.nc.Store(nc)
	raw, err := json.Marshal(addresses{sys.NATSURL(), sys.Store()})
	if err != nil {
		return err
	}
	if err := os.WriteFile(place+"/addresses.tmp", raw, 0o600); err != nil {
		return err
	}
	if err := os.Rename(place+"/addresses.tmp", place+"/addresses.json"); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// notifier publishes the store's notifications, well or badly.
type notifier struct {
	mode string
	nc   atomic.Pointer[nats.Conn]
	mu   sync.Mutex
	held []string
}

func (n *notifier) put(bucket, key string) {
	nc := n.nc.Load()
	if nc == nil || bucket != archive.ScansBucket {
		return
	}
	tell := func(key, event string) {
		raw, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{"eventName": event,
			"s3": map[string]any{"bucket": map[string]string{"name": bucket}, "object": map[string]string{"key": key}}}}})
		_ = nc.Publish(pipeline.SubjectScans, raw) // fire and forget, as stores do
	}
	const created, removed = "s3:ObjectCreated:Put", "s3:ObjectRemoved:Delete"
	switch n.mode {
	case "none":
	case "fivefold":
		for range 5 {
			tell(key, created)
		}
	case "shuffled": // seven at a time, backwards, each told as removed first
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.held = append(n.held, key); len(n.held) < 7 {
			return
		}
		rand.Shuffle(len(n.held), func(i, j int) { n.held[i], n.held[j] = n.held[j], n.held[i] })
		for _, k := range n.held {
			tell(k, removed)
			tell(k, created)
		}
		n.held = nil
	default:
		_ = nc.Publish(pipeline.SubjectScans, intake.Sweep{Bucket: bucket, Keys: []string{key}}.Notice())
	}
}

func playStages(ctx context.Context) error {
	o := night.Defaults()
	o.Quiet, o.Sweep = time.Second, 3*time.Second
	o.OCR.Deadline = 20 * time.Second
	if n, err := strconv.Atoi(os.Getenv(childrenVariable)); err == nil {
		o.OCR.Children = n
	}
	if n, err := strconv.Atoi(os.Getenv(backlogVariable)); err == nil {
		o.Backlog = n
	}
	if point := os.Getenv(pointVariable); point != "" {
		o.Hooks.At = killAt(point)
	}
	if takes := os.Getenv(stubVariable); takes != "" {
		d, err := time.ParseDuration(takes)
		if err != nil {
			return err
		}
		o.Hooks.Reader = stub{d}
		o.Sweep = night.Defaults().Sweep // what is measured is a night
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		for range asked {
			_ = os.WriteFile(os.Getenv(countVariable), []byte(strconv.Itoa(runtime.NumGoroutine())), 0o600)
		}
	}()
	s, err := night.Open(ctx, night.Addresses{NATS: os.Getenv(natsVariable), S3: os.Getenv(storeVariable)}, log)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Run(ctx, night.Which{Reading: true, Structuring: true, Publishing: true}, o, nil)
}

// killAt ends this process, as kill -9 would, the n-th time a stage passes a point.
func killAt(spec string) func(stage, point string) {
	parts := strings.Split(spec, ":")
	left, _ := strconv.ParseInt(parts[2], 10, 64)
	var passed atomic.Int64
	return func(stage, point string) {
		if stage == parts[0] && point == parts[1] && passed.Add(1) == left {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}
