// Package natstest starts a real NATS server with JetStream for a test.
package natstest

import (
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Server is a NATS server that a test may stop and start again on its port and
// store.
type Server struct {
	t    testing.TB
	opts server.Options
	srv  *server.Server
}

// Start starts a server on a free port with a store of its own.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, opts: server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true}}
	s.Up()
	t.Cleanup(s.Down)
	return s
}

// StartWithout starts a server without JetStream.
func StartWithout(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, opts: server.Options{Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true}}
	s.Up()
	t.Cleanup(s.Down)
	return s
}

// StartFile starts a server as its configuration file says; the file must let it
// choose its port.
func StartFile(t testing.TB, file string) *Server {
	t.Helper()
	opts, err := server.ProcessConfigFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, opts: *opts}
	s.opts.NoLog, s.opts.NoSigs = true, true
	s.Up()
	t.Cleanup(s.Down)
	return s
}

// Up starts the server, on the port it had before.
func (s *Server) Up() {
	s.t.Helper()
	opts := s.opts
	srv, err := server.NewServer(&opts)
	if err != nil {
		s.t.Fatal(err)
	}
	srv.Start()
	if !srv.ReadyForConnections(10 * time.Second) {
		s.t.Fatal("NATS was not ready within 10 s")
	}
	s.srv, s.opts.Port = srv, srv.Addr().(*net.TCPAddr).Port
}

// Down stops the server and waits until it is gone.
func (s *Server) Down() {
	s.srv.Shutdown()
	s.srv.WaitForShutdown()
}

// URL is where the server listens.
func (s *Server) URL() string { return s.srv.ClientURL() }

// Connect is a connection that comes back when the server does.
func (s *Server) Connect() (*nats.Conn, jetstream.JetStream) {
	s.t.Helper()
	nc, err := nats.Connect(s.srv.ClientURL(), nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		s.t.Fatal(err)
	}
	return nc, js
}
