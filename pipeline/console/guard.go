package console

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
)

// policy allows nothing from elsewhere, no script or style inside a page, no
// frame around or in it, and forms that go nowhere but here.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// imagePolicy is for bytes that come from a scan: whatever they are taken for,
// they run nothing and load nothing.
const imagePolicy = "default-src 'none'; sandbox"

// headers sets what every answer says.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil { // a proxy that ends TLS says for itself how long it will
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// tokens makes and checks the tokens in forms. A token is bound to the session
// or, without sign-in, to a cookie of the browser.
type tokens struct{ key [32]byte }

func newTokens() *tokens {
	t := new(tokens)
	rand.Read(t.key[:])
	return t
}

func (t *tokens) of(session string) string {
	m := hmac.New(sha256.New, t.key[:])
	m.Write([]byte("form\x00" + session))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func (t *tokens) fits(session, token string) bool {
	return session != "" && hmac.Equal([]byte(t.of(session)), []byte(token))
}

// secretLength is that of every secret.
const secretLength = 43

// secret is a new random name for a session.
func secret() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}
