package console

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/replay"
)

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	_ = enc.Encode(v) // the client went away
}

// readJSON reads a request's body, whole and with known fields only.
func readJSON(r *http.Request, v any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil && !errors.Is(dec.Decode(&struct{}{}), io.EOF) {
		err = errors.New("more than one JSON value")
	}
	if err != nil {
		return fault{http.StatusBadRequest, "The body cannot be read: " + err.Error()}
	}
	return nil
}

func (s *Server) apiStatus(w http.ResponseWriter, _ *http.Request, _ visit) error {
	writeJSON(w, http.StatusOK, s.nightNow())
	return nil
}

// apiFailure is a failure with its number.
type apiFailure struct {
	Number uint64 `json:"number"`
	archive.Failure
}

func numbered(list []archive.Failure) []apiFailure {
	out := make([]apiFailure, len(list))
	for i, f := range list {
		out[i] = apiFailure{f.Sequence, f}
	}
	return out
}

func (s *Server) apiFailures(w http.ResponseWriter, r *http.Request, _ visit) error {
	_, sel, err := selector(r)
	if err != nil {
		return err
	}
	list, err := s.opt.System.Chosen(r.Context(), sel)
	if err != nil {
		return err
	}
	if by := r.FormValue("by"); by != "" {
		groups, err := replay.Groups(list, by, groupShown)
		if err != nil {
			return fault{http.StatusBadRequest, err.Error()}
		}
		writeJSON(w, http.StatusOK, groups)
		return nil
	}
	writeJSON(w, http.StatusOK, numbered(list))
	return nil
}

// apiReplay is `nightshift replay`. With dryRun it only lists.
func (s *Server) apiReplay(w http.ResponseWriter, r *http.Request, v visit) error {
	var in struct {
		Stage, Reason, Box, Item, Since, Until, Failure string
		Page                                            int
		All, DryRun                                     bool
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	ws := replay.Words{Stage: in.Stage, Reason: in.Reason, Box: in.Box, Item: in.Item, Since: in.Since, Until: in.Until, Numbers: in.Failure, Page: in.Page}
	if (ws == replay.Words{}) && !in.All {
		return fault{http.StatusBadRequest, "Say what to replay, or all."}
	}
	sel, err := ws.Selector(time.Now())
	if err != nil {
		return fault{http.StatusBadRequest, err.Error()}
	}
	list, err := s.opt.System.Chosen(r.Context(), sel)
	if err != nil {
		return err
	}
	refused := []string{}
	if !in.DryRun {
		done, err := s.opt.System.Replay(r.Context(), list, v.Who)
		if err != nil {
			return err
		}
		list = done.Asked
		for _, e := range done.Refused {
			refused = append(refused, e.Error())
		}
		s.board.poke()
	}
	writeJSON(w, http.StatusOK, map[string]any{"dryRun": in.DryRun, "failures": numbered(list), "refused": refused})
	return nil
}

// apiScans is `nightshift verify --list`, in parts: scans below a prefix, after
// a key, at most so many.
func (s *Server) apiScans(w http.ResponseWriter, r *http.Request, _ visit) error {
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 || limit > 1000 {
		limit = 100
	}
	c := s.board.last()
	out := struct {
		Counted time.Time               `json:"counted"`
		Scans   []progress.ScanStanding `json:"scans"`
		Next    string                  `json:"next,omitempty"` // ask for what comes after it
	}{c.At, scansOf(c.Standings, r.FormValue("prefix"), r.FormValue("after"), limit+1), ""}
	if len(out.Scans) > limit {
		out.Scans = out.Scans[:limit]
		out.Next = out.Scans[limit-1].Key
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

func (s *Server) apiReport(w http.ResponseWriter, r *http.Request, _ visit) error {
	rep, err := s.reportNow(r)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, rep)
	return nil
}

func (s *Server) apiActs(w http.ResponseWriter, _ *http.Request, _ visit) error {
	writeJSON(w, http.StatusOK, s.board.actsNow())
	return nil
}

func (s *Server) apiHistory(w http.ResponseWriter, r *http.Request, _ visit) error {
	page, _ := strconv.Atoi(r.FormValue("page")) // none: of the whole item
	list, err := s.history(r, archive.ItemID(r.PathValue("id")), page)
	if err != nil {
		return err
	}
	if list == nil {
		list = []archive.Event{}
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// apiLog is `nightshift show ITEM --log`: the lines as the programs wrote them.
func (s *Server) apiLog(w http.ResponseWriter, r *http.Request, _ visit) error {
	page, _ := strconv.Atoi(r.FormValue("page")) // none: of the whole item
	lines, err := s.opt.System.LogOf(r.Context(), archive.ItemID(r.PathValue("id")), page, logShown)
	if err != nil {
		return err
	}
	out := make([]json.RawMessage, len(lines))
	for i, l := range lines {
		out[i] = l.Raw
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}
