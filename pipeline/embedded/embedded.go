// Package embedded runs a NATS server and an S3 server in this process, on one
// data directory: what `nightshift run` and `up` work on without any
// installation. What either acknowledged is on the disk. It owns the directory
// and its lock; it knows nothing of stages.
//
// The S3 server's file backend changes the process's working directory to its
// own: give this process absolute paths only.
package embedded

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"golang.org/x/sys/unix"

	"nightshift/pipeline/custody"
	"nightshift/pipeline/store"
)

// Options of Start.
type Options struct {
	Dir      string // data directory, made if it is not there
	NATSAddr string // host:port to listen on; default 127.0.0.1 and any free port
	S3Addr   string // likewise
	// Put is called, in order of the acknowledgements, after an object was put
	// into a bucket and before its put is acknowledged; nil: not.
	Put func(bucket, key string)
	Log *slog.Logger
}

// ErrInUse: another process works on the directory.
var ErrInUse = errors.New("the data directory is in use")

// ErrAddress: the address asked for cannot be listened on.
var ErrAddress = errors.New("cannot listen")

// System is a running pair of servers.
type System struct {
	lock   *os.File
	nats   *server.Server
	keys   keys
	s3addr string
	stopS3 context.CancelFunc
	doneS3 chan error
}

// keys are the credentials of the pair, made once for a directory and kept in
// keys.json, readable by its user only.
type keys struct {
	NATSToken string `json:"natsToken"`
	S3Access  string `json:"s3Access"`
	S3Secret  string `json:"s3Secret"`
}

// Start locks the directory and starts both servers. ErrInUse, ErrAddress, or
// the error of the file system.
func Start(ctx context.Context, o Options) (s *System, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := custody.Make(dir); err != nil { // keys lie there, and orders to us
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "s3"), 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	s = &System{}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.lock, err = lock(filepath.Join(dir, "lock")); err != nil {
		return s, fmt.Errorf("%s: %w", dir, err)
	}
	if s.keys, err = loadKeys(filepath.Join(dir, "keys.json")); err != nil {
		return s, err
	}
	if err = s.startNATS(o, filepath.Join(dir, "nats")); err != nil {
		return s, err
	}
	return s, s.startS3(ctx, o, filepath.Join(dir, "s3"))
}

// lock takes the directory for this process for as long as it lives; the lock
// of a process that was killed is gone with it.
func lock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock: %w", err)
		}
		pid := make([]byte, 20)
		n, _ := f.Read(pid)
		return nil, fmt.Errorf("%w by process %s", ErrInUse, strings.TrimSpace(string(pid[:n])))
	}
	if err := f.Truncate(0); err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("lock: %w", err)
		}
	}
	return f, nil
}

func loadKeys(name string) (keys, error) {
	var k keys
	raw, err := os.ReadFile(name)
	if err == nil && json.Unmarshal(raw, &k) == nil && k.NATSToken != "" && k.S3Access != "" && k.S3Secret != "" {
		return k, nil
	}
	k = keys{rand.Text(), rand.Text(), rand.Text() + rand.Text()}
	if raw, err = json.Marshal(k); err != nil {
		return k, err
	}
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		return k, fmt.Errorf("keep the keys: %w", err)
	}
	return k, nil
}

func (s *System) startNATS(o Options, dir string) error {
	host, port, err := address(o.NATSAddr)
	if err != nil {
		return err
	}
	s.nats, err = server.NewServer(&server.Options{
		ServerName: "nightshift", Host: host, Port: port, Authorization: s.keys.NATSToken,
		JetStream: true, StoreDir: dir, SyncAlways: true, NoSigs: true, NoLog: true, MaxPayload: 8 << 20,
		JetStreamMaxStore: 1 << 50, JetStreamMaxMemory: 256 << 20,
	})
	if err != nil {
		return fmt.Errorf("NATS: %w", err)
	}
	s.nats.Start()
	if !s.nats.ReadyForConnections(20 * time.Second) {
		return fmt.Errorf("NATS was not ready within 20 s in %s", dir)
	}
	return nil
}

// address splits host:port; a free port is found for none, and a port that is
// taken is told now rather than waited for.
func address(addr string) (host string, port int, err error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", 0, fmt.Errorf("%w on %s: %w", ErrAddress, addr, err)
	}
	defer l.Close()
	at := l.Addr().(*net.TCPAddr)
	host, _, err = net.SplitHostPort(addr)
	return host, at.Port, err
}

// Limits of the S3 server; it throttles above them and has no default.
const (
	maxConnections = 4096
	maxRequests    = 2048
	maxParts       = 10000
)

// copyBuffer is what the S3 server copies an object through; it holds one for
// each request lately under way, and takes 1 MB if it is not told.
const copyBuffer = 128 << 10

func (s *System) startS3(ctx context.Context, o Options, dir string) error {
	host, port, err := address(o.S3Addr)
	if err != nil {
		return err
	}
	s.s3addr = net.JoinHostPort(host, fmt.Sprint(port))
	files, err := posix.New(dir, meta.XattrMeta{}, posix.PosixOpts{ValidateBucketNames: true, Concurrency: maxRequests, IOBufferSize: copyBuffer})
	if err != nil {
		return fmt.Errorf("S3 in %s: %w", dir, err)
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stopS3, s.doneS3 = stop, make(chan error, 1)
	go func() {
		s.doneS3 <- embedgw.RunVersityGW(run, &durable{Posix: files, root: dir, put: o.Put}, &embedgw.Config{
			RootUserAccess: s.keys.S3Access, RootUserSecret: s.keys.S3Secret, Ports: []string{s.s3addr},
			MaxConnections: maxConnections, MaxRequests: maxRequests, MultipartMaxParts: maxParts,
			Quiet: true, KeepAlive: true, DisableACLs: true,
			// Named, since the gateway's own choice of it is announced on standard output.
			IAMService: auth.NewIAMServiceSingle(auth.Account{Access: s.keys.S3Access, Secret: s.keys.S3Secret, Role: auth.RoleAdmin}),
		})
	}()
	for until := time.Now().Add(20 * time.Second); ; {
		c, err := net.DialTimeout("tcp", s.s3addr, time.Second)
		if err == nil {
			return c.Close()
		}
		select {
		case err := <-s.doneS3:
			s.doneS3 <- err
			return fmt.Errorf("S3: %w", err)
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(until) {
			return fmt.Errorf("S3 was not ready within 20 s: %w", err)
		}
	}
}

// Conn is a connection to the NATS server within the process.
func (s *System) Conn(opts ...nats.Option) (*nats.Conn, error) {
	return nats.Connect("", append(opts, nats.InProcessServer(s.nats), nats.Token(s.keys.NATSToken))...)
}

// NATSURL is the server's address with its token, for other processes of the
// same user.
func (s *System) NATSURL() string {
	return "nats://" + s.keys.NATSToken + "@" + s.nats.Addr().String()
}

// Store says how to reach the S3 server.
func (s *System) Store() store.Config {
	return store.Config{Endpoint: s.s3addr, AccessKey: s.keys.S3Access, SecretKey: s.keys.S3Secret, Unversioned: true}
}

// Close stops both servers and gives the directory free.
func (s *System) Close() error {
	var err error
	if s.stopS3 != nil {
		s.stopS3()
		if e := <-s.doneS3; e != nil && !errors.Is(e, context.Canceled) {
			err = e
		}
		s.stopS3 = nil
	}
	if s.nats != nil {
		s.nats.Shutdown()
		s.nats.WaitForShutdown()
		s.nats = nil
	}
	if s.lock != nil {
		s.lock.Close()
		s.lock = nil
	}
	return err
}
