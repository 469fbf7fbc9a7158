package console

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"nightshift/internal/program"
)

// give gives an order by the code of the commands pause, resume, hold, first
// and release.
func (s *Server) give(r *http.Request, v visit, act, name string, span time.Duration, why string) error {
	err := s.opt.System.Give(r.Context(), act, name, span, v.Who, why)
	var e *program.Error
	if errors.As(err, &e) && (e.Code == program.Usage || e.Code == program.Nothing) {
		return fault{http.StatusBadRequest, "Nothing was changed: " + e.Error() + "."}
	}
	if err == nil {
		s.opt.Log.Info("order", "who", v.Who, "act", act, "name", name)
		s.board.feel()
	}
	return err
}

// orderDo is the form. It goes back to the page it came from.
func (s *Server) orderDo(w http.ResponseWriter, r *http.Request, v visit) error {
	if err := r.ParseForm(); err != nil {
		return fault{http.StatusBadRequest, "The request cannot be read."}
	}
	act, name := r.Form.Get("act"), r.Form.Get("name")
	if err := s.give(r, v, act, name, 0, r.Form.Get("why")); err != nil {
		return err
	}
	back := r.Form.Get("back")
	if !strings.HasPrefix(back, "/box?") {
		back = "/"
	}
	http.Redirect(w, r, back, http.StatusSeeOther) // #nosec G710 -- one path of this console, checked above
	return nil
}

// apiOrders is what is in force.
func (s *Server) apiOrders(w http.ResponseWriter, r *http.Request, _ visit) error {
	t, err := s.opt.System.Turns(r.Context())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, t)
	return nil
}

// apiOrder gives one and answers with what is in force then.
func (s *Server) apiOrder(w http.ResponseWriter, r *http.Request, v visit) error {
	var in struct{ Act, Name, For, Why string }
	if err := readJSON(r, &in); err != nil {
		return err
	}
	span := time.Duration(0)
	if in.For != "" {
		var err error
		if span, err = time.ParseDuration(in.For); err != nil {
			return fault{http.StatusBadRequest, "for is a time span such as 2h."}
		}
	}
	if err := s.give(r, v, in.Act, in.Name, span, in.Why); err != nil {
		return err
	}
	return s.apiOrders(w, r, v)
}
