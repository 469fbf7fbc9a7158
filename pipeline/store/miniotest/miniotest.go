// Package miniotest starts a real MinIO process for a test, on free ports and a
// directory of its own, and stops it. NIGHTSHIFT_MINIO names the program;
// without it the test fails, it never skips.
package miniotest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/notification"

	"nightshift/pipeline/store"
)

// Options of Start. All may be empty.
type Options struct {
	// Env is added to the server's environment: NotifyNATS, TLS and the like.
	Env []string
	// Args are added to its command line.
	Args []string
	// Host is the address to listen on; default 127.0.0.1.
	Host string
	// Drives is how many folders it keeps objects in; default 1. Four or more
	// make an erasure set.
	Drives int
	// Certs is a folder with public.crt and private.key, for TLS, and CA the
	// authority to trust, for this package's own requests.
	Certs, CA string
	// Careless: this package's own requests do not look at the certificate, which
	// is a bad one.
	Careless bool
}

// Server is a MinIO that a test may stop and start again on its port and files.
type Server struct {
	t        testing.TB
	opts     Options
	dir      string
	addr     string
	user, pw string
	log      bytes.Buffer
	cmd      *exec.Cmd
	exited   chan error
	mu       sync.Mutex
}

// Target is the name of the notification target that NotifyNATS makes.
const Target = "night"

// ARN names that target in a bucket's notification settings.
const ARN = "arn:minio:sqs::" + Target + ":nats"

// NotifyNATS is the environment of a MinIO that notifies over NATS JetStream at
// host:port on the subject; more are further settings of the target, such as
// "TLS=on" or "NKEY_SEED=file".
func NotifyNATS(address, subject string, more ...string) []string {
	var env []string
	for _, set := range append([]string{"ENABLE=on", "JETSTREAM=on", "ADDRESS=" + address, "SUBJECT=" + subject}, more...) {
		name, value, _ := bytes.Cut([]byte(set), []byte("="))
		env = append(env, fmt.Sprintf("MINIO_NOTIFY_NATS_%s_%s=%s", name, Target, value))
	}
	return env
}

// Start starts a server and returns when it answers.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{t: t, opts: o, dir: t.TempDir(), user: rand.Text(), pw: rand.Text() + rand.Text()}
	t.Cleanup(func() {
		s.Down()
		if t.Failed() {
			t.Logf("MinIO said:\n%s", s.said())
		}
	})
	for try := 1; ; try++ {
		s.addr = freeAddress(t, cmp.Or(o.Host, "127.0.0.1"))
		err := s.start()
		if err == nil {
			return s
		}
		if try == 3 { // another process may have taken the port meanwhile
			t.Fatalf("MinIO does not start: %v\n%s", err, s.said())
		}
	}
}

// freeAddress is a port that was free a moment ago.
func freeAddress(t testing.TB, host string) string {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Up starts a server that is down, on its port and files.
func (s *Server) Up() {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.t.Fatalf("MinIO does not start again: %v\n%s", err, s.said())
	}
}

func (s *Server) start() error {
	program := os.Getenv("NIGHTSHIFT_MINIO")
	if program == "" {
		return errors.New("NIGHTSHIFT_MINIO does not name a MinIO program; make test-minio builds one")
	}
	args := append([]string{"server", "--quiet", "--address", s.addr, "--console-address", "127.0.0.1:0"}, s.opts.Args...)
	if s.opts.Certs != "" {
		args = append(args, "--certs-dir", s.opts.Certs)
	}
	for n := range max(s.opts.Drives, 1) {
		args = append(args, filepath.Join(s.dir, "drive", fmt.Sprint(n+1)))
	}
	cmd := exec.Command(program, args...)
	// Drives in one folder share a device, which MinIO refuses but in its tests.
	cmd.Env = append(os.Environ(), "HOME="+s.dir, "MINIO_ROOT_USER="+s.user, "MINIO_ROOT_PASSWORD="+s.pw,
		"MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_CI_CD=1")
	cmd.Env = append(cmd.Env, s.opts.Env...)
	cmd.Stdout, cmd.Stderr = s, s
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd, s.exited = cmd, make(chan error, 1)
	go func() { s.exited <- cmd.Wait() }()
	return s.ready()
}

// ready waits until the server answers a signed request.
func (s *Server) ready() error {
	api, err := s.api()
	if err != nil {
		return err
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Second)
		_, err = api.ListBuckets(ctx)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case exit := <-s.exited:
			s.exited <- exit
			return fmt.Errorf("it ended: %w", exit)
		default:
		}
		if time.Now().After(end) {
			return fmt.Errorf("no answer within a minute: %w", err)
		}
	}
}

// Down stops the server and waits until it is gone.
func (s *Server) Down() { s.end(syscall.SIGTERM) }

// Kill ends it as a power cut would.
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

func (s *Server) end(sig syscall.Signal) {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(sig) // it may be gone already
	select {
	case <-s.exited:
	case <-time.After(20 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.exited
	}
	s.cmd = nil
}

// Write keeps what the server says.
func (s *Server) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *Server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// Config says how to reach the server with its root user.
func (s *Server) Config() store.Config {
	return store.Config{Endpoint: s.addr, AccessKey: s.user, SecretKey: s.pw, TLS: s.opts.Certs != "", CAFile: s.opts.CA}
}

func (s *Server) api() (*minio.Client, error) { return s.apiOf(s.user, s.pw) }

func (s *Server) apiOf(user, secret string) (*minio.Client, error) {
	o := &minio.Options{Creds: credentials.NewStaticV4(user, secret, ""), Region: "us-east-1", Secure: s.opts.Certs != ""}
	if o.Secure {
		pem, err := os.ReadFile(s.opts.CA)
		if err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		o.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, InsecureSkipVerify: s.opts.Careless}}
	}
	return minio.New(s.addr, o)
}

// Client is a plain S3 client of the root user, as a scanner's would be.
func (s *Server) Client() *minio.Client { return s.ClientOf(s.user, s.pw) }

// ClientOf is a plain S3 client of another user.
func (s *Server) ClientOf(user, secret string) *minio.Client {
	s.t.Helper()
	api, err := s.apiOf(user, secret)
	if err != nil {
		s.t.Fatal(err)
	}
	return api
}

// Notify has the bucket's puts notified to the target of NotifyNATS.
func (s *Server) Notify(bucket string) {
	s.t.Helper()
	cfg := notification.NewConfig(notification.NewArn("minio", "sqs", "", Target, "nats"))
	cfg.AddEvents(notification.ObjectCreatedAll)
	var all notification.Configuration
	all.AddQueue(cfg)
	if err := s.Client().SetBucketNotification(s.t.Context(), bucket, all); err != nil {
		s.t.Fatalf("notifications of %s: %v", bucket, err)
	}
}
