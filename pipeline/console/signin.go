package console

import (
	"net/http"
	"slices"

	"nightshift/pipeline/archive"
)

type signInData struct{ To, Name, Error string }

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) {
	if v := s.who(w, r); v.Role > Nobody {
		http.Redirect(w, r, local(r.FormValue("to")), http.StatusSeeOther) // #nosec G710 -- local lets only paths of this console through: FuzzLocal
		return
	}
	s.show(w, visit{}, http.StatusOK, "sign-in", page{Title: "Sign in", Data: signInData{To: local(r.FormValue("to"))}})
}

// maxSignIn bounds the bytes of a sign-in's form.
const maxSignIn = 8 << 10

// signIn checks name and password. There is no session yet that a token could
// be bound to: the check of the request's origin keeps others out.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxSignIn)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, visit{}, fault{http.StatusBadRequest, "That is no form of the sign-in page."})
		return
	}
	name, to := r.PostFormValue("name"), local(r.PostFormValue("to"))
	a, got := s.password(r, name, r.PostFormValue("password"))
	if got != right {
		status, text := http.StatusUnauthorized, "Name or password is wrong."
		if got == later {
			status, text = http.StatusTooManyRequests, "Too many tries. Wait half a minute, then try once more; each that is wrong makes the wait longer."
			w.Header().Set("Retry-After", "30")
		}
		if checkName(name) != nil {
			name = ""
		}
		s.show(w, visit{}, status, "sign-in", page{Title: "Sign in", Data: signInData{To: to, Name: name, Error: text}})
		return
	}
	s.opt.Log.Info("signed in", "who", a.Name, "role", a.Role.String(), "address", s.client(r))
	s.setCookie(w, r, s.sessions.start(a))
	http.Redirect(w, r, to, http.StatusSeeOther) // #nosec G710 -- local lets only paths of this console through: FuzzLocal
}

// signOut ends the session, or, everywhere, all of the person's.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request, v visit) error {
	s.sessions.end(v.Session)
	if v.SignOut && r.PostFormValue("everywhere") != "" {
		n := s.sessions.endAll(v.Who)
		s.opt.Log.Info("signed out everywhere", "who", v.Who, "others", n)
	}
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
