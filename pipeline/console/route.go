package console

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// maxForm bounds the bytes of a form or an API request.
const maxForm = 1 << 20

// fault is an error with the answer it leads to.
type fault struct {
	status int
	text   string // for the person, a sentence
}

func (f fault) Error() string { return f.text }

// action answers one kind of request of somebody who may make it.
type action func(w http.ResponseWriter, r *http.Request, v visit) error

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	files := http.StripPrefix("/static/", http.FileServerFS(static))
	mux.HandleFunc("GET /static/", func(w http.ResponseWriter, r *http.Request) {
		if st, err := fs.Stat(static, strings.TrimPrefix(r.URL.Path, "/static/")); err != nil || st.IsDir() {
			s.fail(w, r, visit{}, fault{http.StatusNotFound, "There is no such page."})
			return
		}
		w.Header().Set("Cache-Control", "max-age=3600")
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /sign-in", s.signInPage)
	mux.HandleFunc("POST /sign-in", s.signIn)
	mux.HandleFunc("GET /healthz", s.healthz)
	for pattern, x := range map[string]struct {
		role Role
		do   action
	}{
		"GET /{$}":                        {Viewer, s.nightPage},
		"GET /box":                        {Viewer, s.boxPage},
		"GET /failures":                   {Viewer, s.failuresPage},
		"GET /failures/{number}":          {Viewer, s.failurePage},
		"GET /replay":                     {Viewer, s.replayPage},
		"POST /replay":                    {Operator, s.replayDo},
		"POST /orders":                    {Operator, s.orderDo},
		"GET /api/v1/orders":              {Viewer, s.apiOrders},
		"POST /api/v1/orders":             {Operator, s.apiOrder},
		"GET /models":                     {Viewer, s.modelsPage},
		"POST /models":                    {Operator, s.modelDo},
		"GET /api/v1/models":              {Viewer, s.apiModels},
		"POST /api/v1/models":             {Operator, s.apiUseModel},
		"GET /report":                     {Viewer, s.reportPage},
		"GET /report/{file}":              {Viewer, s.reportFile},
		"GET /acts":                       {Viewer, s.actsPage},
		"GET /live":                       {Viewer, s.live},
		"GET /items/{id}":                 {Viewer, s.itemPage},
		"GET /search":                     {Viewer, s.searchPage},
		"GET /api/v1/search":              {Viewer, s.apiSearch},
		"GET /review":                     {Viewer, s.reviewPage},
		"GET /review/{id}":                {Viewer, s.doubtsPage},
		"POST /review/{id}":               {Reviewer, s.reviewDo},
		"GET /api/v1/review":              {Viewer, s.apiReview},
		"GET /api/v1/items/{id}/doubts":   {Viewer, s.apiDoubts},
		"POST /api/v1/items/{id}/reviews": {Reviewer, s.apiDecide},
		"GET /upload":                     {Viewer, s.uploadPage},
		"POST /api/v1/uploads":            {Operator, s.uploadBegin},
		"POST /api/v1/uploads/{id}":       {Operator, s.uploadPiece},
		"POST /api/v1/uploads/complete":   {Operator, s.uploadEnd},
		"GET /image":                      {Viewer, s.image},
		"GET /scan":                       {Viewer, s.scan},
		"POST /sign-out":                  {Viewer, s.signOut},
		"GET /api/v1/status":              {Viewer, s.apiStatus},
		"GET /api/v1/failures":            {Viewer, s.apiFailures},
		"POST /api/v1/replay":             {Operator, s.apiReplay},
		"GET /api/v1/scans":               {Viewer, s.apiScans},
		"GET /api/v1/report":              {Viewer, s.apiReport},
		"GET /api/v1/items/{id}":          {Viewer, s.apiItem},
		"GET /api/v1/acts":                {Viewer, s.apiActs},
		"POST /items/{id}/field":          {Reviewer, s.fieldDo},
		"POST /api/v1/items/{id}/fields":  {Reviewer, s.apiField},
		"GET /api/v1/items/{id}/log":      {Viewer, s.apiLog},
		"GET /api/v1/items/{id}/history":  {Viewer, s.apiHistory},
	} {
		mux.Handle(pattern, s.guarded(x.role, x.do))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, s.who(w, r), fault{http.StatusNotFound, "There is no such page."})
	})
	h := http.NewCrossOriginProtection().Handler(mux)
	return headers(s.capped(s.onlyNamed(h)))
}

// guarded lets those with the role through. A form must carry the token of its
// page; a request to the API that changes something must say that it is JSON,
// which no page of another origin can send unasked.
func (s *Server) guarded(role Role, do action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.who(w, r)
		if v.Role > Nobody {
			leave, ok := s.asRequest(&r, v)
			if !ok {
				s.fail(w, r, v, tooMany)
				return
			}
			defer leave()
		}
		limit := int64(maxForm)
		if isPiece(r) {
			limit = maxPiece
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		err := s.allowed(r, v, role)
		if err == nil {
			err = do(w, r, v)
		}
		if err != nil {
			s.fail(w, r, v, err)
		}
	})
}

// isPiece reports whether it is a piece of a file: bytes, of a type that no page
// of another origin can send unasked either.
func isPiece(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/v1/uploads/") && r.Header.Get("Content-Type") == "application/octet-stream"
}

func (s *Server) allowed(r *http.Request, v visit, role Role) error {
	switch {
	case v.Role == Nobody:
		return fault{http.StatusUnauthorized, "Please sign in."}
	case v.Role < role:
		return fault{http.StatusForbidden, "This needs the role " + role.String() + "; " + v.Who + " is " + v.Role.String() + ". Nothing was done."}
	case r.Method != http.MethodPost:
		return nil
	case isPiece(r):
		return nil
	case isAPI(r) && r.Header.Get("Content-Type") != "application/json":
		return fault{http.StatusUnsupportedMediaType, "Send Content-Type: application/json."}
	case !isAPI(r) && !s.tokens.fits(v.Session, r.PostFormValue("token")):
		return fault{http.StatusForbidden, "This page is from before you signed in anew, or from before the console was started anew. Nothing was done; go back, reload the page and do it again."}
	}
	return nil
}

// fail answers with an error, logged if it is ours.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, v visit, err error) {
	var f fault
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &f):
	case errors.Is(err, os.ErrDeadlineExceeded):
		f = fault{http.StatusRequestTimeout, "What was sent did not come in time."}
	case errors.As(err, &large):
		f = fault{http.StatusRequestEntityTooLarge, fmt.Sprintf("More than %d bytes were sent.", large.Limit)}
	case r.Context().Err() != nil:
		return // the browser went away
	default:
		s.opt.Log.Error("console", "path", r.URL.Path, "error", err)
		f = fault{http.StatusInternalServerError, "That did not work: " + withoutPaths(err)}
	}
	switch {
	case isAPI(r):
		if f.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="nightshift", charset="UTF-8"`)
		}
		writeJSON(w, f.status, map[string]string{"error": f.text})
	case f.status == http.StatusUnauthorized && r.Method == http.MethodGet:
		http.Redirect(w, r, "/sign-in?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	default:
		s.show(w, v, f.status, "error", page{Title: http.StatusText(f.status), Data: f.text})
	}
}

// healthz says that the console answers, and no more.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"console": "ok", "version": s.opt.Version})
}

// withoutPaths is an error as people may see it who need not know where files of
// this machine lie; the log has it whole.
func withoutPaths(err error) string {
	var file *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &file):
		return file.Err.Error() + "; the log says more."
	case errors.As(err, &link):
		return link.Err.Error() + "; the log says more."
	}
	return err.Error()
}
