// Package night puts the pieces of a night together: it connects to NATS and
// the store, embedded or real, makes sure streams and buckets are there, and
// runs the stages asked for. The four programs differ only in which stages
// they ask for.
package night

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/embedded"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
	"nightshift/pipeline/turns"
)

// Addresses say which NATS and store to use: those of an embedded system in
// Data, running or idle, or real ones.
type Addresses struct {
	Data       string        // data directory of an embedded system
	MinFree    int64         // bytes that its disk must keep free
	ListenNATS string        // host:port of its NATS server; any free port of this machine if empty
	ListenS3   string        // likewise of its S3 server
	NATS       string        // URL
	NATSCreds  string        // credentials file, or an NKey seed file
	NATSCA     string        // PEM file
	S3         string        // http(s)://key:secret@host:port
	S3Secret   string        // file with key:secret; "": they are in S3
	S3CA       string        // PEM file
	Replicas   int           // of the streams; 0: as they are
	AckWait    time.Duration // see runner.Topology; 0: as it is
	Dedupe     time.Duration // likewise
	// Buckets by name.
	Scans, Work, Records string
	// Program names the connection, in NATS's monitoring and in the subjects of
	// its answers (_INBOX_<program>.>), which permissions go by; default
	// "nightshift".
	Program string
	// Given: on real servers nothing is made; what is missing is an error that
	// says what makes it. Services have no right to make streams or buckets.
	Given bool
	// Hold says how long this process serves Data if no other does.
	Hold Hold
}

func (a Addresses) program() string { return cmp.Or(a.Program, "nightshift") }

// System is a NATS and a store, connected.
type System struct {
	NC                   *nats.Conn
	JS                   jetstream.JetStream
	Store                *store.Client
	Scans, Work, Records *store.Bucket
	Log                  *slog.Logger
	embedded             *embedded.System
	room                 func(want int64) error // nil where others look after the disk
	servers              bool                   // real ones, by their addresses
	data                 string                 // data directory; "": none
	running              string                 // file to remove at Close
	notices              atomic.Pointer[jetstream.JetStream]
	sweep                sync.Once
	sweeper              *intake.Sweeper
	order                atomic.Pointer[turns.Order] // in force, as this process last saw it
}

// dataAckWait is how long a task on a data directory may be without a heartbeat
// before it is given to another worker. One process holds all tasks there, and
// one that is started after a kill waits this long for what the killed one held.
// Between machines (--ack-wait) there must be room for a slow network.
const dataAckWait = 6 * time.Second

// Books reads standings from the system's buckets.
func (s *System) Books() progress.Books {
	return progress.Books{Scans: s.Scans, Work: s.Work, Records: s.Records}
}

// Embedded tells whether the system runs in this process.
func (s *System) Embedded() bool { return s.embedded != nil }

// Close ends connections and, where this process runs them, the servers.
func (s *System) Close() error {
	if s.running != "" {
		os.Remove(s.running)
	}
	if s.NC != nil {
		s.NC.Close()
	}
	if s.Store != nil {
		s.Store.Close() // the embedded server waits for open connections
	}
	if s.embedded != nil {
		return s.embedded.Close()
	}
	return nil
}

// running is what a process that serves an embedded system leaves in its data
// directory for other commands, readable by its user only.
type running struct {
	PID  int          `json:"pid"`
	NATS string       `json:"nats"`
	S3   store.Config `json:"s3"`
	Hold Hold         `json:"hold"`
}

const runningFile = "running.json"

// Open connects; log may be nil. With Data it uses the system that runs on that directory or,
// if none does, starts it in this process.
func Open(ctx context.Context, a Addresses, log *slog.Logger) (*System, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &System{Log: log, data: a.Data}
	var err error
	switch {
	case a.Data != "" && (a.NATS != "" || a.S3 != ""):
		return nil, program.Exit(program.Usage, "--data is an embedded system; with --nats and --s3 leave it out")
	case a.Data != "":
		err = s.openData(ctx, a)
	case a.NATS == "" || a.S3 == "":
		return nil, program.Exit(program.Usage, "say where to work: --data DIR, or --nats URL and --s3 URL")
	default:
		err = s.openServers(a)
	}
	if err == nil {
		err = s.prepare(ctx, a)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Hold says how long a process serves a data directory; "": it does not say, and
// others join it at once.
type Hold string

// A command holds it for a moment, a run for a night, and up and console until
// they are stopped.
const (
	ForAMoment   Hold = "moment"
	ForANight    Hold = "night"
	UntilStopped Hold = "until-stopped"
)

// momentAtMost is how long a command waits for one that holds the directory for a
// moment, or has not said yet that it does.
const momentAtMost = 10 * time.Second

// startData starts the servers on the directory. A system that another process
// serves only for a moment is not joined: it would end in the middle. What is to
// run until it is stopped waits for anything that ends by itself.
func (s *System) startData(ctx context.Context, a Addresses) (*embedded.System, error) {
	begin, told := time.Now(), false
	for {
		sys, err := embedded.Start(ctx, embedded.Options{Dir: a.Data, NATSAddr: a.ListenNATS, S3Addr: a.ListenS3, Log: s.Log, Put: s.notify})
		if !errors.Is(err, embedded.ErrInUse) {
			return sys, err
		}
		r, unread := readRunning(a.Data)
		moment := unread != nil || r.Hold == ForAMoment
		if !(moment && time.Since(begin) < momentAtMost || a.Hold == UntilStopped && r.Hold != "" && r.Hold != UntilStopped) {
			return nil, err
		}
		if !told && time.Since(begin) > time.Second {
			told = true
			s.Log.Warn("another process works on the data directory; waiting for it to end", "process", r.PID)
		}
		if err := runner.Sleep(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func (s *System) openData(ctx context.Context, a Addresses) error {
	sys, err := s.startData(ctx, a)
	switch {
	case errors.Is(err, embedded.ErrInUse):
		return s.join(a.Data, err)
	case errors.Is(err, embedded.ErrAddress):
		return &program.Error{Code: program.InUse, Err: err}
	case err != nil:
		return fmt.Errorf("start the embedded system in %s: %w", a.Data, err)
	}
	s.embedded, s.room = sys, a.Room
	if s.NC, err = sys.Conn(nats.Name("nightshift")); err != nil {
		return err
	}
	if s.Store, err = store.Open(sys.Store()); err != nil {
		return err
	}
	raw, err := json.Marshal(running{os.Getpid(), sys.NATSURL(), sys.Store(), a.Hold})
	if err != nil {
		return err
	}
	s.running = filepath.Join(a.Data, runningFile)
	return os.WriteFile(s.running, raw, 0o600)
}

// notify tells intake of a scan, as a store of its own would. It is a hint: what
// is lost here the sweep finds.
func (s *System) notify(bucket, key string) {
	js := s.notices.Load()
	if js == nil || bucket != archive.ScansBucket {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := (*js).Publish(ctx, pipeline.SubjectScans, intake.Sweep{Bucket: bucket, Keys: []string{key}}.Notice()); err != nil {
		s.Log.Warn("notification not published; the sweep will find the scan", "scan", key, "error", err)
	}
}

func readRunning(dir string) (r running, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, runningFile))
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	return r, err
}

// join uses the system that another process runs on the directory.
func (s *System) join(dir string, inUse error) error {
	r, err := readRunning(dir)
	if err != nil {
		return &program.Error{Code: program.InUse, Err: inUse}
	}
	if s.NC, err = nats.Connect(r.NATS, nats.Name("nightshift")); err != nil {
		return program.Exit(program.InUse, "%w, and it does not answer: %w", inUse, err)
	}
	s.Store, err = store.Open(r.S3)
	return err
}

func (s *System) openServers(a Addresses) error {
	if err := s.connectNATS(a); err != nil {
		return err
	}
	s.servers = true
	return s.connectStore(a)
}

func (s *System) connectNATS(a Addresses) error {
	opts := []nats.Option{nats.Name(a.program()), nats.CustomInboxPrefix("_INBOX_" + a.program()), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.ReconnectJitter(200*time.Millisecond, time.Second),
		// A line that is dead without a word is given up after 20 to 30 s, not after minutes.
		nats.PingInterval(10 * time.Second), nats.MaxPingsOutstanding(2),
		// A server that refuses a key twice may be having its keys changed: a process
		// that gave up for good then would be alive and do nothing.
		nats.IgnoreAuthErrorAbort()}
	if a.NATSCreds != "" {
		auth := nats.UserCredentials(a.NATSCreds)
		if filepath.Ext(a.NATSCreds) == ".nk" {
			var err error
			if auth, err = nats.NkeyOptionFromSeed(a.NATSCreds); err != nil {
				return program.Exit(program.Missing, "NKey seed file %s: %w", a.NATSCreds, err)
			}
		}
		opts = append(opts, auth)
	}
	if a.NATSCA != "" {
		opts = append(opts, nats.RootCAs(a.NATSCA))
	}
	var err error
	if s.NC, err = nats.Connect(a.NATS, opts...); err != nil {
		return natsTrouble(a, err).exit()
	}
	s.JS, err = jetstream.New(s.NC)
	return err
}

// keys puts the store's key and secret of their file in, where one is named.
func (a Addresses) keys(cfg *store.Config) error {
	if a.S3Secret == "" {
		return nil
	}
	raw, err := os.ReadFile(a.S3Secret)
	if err != nil {
		return fmt.Errorf("--s3-secret-file: %w", err)
	}
	key, secret, ok := strings.Cut(strings.TrimSpace(string(raw)), ":")
	if !ok || key == "" || secret == "" {
		return fmt.Errorf("--s3-secret-file: %s does not hold key:secret in one line", a.S3Secret)
	}
	cfg.AccessKey, cfg.SecretKey = key, secret
	return nil
}

func (s *System) connectStore(a Addresses) error {
	cfg, err := store.ParseURL(a.S3)
	if err != nil {
		return &program.Error{Code: program.Usage, Err: err}
	}
	if err := a.keys(&cfg); err != nil {
		return &program.Error{Code: program.Missing, Err: err}
	}
	cfg.CAFile = a.S3CA
	if s.Store, err = store.Open(cfg); err != nil {
		return program.Exit(program.Unreachable, "the store: %w", err)
	}
	return nil
}

// prepare makes sure that streams, consumers and buckets are there, or, with
// Given, leaves the streams to who pulls from them and looks for the buckets.
func (s *System) prepare(ctx context.Context, a Addresses) error {
	var err error
	if s.JS, err = jetstream.New(s.NC); err != nil {
		return err
	}
	if a.Data != "" && a.AckWait == 0 {
		a.AckWait = dataAckWait
	}
	given := a.Given && a.Data == ""
	if given {
		if err := s.awaitNATS(ctx, a.program()); err != nil {
			return err
		}
	} else {
		if err := runner.EnsureTopology(ctx, s.JS, runner.Topology{Alone: a.Data != "", Replicas: a.Replicas, AckWait: a.AckWait, Dedupe: a.Dedupe}); err != nil {
			return program.Exit(program.Unreachable, "NATS: %w", err)
		}
	}
	bucket := s.Store.EnsureBucket
	if given {
		bucket = s.Store.CheckBucket
	}
	if err := s.buckets(ctx, a, bucket); err != nil {
		return err
	}
	s.notices.Store(&s.JS)
	s.Log = slog.New(telling{Handler: s.Log.Handler(), nc: s.NC})
	if given {
		return nil // services have no right to pause
	}
	return s.carryOutAll(ctx)
}

// buckets looks for the three buckets, or makes them.
func (s *System) buckets(ctx context.Context, a Addresses, bucket func(context.Context, string) error) error {
	for _, b := range []struct {
		to            **store.Bucket
		name, initial string
	}{{&s.Scans, a.Scans, archive.ScansBucket}, {&s.Work, a.Work, archive.WorkBucket}, {&s.Records, a.Records, archive.RecordsBucket}} {
		if b.name == "" {
			b.name = b.initial
		}
		until := time.Now().Add(startPatience)
		err := runner.Patiently(ctx, s.Log, func(err error) bool { return store.IsStruggling(err) && time.Now().Before(until) },
			func() error { return bucket(ctx, b.name) })
		if err != nil {
			return storeTrouble(s.Store, b.name, err).exit()
		}
		*b.to = s.Store.Bucket(b.name)
	}
	return nil
}

// Room is an error with exit code Full when the disk of an embedded system is
// as good as full.
func (s *System) Room() error {
	if s.room == nil {
		return nil
	}
	return s.room(0)
}

// Healthy tells whether NATS and the store answer and have room: what every
// stage depends on.
func (s *System) Healthy(ctx context.Context) error {
	if err := s.Room(); err != nil {
		return err
	}
	if !s.NC.IsConnected() {
		return errors.New("NATS is not connected")
	}
	return s.Store.Ping(ctx)
}
