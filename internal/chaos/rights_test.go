//go:build minio

package chaos

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"nightshift/internal/night"
	"nightshift/pipeline"
	"nightshift/pipeline/runner/natstest"
	"nightshift/pipeline/store/miniotest"
)

// newSecureSite is a site as deploy/ sets one up: TLS, an NKey and a user of
// the store for each service, permissions and policies, all by the files and
// commands that an administrator uses.
func newSecureSite(t *testing.T) *site {
	t.Helper()
	certs := certificates(t)
	ca := filepath.Join(certs, "CAs", "ca.crt")
	keys := filepath.Join(t.TempDir(), "keys")
	run(t, nil, nightshift, "keys", "--out", keys)
	for _, line := range lines(t, filepath.Join(keys, "nats.env")) {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
	for name, value := range map[string]string{
		"NATS_NAME": "night", "NATS_LISTEN": "127.0.0.1:-1", "NATS_STORE": t.TempDir(),
		"NATS_CERT": filepath.Join(certs, "public.crt"), "NATS_KEY": filepath.Join(certs, "private.key"),
	} {
		t.Setenv(name, value)
	}
	n := natstest.StartFile(t, "../../deploy/nats/nightshift.conf")
	u, err := url.Parse(n.URL())
	if err != nil {
		t.Fatal(err)
	}
	m := miniotest.Start(t, miniotest.Options{Certs: certs, CA: ca, Env: miniotest.NotifyNATS(
		u.Host, pipeline.SubjectScans, "TLS=on", "CERT_AUTHORITY="+ca, "NKEY_SEED="+filepath.Join(keys, "minio.nk"))})
	root := m.Config()
	root.CAFile = ""
	if len(lines(t, filepath.Join(keys, "minio.users"))) < 5 {
		t.Fatal("the store's users are missing")
	}
	// Only the addresses were not known when the keys were made.
	for _, h := range []string{"ocr-worker", "structurer", "publisher", "operator", "admin", "reader", "scanner"} {
		file := filepath.Join(keys, h+".env")
		env := strings.NewReplacer("tls://localhost:4222", "tls://"+u.Host, "localhost:9000", root.Endpoint).Replace(strings.Join(lines(t, file), "\n"))
		env += "\nNIGHTSHIFT_NATS_CA=" + ca + "\nNIGHTSHIFT_S3_CA=" + ca + "\n"
		if err := os.WriteFile(file, []byte(env), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := &site{t: t, nats: n, minio: m, keys: keys}
	mc := filepath.Join(filepath.Dir(os.Getenv("NIGHTSHIFT_MINIO")), "mc")
	conf := t.TempDir()
	copyFile(t, ca, filepath.Join(conf, "certs", "CAs", "ca.crt"))
	for range 2 { // again: nothing must be in the way
		run(t, []string{"MC=" + mc, "MC_CONFIG_DIR=" + conf, "MC_HOST_night=" + root.URL()}, "../../deploy/minio/setup.sh", filepath.Join(keys, "minio.users"))
		s.prepare()
	}
	return s
}

func run(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	p := start(t, name, env, args...)
	if code := p.wait(2 * time.Minute); code != 0 {
		t.Fatalf("%s %v ended with %d\n%s", name, args, code, p.output())
	}
}

func lines(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, raw)
}

// certificates makes an authority and a certificate of 127.0.0.1 by it, as
// MinIO's certs folder wants them.
func certificates(t *testing.T) string {
	return certificatesUntil(t, time.Now().Add(24*time.Hour))
}

func certificatesUntil(t *testing.T, end time.Time) string {
	dir, _ := certificatesBy(t, nil, end)
	return dir
}

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// certificatesBy makes a certificate that ends then; nil makes a new authority.
func certificatesBy(t *testing.T, by *authority, end time.Time) (string, *authority) {
	t.Helper()
	dir := t.TempDir()
	begin := time.Now().Add(-24 * time.Hour)
	if by == nil {
		by = &authority{key: newKey(t), cert: &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "night test authority"}, NotBefore: begin, NotAfter: time.Now().Add(24 * time.Hour),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		}}
	}
	sign(t, filepath.Join(dir, "CAs", "ca.crt"), by.cert, by.cert, by.key, by.key)
	key := newKey(t)
	sign(t, filepath.Join(dir, "public.crt"), &x509.Certificate{
		SerialNumber: big.NewInt(end.UnixNano()), Subject: pkix.Name{CommonName: "night"}, NotBefore: begin, NotAfter: end,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, by.cert, key, by.key)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "private.key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	return dir, by
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sign(t *testing.T, file string, cert, by *x509.Certificate, key, byKey *ecdsa.PrivateKey) {
	t.Helper()
	raw, err := x509.CreateCertificate(rand.Reader, cert, by, &key.PublicKey, byKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
}

// connect connects with a service's keys.
func (s *site) connect(service string) *night.System {
	s.t.Helper()
	a := night.Addresses{Given: true, Program: service}
	if service == "operator" || service == "admin" {
		a.Program = "nightshift" // a person's program, whoever the person is
	}
	for _, line := range s.env(service) {
		name, value, _ := strings.Cut(line, "=")
		switch name {
		case "NIGHTSHIFT_NATS":
			a.NATS = value
		case "NIGHTSHIFT_NATS_CREDS":
			a.NATSCreds = value
		case "NIGHTSHIFT_NATS_CA":
			a.NATSCA = value
		case "NIGHTSHIFT_S3":
			a.S3 = value
		case "NIGHTSHIFT_S3_CA":
			a.S3CA = value
		}
	}
	sys, err := night.Open(background, a, slog.New(slog.DiscardHandler))
	if err != nil {
		s.t.Fatalf("%s: %v", service, err)
	}
	s.t.Cleanup(func() { sys.Close() })
	return sys
}

// TestRights runs the sample box with least rights: they are enough.
func TestRights(t *testing.T) {
	dir := scans(t)
	want, total := reference(t, dir)
	s := newSecureSite(t)
	fleet := s.fleet("--quiet", "15s", "--sweep", "0")
	s.put(dir)
	operator := s.connect("operator")
	s.checked(operator, want, total)
	for _, args := range [][]string{{"status"}, {"failures"}, {"report"}, {"verify"}, {"replay", "--all"}} {
		if code, said := s.as("operator", args...); code != 0 && code != 3 && code != 9 {
			t.Errorf("operator: %v ended with %d\n%s", args, code, said)
		}
	}
	stopped(t, fleet)
	t.Run("without keys", s.strangers)
}

// permitted reports whether the server lets a publish through. What is published
// is no message of a known form, and only to subjects that are refused or to a
// reply that nobody reads, after all work is done.
func permitted(t *testing.T, nc *nats.Conn, subject string) bool {
	t.Helper()
	nc.SetErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}) // LastError has it
	msg := nats.NewMsg(subject)
	msg.Header.Set("Nats-Expected-Stream", "none") // let through, it is still not taken
	if strings.HasPrefix(subject, "$JS.API.") {
		msg = &nats.Msg{Subject: subject, Data: []byte("no request")} // let through, it is still not understood
	}
	if err := nc.PublishMsg(msg); err != nil {
		t.Fatal(err)
	}
	if err := nc.FlushTimeout(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	return !refusedLast(nc, "Publish", subject)
}

// refusedLast reports whether the last thing that the server refused is this. The
// refusal precedes the answer to a flush on the wire, and the client notes it as
// it reads it; handlers of errors are called some time later.
func refusedLast(nc *nats.Conn, what, subject string) bool {
	err := nc.LastError()
	return err != nil && strings.Contains(strings.ToLower(err.Error()), strings.ToLower(what)+` to "`+strings.ToLower(subject)+`"`)
}

// subscribed is an error if the server refuses the subscription.
func subscribed(nc *nats.Conn, subject string) error {
	nc.SetErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})
	sub, err := nc.SubscribeSync(subject)
	if err != nil {
		return err
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := nc.FlushTimeout(10 * time.Second); err != nil {
		return err
	}
	if refusedLast(nc, "Subscription", subject) {
		return nc.LastError()
	}
	return nil
}
