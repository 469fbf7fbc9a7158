package console

import (
	"html/template"
	"net/http"
	"time"

	"nightshift/pipeline/report"
)

// reportNow is the morning report of this moment, by the code of `nightshift
// report`.
func (s *Server) reportNow(r *http.Request) (report.Report, error) {
	c := s.board.last()
	if c.At.IsZero() {
		return report.Report{}, fault{http.StatusServiceUnavailable, "The scans are still being counted. Try again in a moment."}
	}
	return s.opt.System.Report(r.Context(), c.Standings, time.Now().Add(-24*time.Hour), s.opt.Where)
}

func (s *Server) reportPage(w http.ResponseWriter, r *http.Request, v visit) error {
	rep, err := s.reportNow(r)
	if err != nil {
		return err
	}
	cut := shorten(&rep)
	body, err := rep.Body()
	if err != nil {
		return err
	}
	s.show(w, v, http.StatusOK, "report", page{Title: "Morning report", At: "report", Data: struct {
		Body template.HTML // of package report, escaped there
		Cut  int
	}{body, cut}})
	return nil
}

// reportShown bounds each list of the report on a page; its files hold all.
const reportShown = 100

// shorten cuts the report's lists for a page and returns how many lines went.
func shorten(r *report.Report) (gone int) {
	return clip(&r.Boxes) + clip(&r.Parked) + clip(&r.Pages) + clip(&r.Look) + clip(&r.Waiting) + clip(&r.Ignored) + clip(&r.Doubles) + clip(&r.Review)
}

func clip[T any](list *[]T) (gone int) {
	gone = max(0, len(*list)-reportShown)
	*list = (*list)[:len(*list)-gone]
	return gone
}

// reportFile offers the report's files for download.
func (s *Server) reportFile(w http.ResponseWriter, r *http.Request, _ visit) error {
	rep, err := s.reportNow(r)
	if err != nil {
		return err
	}
	var raw []byte
	kind := "application/json"
	switch r.PathValue("file") {
	case "report.html":
		kind = "text/html; charset=utf-8"
		raw, err = rep.HTML()
	case "report.txt":
		kind, raw = "text/plain; charset=utf-8", []byte(rep.Text())
	case "report.json":
		raw, err = rep.JSON()
	case "failures.json":
		raw, err = rep.FailuresJSON()
	default:
		return fault{http.StatusNotFound, "There is no such file of the report."}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+r.PathValue("file")+`"`)
	_, err = w.Write(raw) // #nosec G705 -- sent as a download, made by html/template
	return err
}
