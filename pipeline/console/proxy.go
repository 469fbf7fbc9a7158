package console

import (
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ProxySecretHeader is the header in which a proxy proves that it is the one
// that is trusted: any user of its machine could connect from there.
const ProxySecretHeader = "Nightshift-Proxy-Secret"

// shortestSecret of a proxy, in bytes.
const shortestSecret = 16

// ErrProxySecret refuses to believe a header that every local user can send.
var ErrProxySecret = errors.New("--proxy-header from this machine itself could be sent by any of its users: give the proxy a secret of at least 16 bytes to send as " + ProxySecretHeader + ", and its file here as --proxy-secret-file; or name the proxy's own address with --proxy-from")

// checkProxy is an error for a proxy's header that anybody on this machine
// could send.
func (o Options) checkProxy() error {
	local := func(p netip.Prefix) bool {
		return p.Contains(netip.MustParseAddr("127.0.0.1")) || p.Contains(netip.IPv6Loopback()) || p.Addr().Unmap().IsLoopback()
	}
	if o.ProxyHeader != "" && len(o.ProxySecret) < shortestSecret && (o.ProxySecret != "" || slices.ContainsFunc(o.ProxyFrom, local)) {
		return ErrProxySecret
	}
	return nil
}

// peer is the address a request comes from.
func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return address(host)
}

func address(host string) netip.Addr {
	a, err := netip.ParseAddr(strings.TrimSpace(host))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// isProxy reports whether the address is that of a proxy that was named.
func (s *Server) isProxy(a netip.Addr) bool {
	return slices.ContainsFunc(s.opt.ProxyFrom, func(p netip.Prefix) bool { return p.Contains(a) })
}

// byProxy reports whether the request came through a proxy that is believed.
func (s *Server) byProxy(r *http.Request) bool {
	if !s.isProxy(peer(r)) {
		return false
	}
	return s.opt.ProxySecret == "" || subtle.ConstantTimeCompare([]byte(r.Header.Get(ProxySecretHeader)), []byte(s.opt.ProxySecret)) == 1
}

// proxied is the name that a believed proxy gives, "" without one.
func (s *Server) proxied(r *http.Request) string {
	if s.opt.ProxyHeader == "" || !s.byProxy(r) {
		return ""
	}
	name := r.Header.Get(s.opt.ProxyHeader)
	if checkName(name) != nil {
		return ""
	}
	return name
}

// client is the address of who asks: the last one that proxies tell of which is
// no proxy itself, since what stands before it anybody could have written.
func (s *Server) client(r *http.Request) netip.Addr {
	at := peer(r)
	if !s.byProxy(r) {
		return at
	}
	told := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, t := range slices.Backward(told) {
		a := address(t)
		if !a.IsValid() {
			return at
		}
		if at = a; !s.isProxy(at) {
			return at
		}
	}
	return at
}

// secure reports whether the browser speaks TLS, with us or with a proxy.
func (s *Server) secure(r *http.Request) bool {
	return r.TLS != nil || s.hosts.https[hostname(r.Host)] || s.byProxy(r) && r.Header.Get("X-Forwarded-Proto") == "https"
}
