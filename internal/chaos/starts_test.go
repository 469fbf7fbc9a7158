//go:build minio

package chaos

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/runner/natstest"
	"nightshift/pipeline/store"
	"nightshift/pipeline/store/miniotest"
)

// refused starts each stage program with the environment and wants it to end
// with the code and a single line that says all of it; doctor must say the same.
func refused(t *testing.T, env []string, code int, says ...string) {
	t.Helper()
	for _, name := range []string{"ocr-worker", "structurer", "publisher"} {
		p := start(t, filepath.Join(programs, name), append(env, "NIGHTSHIFT_LOG_LEVEL=error"))
		got := p.wait(2 * time.Minute)
		if said := strings.TrimSpace(p.output()); got != code || strings.Contains(said, "\n") || !holds(said, says) {
			t.Errorf("%s ended with %d, wanted %d and %q; it said:\n%s", name, got, code, says, said)
		}
	}
	p := start(t, nightshift, env, "doctor")
	if got := p.wait(2 * time.Minute); got != program.Missing || !holds(p.output(), append(says, "to mend it")) {
		t.Errorf("doctor ended with %d and does not say %q:\n%s", got, says, p.output())
	}
}

func holds(said string, all []string) bool {
	for _, one := range all {
		for part := range strings.SplitSeq(one, "…") {
			if !strings.Contains(said, part) {
				return false
			}
		}
	}
	return true
}

// TestBadServers meets the programs with real servers that are wrong in one way
// each: every program and doctor name the cause and what mends it.
func TestBadServers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.prepare()
	good := s.addresses()
	env := func(nats, s3 string, more ...string) []string {
		return append([]string{"NIGHTSHIFT_NATS=" + nats, "NIGHTSHIFT_S3=" + s3}, more...)
	}
	fresh, stale := certificates(t), certificatesUntil(t, time.Now().Add(-time.Minute))
	ca := func(certs string) string { return filepath.Join(certs, "CAs", "ca.crt") }
	tls := func(certs string) string {
		return fmt.Sprintf("tls { cert_file: %q, key_file: %q }", filepath.Join(certs, "public.crt"), filepath.Join(certs, "private.key"))
	}

	t.Run("nobody there", func(t *testing.T) {
		refused(t, env("nats://"+free(t), good.S3), program.Unreachable, "NATS at nats://127.0.0.1", "does not answer", "start it, or correct the address in --nats")
		refused(t, env(good.NATS, "http://key:secret@"+free(t)), program.Unreachable, "the store at 127.0.0.1", "does not answer", "start it, or correct the address in --s3")
	})
	t.Run("wrong credentials of NATS", func(t *testing.T) {
		n := newNATS(t, "keyed", "127.0.0.1", "authorization { users = [ { nkey: UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4 } ] }").up()
		seed, _, err := night.NewNKey()
		if err != nil {
			t.Fatal(err)
		}
		foreign := filepath.Join(t.TempDir(), "foreign.nk")
		write(t, foreign, []byte(seed))
		refused(t, env(n.url(), good.S3, "NIGHTSHIFT_NATS_CREDS="+foreign), program.Unreachable, "does not accept these credentials", "--nats-creds")
	})
	t.Run("wrong credentials of the store", func(t *testing.T) {
		cfg := s.minio.Config()
		cfg.SecretKey += "x"
		refused(t, env(good.NATS, cfg.URL()), program.Unreachable, "does not accept this access key or secret", "minio.users of the same keys")
		cfg.AccessKey = "nobody"
		refused(t, env(good.NATS, cfg.URL()), program.Unreachable, "does not accept this access key or secret")
	})
	t.Run("certificates of NATS", func(t *testing.T) {
		n := newNATS(t, "stale", "127.0.0.1", tls(stale)).up()
		refused(t, env("tls://"+n.addr, good.S3, "NIGHTSHIFT_NATS_CA="+ca(stale)), program.Unreachable, "the certificate of NATS at tls://…expired on", "nats-server --signal reload")
		n = newNATS(t, "fresh", "127.0.0.1", tls(fresh)).up()
		refused(t, env("tls://"+n.addr, good.S3), program.Unreachable, "by an authority that is not trusted here", "--nats-ca")
	})
	t.Run("certificates of the store", func(t *testing.T) {
		for certs, says := range map[string]string{stale: "the certificate of the store at…expired on", fresh: "by an authority that is not trusted here…name the authority's PEM file with --s3-ca"} {
			m := miniotest.Start(t, miniotest.Options{Certs: certs, CA: ca(certs), Careless: certs == stale})
			trust := []string{}
			if certs == stale {
				trust = append(trust, "NIGHTSHIFT_S3_CA="+ca(certs))
			}
			cfg := m.Config()
			cfg.CAFile = ""
			refused(t, env(good.NATS, cfg.URL(), trust...), program.Unreachable, says)
		}
	})
	t.Run("NATS without JetStream", func(t *testing.T) {
		refused(t, env(natstest.StartWithout(t).URL(), good.S3), program.Missing, "it has no JetStream", "start the server with -js")
	})
	t.Run("NATS that nobody set up", func(t *testing.T) {
		refused(t, env(natstest.Start(t).URL(), good.S3), program.Missing, "stream SCANS is missing", "run `nightshift init` once")
	})
	t.Run("a stream with other settings", func(t *testing.T) {
		n := natstest.Start(t)
		_, js := n.Connect()
		for _, cfg := range []jetstream.StreamConfig{
			{Name: pipeline.StreamScans, Subjects: []string{"scans.>"}, Discard: jetstream.DiscardNew},
			{Name: pipeline.StreamWork, Subjects: []string{"work.>"}, Discard: jetstream.DiscardNew, Retention: jetstream.WorkQueuePolicy},
		} {
			if _, err := js.CreateStream(background, cfg); err != nil {
				t.Fatal(err)
			}
		}
		refused(t, env(n.URL(), good.S3), program.Missing, "stream WORK has retention WorkQueue instead of Limits", "an account of its own")
	})
	t.Run("an old NATS", func(t *testing.T) {
		old := os.Getenv("NIGHTSHIFT_OLD_NATS")
		if old == "" {
			t.Fatal("NIGHTSHIFT_OLD_NATS does not name a nats-server before 2.10; make test-minio builds one")
		}
		n := newNATS(t, "old", "127.0.0.1", "")
		n.program = old
		write(t, n.conf, fmt.Appendf(nil, "listen: %q\njetstream { store_dir: %q }\n", n.addr, t.TempDir()))
		refused(t, env(n.up().url(), good.S3), program.Missing, "is version 2.9", "upgrade it to 2.10 or newer")
	})
	t.Run("a missing bucket", func(t *testing.T) {
		m := miniotest.Start(t, miniotest.Options{})
		refused(t, env(good.NATS, m.Config().URL()), program.Missing, "has no bucket scans", "run `nightshift init` once")
	})
	t.Run("clocks apart", func(t *testing.T) {
		for off, says := range map[time.Duration][]string{
			-time.Hour: {"this machine's clock and that of the store at", "more than 15 minutes apart", "NTP"},
			time.Hour:  {"more than 15 minutes apart"},
		} {
			cfg := s.minio.Config()
			cfg.Endpoint = elsewhen(t, cfg, constant(off))
			refused(t, env(good.NATS, cfg.URL()), program.Unreachable, says...)
		}
		// Five minutes are borne, and doctor tells of them.
		cfg := s.minio.Config()
		cfg.Endpoint = elsewhen(t, cfg, constant(5*time.Minute))
		p := start(t, nightshift, env(good.NATS, cfg.URL()), "doctor")
		if code := p.wait(time.Minute); code != program.Missing || !holds(p.output(), []string{"5m", "apart", "NTP", "ok       store"}) {
			t.Errorf("doctor ended with %d\n%s", code, p.output())
		}
	})
	t.Run("a store that tells nobody", func(t *testing.T) {
		p := s.start("ocr-worker", "--children", "1")
		if want := []string{"tells nobody of new scans", "MINIO_NOTIFY_NATS", "by the sweep alone"}; !holds(p.output(), want) {
			t.Errorf("ocr-worker does not say %q:\n%s", want, p.output())
		}
		s.minio.Notify("scans")
		code, said := s.as("operator", "doctor")
		if code != 0 || !holds(said, []string{"ok       NATS", "ok       store", "ok       clock", "ok       notifications"}) {
			t.Errorf("doctor of a good site ended with %d\n%s", code, said)
		}
	})
	t.Run("a user without rights to notifications", func(t *testing.T) {
		user := s.user("blind", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::*"]}]}`)
		p := start(t, nightshift, env(good.NATS, user), "doctor")
		if code := p.wait(time.Minute); code != program.Missing || !holds(p.output(), []string{"no right to its notifications", "deploy/minio/setup.sh"}) {
			t.Errorf("doctor ended with %d\n%s", code, p.output())
		}
	})
}

// user makes a user of the store with the policy and returns the store's URL
// with its keys.
func (s *site) user(name, policy string) string {
	s.t.Helper()
	cfg := s.minio.Config()
	file := filepath.Join(s.t.TempDir(), "policy.json")
	write(s.t, file, []byte(policy))
	mc := filepath.Join(filepath.Dir(os.Getenv("NIGHTSHIFT_MINIO")), "mc")
	env := []string{"MC_CONFIG_DIR=" + s.t.TempDir(), "MC_HOST_night=" + cfg.URL()}
	const secret = "a-secret-of-the-test"
	run(s.t, env, mc, "admin", "policy", "create", "night", name, file)
	run(s.t, env, mc, "admin", "user", "add", "night", name, secret)
	run(s.t, env, mc, "admin", "policy", "attach", "night", name, "--user", name)
	cfg.AccessKey, cfg.SecretKey = name, secret
	return cfg.URL()
}

// elsewhen stands before the store as if this machine's clock were off: it signs
// what comes anew at that time, and shifts the time of the store's answers. A
// program whose own clock is off cannot be had: Go asks the kernel, not libc.
func elsewhen(t *testing.T, cfg store.Config, off *atomic.Int64) string {
	t.Helper()
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	creds := aws.Credentials{AccessKeyID: cfg.AccessKey, SecretAccessKey: cfg.SecretKey}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: cfg.Endpoint})
			if r.In.Header.Get("Authorization") == "" {
				return
			}
			body, err := io.ReadAll(r.In.Body)
			if err != nil {
				t.Errorf("read a request: %v", err)
			}
			r.Out.Body = io.NopCloser(bytes.NewReader(body))
			r.Out.Header.Del("Authorization")
			if err := signer.SignHTTP(r.Out.Context(), creds, r.Out, r.Out.Header.Get("X-Amz-Content-Sha256"), "s3", "us-east-1", time.Now().Add(time.Duration(off.Load()))); err != nil {
				t.Errorf("sign a request: %v", err)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			if at, err := http.ParseTime(r.Header.Get("Date")); err == nil {
				r.Header.Set("Date", at.Add(-time.Duration(off.Load())).UTC().Format(http.TimeFormat))
			}
			return nil
		},
	}
	srv := httptest.NewServer(proxy)
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

func constant(off time.Duration) *atomic.Int64 {
	v := new(atomic.Int64)
	v.Store(int64(off))
	return v
}

// TestClockGoesWrong sets the clock of working programs off by an hour. The store
// refuses all they ask; they wait, park nothing, and work on when it is right.
func TestClockGoesWrong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.prepare()
	off := constant(0)
	cfg := s.minio.Config()
	cfg.Endpoint = elsewhen(t, cfg, off)
	env := []string{"NIGHTSHIFT_NATS=" + s.addresses().NATS, "NIGHTSHIFT_S3=" + cfg.URL(), "NIGHTSHIFT_LOG_LEVEL=info", "NIGHTSHIFT_TRIES=2"}
	var all []*started
	for _, name := range []string{"ocr-worker", "structurer", "publisher"} {
		p := start(t, filepath.Join(programs, name), env)
		eventually(t, time.Minute, name+" ready", func() (bool, error) { return strings.Contains(p.output(), `"msg":"ready"`), nil })
		all = append(all, p)
	}
	s.minio.Notify("scans")
	off.Store(int64(time.Hour))
	dir := t.TempDir()
	for n := range 3 {
		write(t, filepath.Join(dir, "box", fmt.Sprintf("memo-%d x.txt", n)), fmt.Appendf(nil, "MEMORANDUM\n\nNumber %d.\n\nAt an odd hour.\n", n))
	}
	s.put(dir)
	eventually(t, time.Minute, "the worker waits", func() (bool, error) {
		return strings.Contains(all[0].output(), "what the stage depends on is away; waiting"), nil
	})
	time.Sleep(8 * time.Second) // more than two tries take
	sys := s.open()
	for f, err := range runner.Failures(background, sys.JS) {
		t.Errorf("parked for a wrong clock: %+v, %v", f, err)
	}
	off.Store(0)
	if total := s.ended(sys, 3); total.Published != 3 {
		t.Errorf("with the clock right again: %+v", total)
	}
	stopped(t, all)
}

// TestRenewedCertificates lets the certificates of both servers run out under
// programs that work, after renewed ones were put in their place as the runbook
// says: nobody is started again, connections made later are good, and a scan put
// in then is published.
func TestRenewedCertificates(t *testing.T) {
	t.Parallel()
	until := time.Now().Add(40 * time.Second)
	certs, authority := certificatesBy(t, nil, until)
	ca := filepath.Join(certs, "CAs", "ca.crt")
	n := newNATS(t, "night", "127.0.0.1", fmt.Sprintf("tls { cert_file: %q, key_file: %q }", filepath.Join(certs, "public.crt"), filepath.Join(certs, "private.key"))).up()
	m := miniotest.Start(t, miniotest.Options{Certs: certs, CA: ca})
	s := &site{t: t, urls: "tls://" + n.addr, ca: ca, minio: m}
	s.prepare()
	fleet := s.fleet("--quiet", "3s", "--sweep", "2s")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "box", "memo-1.txt"), []byte("MEMORANDUM\n\nNumber 1.\n\nBefore.\n"))
	s.put(dir)
	sys := s.open()
	s.ended(sys, 1)
	renewed, _ := certificatesBy(t, authority, time.Now().Add(time.Hour))
	for _, name := range []string{"private.key", "public.crt"} {
		copyFile(t, filepath.Join(renewed, name), filepath.Join(certs, name))
	}
	n.signal(syscall.SIGHUP) // nats-server --signal reload
	time.Sleep(time.Until(until) + time.Second)
	eventually(t, time.Minute, "both servers show the renewed certificates", func() (bool, error) {
		return code0(t, s.env("operator"), nightshift, "status")
	})
	n.kill() // the programs' connections, which were good when they were made
	n.up()
	more := t.TempDir()
	write(t, filepath.Join(more, "box", "memo-2.txt"), []byte("MEMORANDUM\n\nNumber 2.\n\nAfter.\n"))
	s.put(more)
	s.ended(sys, 2)
	stopped(t, fleet)
}

func code0(t *testing.T, env []string, program string, args ...string) (bool, error) {
	p := start(t, program, env, args...)
	if code := p.wait(time.Minute); code != 0 {
		return false, fmt.Errorf("%v ended with %d: %s", args, code, p.output())
	}
	return true, nil
}
