//go:build minio

package chaos

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store/miniotest"
)

// natsd is a NATS server in a process of its own, which a test may kill and start
// again on its address and files.
type natsd struct {
	*started
	t       *testing.T
	name    string
	program string // "": nats-server of the version in go.mod
	conf    string
	addr    string
	env     []string
}

// newNATS starts a server that listens on host, with JetStream in a directory of
// its own and more of the configuration.
func newNATS(t *testing.T, name, host, more string, env ...string) *natsd {
	t.Helper()
	n := &natsd{t: t, name: name, addr: free(t), env: env}
	_, port, err := net.SplitHostPort(n.addr)
	if err != nil {
		t.Fatal(err)
	}
	n.addr = net.JoinHostPort(host, port)
	dir := t.TempDir()
	n.conf = filepath.Join(dir, "nats.conf")
	write(t, n.conf, fmt.Appendf(nil, "server_name: %s\nlisten: %q\njetstream { store_dir: %q, sync_interval: always }\n%s\n", name, n.addr, filepath.Join(dir, "js"), more))
	return n
}

// up starts the server and returns when it listens.
func (n *natsd) up() *natsd {
	n.t.Helper()
	program, env := n.program, n.env
	if program == "" {
		program, env = self(n.t), append(slices.Clone(env), roleVariable+"=nats")
	}
	n.started = start(n.t, program, env, "-c", n.conf)
	eventually(n.t, time.Minute, "NATS listens", func() (bool, error) {
		select {
		case <-n.done:
			n.t.Fatalf("NATS ended with %d\n%s", n.code, n.output())
		default:
		}
		c, err := net.DialTimeout("tcp", n.addr, time.Second)
		if err != nil {
			return false, nil
		}
		return true, c.Close()
	})
	return n
}

func (n *natsd) url() string { return "nats://" + n.addr }

// cluster starts three servers that hold streams together.
func cluster(t *testing.T) []*natsd {
	t.Helper()
	var nodes []*natsd
	var routes []string
	listen := make([]string, 3)
	for i := range listen {
		listen[i] = free(t)
		routes = append(routes, "nats://"+listen[i])
	}
	for i := range listen {
		nodes = append(nodes, newNATS(t, fmt.Sprintf("n%d", i+1), "127.0.0.1",
			fmt.Sprintf("cluster { name: night, listen: %q, routes: [%s] }", listen[i], strings.Join(routes, ", "))).up())
	}
	return nodes
}

// pause is the longest time without an entry in the ledger that began or ended
// after an instant, and how far after it the pause ended.
func pause(t *testing.T, sys *night.System, after time.Time) (longest, ended time.Duration) {
	t.Helper()
	var times []time.Time
	read := func() error {
		times = times[:0]
		for e, err := range runner.Events(background, sys.JS) {
			if err != nil {
				return err
			}
			times = append(times, e.Time)
		}
		return nil
	}
	// A cluster that has just lost its leader may leave one request unanswered.
	for try := 0; ; try++ {
		err := read()
		if err == nil {
			break
		}
		if try == 20 {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
	}
	slices.SortFunc(times, time.Time.Compare)
	for i := 1; i < len(times); i++ {
		if d := times[i].Sub(times[i-1]); times[i].After(after) && d > longest {
			longest, ended = d, times[i].Sub(after)
		}
	}
	return longest.Round(100 * time.Millisecond), ended.Round(100 * time.Millisecond)
}

// TestClusterLosesItsLeader works on a three-server NATS cluster with replicas
// of every stream and a MinIO of four drives. The server that leads WORK is
// killed while pages are read, and comes back later: nothing is lost, nothing is
// there twice, and it catches up.
func TestClusterLosesItsLeader(t *testing.T) {
	t.Parallel()
	dir := scans(t)
	want, total := reference(t, dir)
	nodes := cluster(t)
	var urls []string
	for _, n := range nodes {
		urls = append(urls, n.url())
	}
	s := &site{t: t, urls: strings.Join(urls, ","), minio: miniotest.Start(t, miniotest.Options{Drives: 4})}
	eventually(t, 2*time.Minute, "streams with three replicas", func() (bool, error) {
		code, said := s.as("admin", "init", "--replicas", "3")
		if code != 0 {
			return false, fmt.Errorf("init ended with %d: %s", code, said)
		}
		return true, nil
	})
	fleet := s.fleet("--quiet", "15s", "--sweep", "2s")
	sys := s.open()
	s.put(dir)
	s.reading(sys)
	info := workInfo(t, sys)
	if info.Config.Replicas != 3 {
		t.Fatalf("WORK has %d replicas", info.Config.Replicas)
	}
	i := slices.IndexFunc(nodes, func(n *natsd) bool { return n.name == info.Cluster.Leader })
	if i < 0 {
		t.Fatalf("no node is the leader %q", info.Cluster.Leader)
	}
	killed := time.Now()
	nodes[i].kill()
	eventually(t, longest, "work goes on without the leader", func() (bool, error) {
		_, queues, err := runner.Idle(background, sys.JS)
		return len(queues) > 0, err
	})
	t.Logf("the queues answered again %s after the leader of WORK was killed", time.Since(killed).Round(time.Millisecond))
	s.checked(sys, want, total)
	quiet, ended := pause(t, sys, killed)
	t.Logf("longest pause in the ledger %s, over %s after the kill; all had ended %s after it", quiet, ended, time.Since(killed).Round(time.Second))
	nodes[i].up()
	eventually(t, 2*time.Minute, "the server that was killed has caught up", func() (bool, error) {
		info := workInfo(t, sys)
		current := 0
		for _, r := range info.Cluster.Replicas {
			if r.Current && !r.Offline {
				current++
			}
		}
		return current == 2, nil
	})
	stopped(t, fleet)
}

func workInfo(t *testing.T, sys *night.System) *jetstream.StreamInfo {
	t.Helper()
	var info *jetstream.StreamInfo
	eventually(t, time.Minute, "the state of WORK", func() (bool, error) {
		work, err := sys.JS.Stream(background, pipeline.StreamWork)
		if err != nil {
			return false, err
		}
		info, err = work.Info(background)
		return err == nil && info.Cluster != nil, err
	})
	return info
}

// machine is a network namespace joined to this one by a cable that can be cut.
type machine struct {
	t          *testing.T
	name, here string // here: the address of this side
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("network namespaces need root")
	}
	n := os.Getpid()%60000 + 1
	m := &machine{t: t, name: fmt.Sprintf("night%d", n), here: fmt.Sprintf("10.213.%d.%d", n/250, n%250+1)}
	there := fmt.Sprintf("10.214.%d.%d", n/250, n%250+1)
	t.Cleanup(func() { start(t, "ip", nil, "netns", "del", m.name).wait(time.Minute) })
	for _, args := range [][]string{
		{"netns", "add", m.name},
		{"link", "add", m.name, "type", "veth", "peer", "name", "uplink", "netns", m.name},
		{"addr", "add", m.here, "peer", there, "dev", m.name},
		{"link", "set", m.name, "up"},
		{"-n", m.name, "addr", "add", there, "peer", m.here, "dev", "uplink"},
		{"-n", m.name, "link", "set", "uplink", "up"},
		{"-n", m.name, "link", "set", "lo", "up"},
	} {
		run(t, nil, "ip", args...)
	}
	return m
}

// cable cuts or mends the connection, without a word to either side.
func (m *machine) cable(state string) { run(m.t, nil, "ip", "link", "set", m.name, state) }

// TestWorkerMachineCutOff runs one OCR worker on a machine of its own, whose
// cable is cut while it reads. What it held is done by the worker on the other
// machine; when the cable is back it works on, with nothing done twice.
func TestWorkerMachineCutOff(t *testing.T) {
	t.Parallel()
	dir := scans(t)
	want, total := reference(t, dir)
	m := newMachine(t)
	n := newNATS(t, "night", m.here, "").up()
	s := &site{t: t, urls: n.url(), minio: miniotest.Start(t, miniotest.Options{Host: m.here})}
	s.prepare()
	reading := []string{"--children", "1", "--quiet", "15s", "--sweep", "5s"}
	away := start(t, "ip", append(s.env("ocr-worker"), "NIGHTSHIFT_LOG_LEVEL=info"),
		append([]string{"netns", "exec", m.name, filepath.Join(programs, "ocr-worker")}, reading...)...)
	says := func(what string) func() (bool, error) {
		return func() (bool, error) { return strings.Contains(away.output(), what), nil }
	}
	eventually(t, time.Minute, "the worker on the other machine is ready", says(`"msg":"ready"`))
	s.start("structurer")
	s.start("publisher")
	sys := s.open()
	s.put(dir)
	s.reading(sys)
	m.cable("down")
	cut := time.Now()
	here := s.start("ocr-worker", reading...)
	s.checked(sys, want, total)
	quiet, ended := pause(t, sys, cut)
	t.Logf("longest pause in the ledger %s, over %s after the cut; all had ended %s after it", quiet, ended, time.Since(cut).Round(time.Second))
	stopped(t, []*started{here})
	select {
	case <-away.done:
		t.Fatalf("the worker that was cut off ended with %d\n%s", away.code, away.output())
	default:
	}
	m.cable("up")
	back := time.Now()
	more := t.TempDir()
	write(t, filepath.Join(more, "north", "box-3", "memo-20.txt"), []byte("MEMORANDUM\n\nNumber 20.\n\nThe cable was mended.\n"))
	s.put(more)
	s.ended(sys, total.Scans+1)
	t.Logf("the worker that was cut off had done the next scan %s after the cable was back", time.Since(back).Round(time.Second))
	onceEach(t, sys.JS)
	away.signal(syscall.SIGTERM)
	if code := away.wait(time.Minute); code != 0 {
		t.Errorf("the worker that was cut off ended with %d\n%s", code, away.output())
	}
}
