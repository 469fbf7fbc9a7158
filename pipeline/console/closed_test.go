package console

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAccountsThatLetNobodyInStopTheStart(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := write(empty, []byte("# nobody yet\n")); err != nil {
		t.Fatal(err)
	}
	start := func(file string) error {
		o := options()
		o.Accounts = func() ([]Account, error) { return AccountsIn(file) }
		s, err := Listen("127.0.0.1:0", o)
		if err == nil {
			s.listener.Close()
		}
		return err
	}
	if err := start(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nightshift account") {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := start(empty); !errors.Is(err, ErrNobody) {
		t.Errorf("a file with nobody in it: %v", err)
	}
	if err := start(dir); err == nil {
		t.Error("a file that cannot be read starts")
	}
	if err := write(filepath.Join(dir, "broken"), []byte("anna:chief:x\n")); err != nil {
		t.Fatal(err)
	}
	if err := start(filepath.Join(dir, "broken")); err == nil {
		t.Error("a file that cannot be understood starts")
	}
}

// TestOnlyHostsThatWereNamed: others are refused, signed in or not.
func TestOnlyHostsThatWereNamed(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts, o.Public = people(t), []string{"https://Night.example:8443"} })
	for host, want := range map[string]int{
		"night.example": 200, "NIGHT.example:8443": 200, "localhost:1": 200, "127.0.0.1": 200, "[::1]:80": 200, "night.example.": 200,
		"evil.example": 403, "night.example.evil.example": 403, "192.0.2.1": 403, "localhost.evil.example": 403, "": 403,
	} {
		r := httptest.NewRequest("GET", "/sign-in", nil)
		r.Host, r.RemoteAddr = host, "127.0.0.1:1"
		w := httptest.NewRecorder()
		s.http.Handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d", host, w.Code)
		}
	}
	r := httptest.NewRequest("GET", "/healthz", nil)
	r.Host = "10.1.2.3:8383"
	w := httptest.NewRecorder()
	if s.http.Handler.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("a machine's probe: %d", w.Code)
	}
	for _, bad := range []string{"night.example", "ftp://night.example", "https://", "https://night.example/path", "https://a@night.example"} {
		o := options()
		o.Public = []string{bad}
		if _, err := Listen("127.0.0.1:0", o); !errors.Is(err, ErrNoHost) {
			t.Errorf("%q as a public URL: %v", bad, err)
		}
	}
}

// TestBehindAProxyThatRewritesHostNothingOpens: a proxy of Go's own, which adds
// headers, and one that adds none, as a browser sees it.
func TestBehindAProxyThatRewritesHostNothingOpens(t *testing.T) {
	s := open(t, nil)
	to, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*httputil.ProxyRequest){
		"one that says so": func(p *httputil.ProxyRequest) { p.SetXForwarded() },
		"one that does not, to a browser elsewhere": func(p *httputil.ProxyRequest) {
			p.Out.Header.Set("Origin", "https://night.example")
		},
	} {
		proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(to) // and the Host with it
			change(p)
		}})
		defer proxy.Close()
		for _, path := range []string{"/api/v1/orders", "/orders"} {
			resp, body := ask(t, client(t), "POST", proxy.URL+path, "application/json", strings.NewReader(`{"order":"pause","stage":"ocr"}`), nil)
			if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "--accounts") {
				t.Errorf("%s, %s: %s %s", what, path, resp.Status, body)
			}
		}
	}
	conn, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")); err != nil { // as nginx asks
		t.Fatal(err)
	}
	raw := make([]byte, 64)
	if n, err := conn.Read(raw); err != nil || !strings.Contains(string(raw[:n]), " 403 ") {
		t.Errorf("HTTP/1.0: %q, %v", raw[:n], err)
	}
}

func TestEveryPageSaysThatThereIsNoSignIn(t *testing.T) {
	s := open(t, nil)
	for path := range everyPage() {
		if _, body := look4(t, client(t), strings.TrimSuffix(s.URL(), "/")+path); !strings.Contains(body, "No sign-in: whoever works on this machine") {
			t.Errorf("%s does not", path)
		}
	}
}

func TestReturnsOnlyToThisConsole(t *testing.T) {
	for to, want := range map[string]string{
		"/failures?reason=x": "/failures?reason=x", "/items/i%20x?a=%2F": "/items/i%20x?a=%2F", "/": "/",
		"": "/", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/a\r\nSet-Cookie: x": "/",
		"/\t/evil.example": "/", "/%09/evil.example": "/", "/\n/evil.example": "/", "/%5cevil.example": "/", "/%5C/evil.example": "/",
		"/%2F/evil.example": "/", "/%2f%2fevil.example": "/", "///evil.example": "/", "\t//evil.example": "/", "javascript:alert(1)": "/",
		"evil.example": "/", "@evil.example": "/", "/\u00a0/evil.example": "/", "/\u0085/evil.example": "/", ":": "/", "/%": "/",
	} {
		if got := local(to); got != want {
			t.Errorf("%q leads to %q, not %q", to, got, want)
		}
	}
}

func FuzzLocal(f *testing.F) {
	f.Add("/failures?reason=x")
	f.Add("/%09/evil.example")
	here, err := url.Parse("http://localhost:8383/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, to string) {
		got := local(to)
		if got[0] != '/' || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\t\r\n\\") {
			t.Fatalf("%q leads to %q", to, got)
		}
		if u, err := here.Parse(got); err != nil || u.Host != here.Host {
			t.Fatalf("%q leads to %v, %v", to, u, err)
		}
	})
}

func TestSignInReturnsHereOnly(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	c := signedIn(t, s, "viewer", "viewer has a long one")
	resp, _ := look4(t, c, s.URL()+"sign-in?to=/%09/evil.example")
	if got := resp.Header.Get("Location"); got != "/" {
		t.Errorf("leads to %q", got)
	}
}

func TestStaticFilesAreNotListed(t *testing.T) {
	s := open(t, nil)
	for path, want := range map[string]int{"static/": 404, "static": 404, "static/.": 404, "static/none": 404, "static/console.js": 200} {
		resp, body := look4(t, client(t), s.URL()+path)
		for resp.StatusCode == http.StatusMovedPermanently || resp.StatusCode == http.StatusTemporaryRedirect {
			resp, body = look4(t, client(t), strings.TrimSuffix(s.URL(), "/")+resp.Header.Get("Location"))
		}
		if resp.StatusCode != want || want != 200 && strings.Contains(body, "console.css\"") && strings.Contains(body, "<pre>") {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}

func TestAProxyOfThisMachineNeedsASecret(t *testing.T) {
	o := options()
	o.ProxyHeader, o.ProxyFrom = "X-Forwarded-User", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	if _, err := Listen("127.0.0.1:0", o); !errors.Is(err, ErrProxySecret) {
		t.Errorf("without: %v", err)
	}
	for _, bad := range []string{"short"} {
		o.ProxySecret = bad
		if _, err := Listen("127.0.0.1:0", o); !errors.Is(err, ErrProxySecret) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	s := open(t, func(o *Options) {
		o.ProxyHeader, o.ProxyRole, o.ProxySecret = "X-Forwarded-User", Operator, "a secret of the proxy"
		o.ProxyFrom = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	for secret, want := range map[string]int{"": 303, "another secret of one": 303, "a secret of the proxy": 200} {
		resp, _ := ask(t, client(t), "GET", s.URL(), "", nil, func(r *http.Request) {
			r.Header.Set("X-Forwarded-User", "berta")
			r.Header.Set(ProxySecretHeader, secret)
		})
		if resp.StatusCode != want {
			t.Errorf("with the secret %q: %s", secret, resp.Status)
		}
	}
}

// TestTheAddressBehindAProxy is the last that no proxy of ours has.
func TestTheAddressBehindAProxy(t *testing.T) {
	s := &Server{opt: Options{ProxyFrom: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	for _, x := range []struct{ peer, told, want string }{
		{"10.0.0.1:1", "192.0.2.1", "192.0.2.1"},
		{"10.0.0.1:1", "127.0.0.1, 192.0.2.1, 10.9.9.9", "192.0.2.1"},
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"10.0.0.1:1", "192.0.2.1, junk", "10.0.0.1"},
		{"198.51.100.1:1", "192.0.2.1", "198.51.100.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = x.peer
		r.Header.Set("X-Forwarded-For", x.told)
		if got := s.client(r).String(); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}

func TestCookiesAreSecureWhereTheBrowserSpeaksTLS(t *testing.T) {
	s := open(t, func(o *Options) {
		o.Accounts, o.Public = people(t), []string{"https://night.example"}
		o.ProxyFrom, o.ProxySecret = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "a secret of the proxy"
	})
	cookie := func(change func(*http.Request)) (*http.Cookie, http.Header) {
		t.Helper()
		resp, _ := ask(t, client(t), "POST", s.URL()+"sign-in", form, strings.NewReader(url.Values{"name": {"viewer"}, "password": {"viewer has a long one"}}.Encode()), change)
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatal(resp.Status)
		}
		return resp.Cookies()[0], resp.Header
	}
	if c, h := cookie(nil); c.Secure || h.Get("Strict-Transport-Security") != "" {
		t.Error("secure without TLS")
	}
	if c, _ := cookie(func(r *http.Request) { r.Host = "night.example" }); !c.Secure {
		t.Error("not secure behind the public URL")
	}
	https := func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }
	if c, _ := cookie(https); c.Secure {
		t.Error("a stranger's word for TLS is taken")
	}
	if c, _ := cookie(func(r *http.Request) { https(r); r.Header.Set(ProxySecretHeader, "a secret of the proxy") }); !c.Secure {
		t.Error("not secure behind a proxy with TLS")
	}
}

func TestTLSOfOurOwnStays(t *testing.T) {
	cert, key := selfSigned(t)
	s := open(t, func(o *Options) { o.Accounts, o.CertFile, o.KeyFile = people(t), cert, key })
	c := client(t)
	c.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	resp, _ := look4(t, c, s.URL()+"sign-in")
	if !strings.HasPrefix(resp.Header.Get("Strict-Transport-Security"), "max-age=") {
		t.Error("no HSTS")
	}
}

func selfSigned(t *testing.T) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	raw, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}
