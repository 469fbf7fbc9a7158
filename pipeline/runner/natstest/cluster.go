package natstest

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// StartCluster starts n servers that hold streams together, each with a store
// of its own, and returns when they have found a leader.
func StartCluster(t testing.TB, n int) []*Server {
	t.Helper()
	ports := make([]int, n)
	var routes []string
	for i := range ports {
		ports[i] = freePort(t)
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", ports[i]))
	}
	all := make([]*Server, n)
	for i := range all {
		all[i] = &Server{t: t, opts: server.Options{
			ServerName: fmt.Sprintf("n%d", i+1), Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), SyncAlways: true, NoLog: true, NoSigs: true,
			Cluster: server.ClusterOpts{Name: "night", Host: "127.0.0.1", Port: ports[i]}, Routes: server.RoutesFromStr(strings.Join(routes, ",")),
		}}
		all[i].Up()
		t.Cleanup(all[i].Down)
	}
	for end := time.Now().Add(time.Minute); !led(all); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the cluster found no leader within a minute")
		}
	}
	return all
}

// led tells whether one of the servers leads all of them.
func led(all []*Server) bool {
	for _, s := range all {
		if s.srv.JetStreamIsLeader() && len(s.srv.JetStreamClusterPeers()) == len(all) {
			return true
		}
	}
	return false
}

// Name is the server's name in its cluster.
func (s *Server) Name() string { return s.opts.ServerName }

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
