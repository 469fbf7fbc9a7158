package console

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// ErrNoHost refuses a public URL that names no host.
var ErrNoHost = errors.New("a public URL is http:// or https:// and a host, with a port where it has one: https://nightshift.example")

// hosts are the names that a browser may call the console by. A page elsewhere
// whose name was made to point here sends its own name, which is none of them.
type hosts struct {
	named map[string]bool // lower case, no port
	https map[string]bool // named by an https:// URL: TLS ends at a proxy
}

// newHosts takes public URLs and the address that the console listens on. The
// names of loopback are always among them.
func newHosts(public []string, listen net.Addr) (hosts, error) {
	h := hosts{named: map[string]bool{"localhost": true}, https: map[string]bool{}}
	for _, p := range public {
		u, err := url.Parse(p)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
			return h, fmt.Errorf("%w; not %q", ErrNoHost, p)
		}
		name := strings.ToLower(u.Hostname())
		h.named[name] = true
		h.https[name] = h.https[name] || u.Scheme == "https"
	}
	if a, ok := listen.(*net.TCPAddr); ok && !a.IP.IsUnspecified() {
		h.named[a.IP.String()] = true
	}
	return h, nil
}

// hostname is the lower-case name of a Host header without its port.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

func isLoopback(name string) bool {
	a, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && a.Unmap().IsLoopback()
}

func (h hosts) has(host string) bool {
	name := hostname(host)
	return h.named[name] || isLoopback(name)
}

// onlyNamed refuses requests for hosts that were not named. Probes of machines
// name none, and learn only that the console answers.
func (s *Server) onlyNamed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/healthz":
		case !s.hosts.has(r.Host):
			refuse(w, http.StatusForbidden, fmt.Sprintf("this console is not known as %.80q: start it with --public-url and the URL that people open", r.Host))
			return
		case s.open && passedOn(r) != "":
			refuse(w, http.StatusForbidden, "this console has no sign-in and answers on its own machine only, not through a proxy ("+passedOn(r)+"): start it with --accounts")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Connection", "close")
	http.Error(w, text, status)
}

// passedOn is the sign that a request came through a proxy, "" where there is
// none. Proxies that send a Host of their own making show by the headers that they
// add, by speaking HTTP/1.0 (nginx, unless told otherwise), or by the place that
// the browser says the page came from.
func passedOn(r *http.Request) string {
	for _, name := range []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-Ip", "X-Original-Host"} {
		if len(r.Header[name]) > 0 {
			return name
		}
	}
	if !r.ProtoAtLeast(1, 1) {
		return r.Proto
	}
	for _, name := range []string{"Origin", "Referer"} {
		v := r.Header.Get(name)
		if v == "" || v == "null" {
			continue // an opaque origin is refused for acts elsewhere
		}
		if u, err := url.Parse(v); name == "Origin" && (err != nil || !isLoopback(hostname(u.Host))) {
			return name
		} else if name == "Referer" && r.Method != http.MethodGet && r.Method != http.MethodHead && (err != nil || !isLoopback(hostname(u.Host))) {
			return name
		}
	}
	return ""
}
