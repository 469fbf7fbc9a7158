package console

import (
	"net/http"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
)

type signInData struct{ To, Name, Error string }

// local keeps a path to return to on this console.
func local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) {
	if v := s.who(w, r); v.Role > Nobody {
		http.Redirect(w, r, local(r.FormValue("to")), http.StatusSeeOther)
		return
	}
	s.show(w, visit{}, http.StatusOK, "sign-in", page{Title: "Sign in", Data: signInData{To: local(r.FormValue("to"))}})
}

// signIn checks name and password. There is no session yet that a token could
// be bound to: the check of the request's origin keeps others out.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	name, to := r.PostFormValue("name"), local(r.PostFormValue("to"))
	a, ok := s.password(r, name, r.PostFormValue("password"))
	if !ok {
		status := http.StatusUnauthorized
		text := "Name or password is wrong."
		if !s.doorman.has("address "+peer(r).String(), "name "+name) {
			status, text = http.StatusTooManyRequests, "Too many tries. Wait half a minute, then try once more."
			w.Header().Set("Retry-After", "30")
		}
		s.show(w, visit{}, status, "sign-in", page{Title: "Sign in", Data: signInData{To: to, Name: name, Error: text}})
		return
	}
	s.opt.Log.Info("signed in", "who", a.Name, "role", a.Role.String(), "address", peer(r))
	s.setCookie(w, r, s.sessions.start(a.Name))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, v visit) error {
	s.sessions.end(v.Session)
	s.setCookie(w, r, "")
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// actsNow are the acts of people, newest first.
func (b *board) actsNow() []archive.Event {
	b.mu.RLock()
	out := slices.Clone(b.acts)
	b.mu.RUnlock()
	slices.Reverse(out)
	return out
}

func (s *Server) actsPage(w http.ResponseWriter, r *http.Request, v visit) error {
	list, at := part(r, s.board.actsNow(), itemsShown)
	s.show(w, v, http.StatusOK, "acts", page{Title: "Acts", At: "acts", Data: struct {
		List  []archive.Event
		Pages pages
	}{list, at}})
	return nil
}
