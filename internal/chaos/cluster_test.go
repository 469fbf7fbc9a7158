//go:build minio

package chaos

import (
	"strings"
	"testing"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/runner/natstest"
	"nightshift/pipeline/store/miniotest"
)

// TestClusterLosesItsLeader works on a three-server NATS cluster with replicas
// of every stream and a MinIO of four drives. The server that leads WORK is
// stopped while pages are read, and comes back later: nothing is lost, nothing
// is there twice.
func TestClusterLosesItsLeader(t *testing.T) {
	dir := scans(t)
	want, total := reference(t, dir)
	nodes := natstest.StartCluster(t, 3)
	var urls []string
	for _, n := range nodes {
		urls = append(urls, n.URL())
	}
	s := &site{t: t, urls: strings.Join(urls, ","), minio: miniotest.Start(t, miniotest.Options{Drives: 4})}
	if code, said := s.as("admin", "init", "--replicas", "3"); code != 0 {
		t.Fatalf("init ended with %d\n%s", code, said)
	}
	fleet := s.fleet("--quiet", "15s", "--sweep", "2s")
	sys := s.open()
	s.put(dir)
	s.reading(sys)
	work, err := sys.JS.Stream(background, pipeline.StreamWork)
	if err != nil {
		t.Fatal(err)
	}
	info, err := work.Info(background)
	if err != nil {
		t.Fatal(err)
	}
	if info.Config.Replicas != 3 {
		t.Fatalf("WORK has %d replicas", info.Config.Replicas)
	}
	var leader *natstest.Server
	for _, n := range nodes {
		if n.Name() == info.Cluster.Leader {
			leader = n
		}
	}
	if leader == nil {
		t.Fatalf("no node is the leader %q", info.Cluster.Leader)
	}
	leader.Down()
	begin := time.Now()
	eventually(t, longest, "work goes on without the leader", func() (bool, error) {
		_, queues, err := runner.Idle(background, sys.JS)
		return len(queues) > 0, err
	})
	t.Logf("the queues answered again %s after the leader of WORK was stopped", time.Since(begin).Round(time.Millisecond))
	s.checked(sys, want, total)
	leader.Up()
	stopped(t, fleet)
}
