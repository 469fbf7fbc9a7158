package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"nightshift/pipeline/model/versions"
)

// modelsShown is what the archive has taught the recognition model.
type modelsShown struct {
	Chosen   int                `json:"chosen"` // 0: the model that the program carries
	Trouble  string             `json:"trouble,omitempty"`
	Versions []versions.Version `json:"versions"`
	History  []versions.Choice  `json:"history"` // newest first
	Command  string             `json:"command"` // that trains
	Again    string             `json:"again"`   // that reads again what is published
}

// models reads the registry; ok is false where the system has no data directory.
func (s *Server) models() (m modelsShown, ok bool, err error) {
	registry, ok := s.opt.System.Models()
	if !ok {
		return m, false, nil
	}
	m.Command, m.Again = "nightshift train "+s.opt.Where, "nightshift replay --done --stage ocr --all "+s.opt.Where
	if m.Versions, err = registry.All(); err != nil {
		return m, true, err
	}
	slices.Reverse(m.Versions)
	if m.History, err = registry.History(); err != nil {
		return m, true, err
	}
	slices.Reverse(m.History)
	n, _, trouble := registry.Chosen()
	if m.Chosen = n; trouble != nil {
		m.Trouble = withoutPaths(trouble)
	}
	return m, true, nil
}

// modelsPage shows the versions with their figures.
func (s *Server) modelsPage(w http.ResponseWriter, r *http.Request, v visit) error {
	m, ok, err := s.models()
	if err != nil {
		return err
	}
	s.show(w, v, http.StatusOK, "models", page{Title: "Models", At: "models", Data: struct {
		modelsShown
		Kept bool
	}{m, ok}})
	return nil
}

// modelDo is the form: it chooses one.
func (s *Server) modelDo(w http.ResponseWriter, r *http.Request, v visit) error {
	if err := r.ParseForm(); err != nil {
		return fault{http.StatusBadRequest, "The request cannot be read."}
	}
	n, err := strconv.Atoi(r.Form.Get("number"))
	if err != nil {
		return fault{http.StatusBadRequest, "That is no model's number."}
	}
	if err := s.useModel(n, v); err != nil {
		return err
	}
	http.Redirect(w, r, "/models", http.StatusSeeOther)
	return nil
}

// useModel chooses a version by the code of `nightshift train --use`.
func (s *Server) useModel(n int, v visit) error {
	registry, ok := s.opt.System.Models()
	if !ok {
		return fault{http.StatusNotFound, "This system has no data directory, and no models of its own."}
	}
	err := registry.Use(n, v.Who, time.Now())
	switch {
	case errors.Is(err, versions.ErrNone):
		return fault{http.StatusNotFound, "There is no such model. Nothing was changed."}
	case err != nil:
		return fault{http.StatusConflict, "Nothing was changed: " + withoutPaths(err)}
	}
	s.opt.Log.Info("model", "who", v.Who, "number", n)
	return nil
}

// apiModels is the same in JSON.
func (s *Server) apiModels(w http.ResponseWriter, _ *http.Request, _ visit) error {
	m, ok, err := s.models()
	if err == nil && !ok {
		err = fault{http.StatusNotFound, "This system has no data directory, and no models of its own."}
	}
	if err == nil {
		writeJSON(w, http.StatusOK, m)
	}
	return err
}

// apiUseModel chooses one and answers with what is in force then.
func (s *Server) apiUseModel(w http.ResponseWriter, r *http.Request, v visit) error {
	in := struct{ Number *int }{}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	if in.Number == nil {
		return fault{http.StatusBadRequest, "number is a model's, or 0 for the shipped one."}
	}
	if err := s.useModel(*in.Number, v); err != nil {
		return err
	}
	return s.apiModels(w, r, v)
}
