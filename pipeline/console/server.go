package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"nightshift/internal/night"
	"nightshift/pipeline/record"
)

// Options of a console.
type Options struct {
	System *night.System
	// Images makes page images for browsers; nil: only masters that browsers
	// can show themselves are shown.
	Images record.Images
	// Person acts where there is no sign-in: user@host.
	Person string
	// Accounts is read anew at every request, so that a change to the file
	// takes effect at once; nil: there are none.
	Accounts func() ([]Account, error)
	// ProxyHeader names the header in which a proxy that asks from one of
	// ProxyFrom tells who signed in there; "": none is trusted. ProxyRole is
	// the role of names without an account.
	ProxyHeader string
	ProxyFrom   []netip.Prefix
	ProxyRole   Role
	// A session ends after SessionIdle without a request, and after SessionMax.
	SessionIdle, SessionMax time.Duration
	// CertFile and KeyFile make it HTTPS.
	CertFile, KeyFile string
	// Spool is the folder for uploads that are not whole yet, and MaxBytes bounds
	// one of them.
	Spool    string
	MaxBytes int64
	Index    string // folder of the search index; "": no search
	Where    string // names the system in commands that pages show: "--data DIR"
	Version  string
	Log      *slog.Logger
}

// ErrNoAccounts refuses to listen beyond this machine without sign-in.
var ErrNoAccounts = errors.New("beyond this machine the console needs sign-in: add an account with `nightshift account NAME --role operator --accounts FILE` and start with --accounts FILE, or name a trusted proxy's header with --proxy-header")

// Server is a console that listens.
type Server struct {
	opt      Options
	open     bool // no sign-in: on loopback without accounts or proxy
	listener net.Listener
	http     *http.Server
	board    *board
	tokens   *tokens
	sessions *sessions
	doorman  *doorman
	shelf    *shelf
	spool    *spool
	finder   *finder
}

// Listen opens the address, host:port. ErrNoAccounts if that is beyond loopback
// and there is no sign-in.
func Listen(addr string, o Options) (*Server, error) {
	s := &Server{opt: o, board: newBoard(o.System), tokens: newTokens(), shelf: newShelf(), spool: &spool{dir: o.Spool, max: o.MaxBytes, at: map[string]*sync.Mutex{}}, finder: &finder{dir: o.Index}}
	s.sessions = &sessions{idle: o.SessionIdle, longest: o.SessionMax, now: time.Now, all: map[[32]byte]session{}}
	s.doorman = &doorman{now: time.Now, left: map[string]*rate.Limiter{}}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	var accounts []Account
	if o.Accounts != nil {
		if accounts, err = o.Accounts(); err != nil {
			l.Close()
			return nil, err
		}
	}
	if len(accounts) == 0 && o.ProxyHeader == "" {
		if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
			l.Close()
			return nil, ErrNoAccounts
		}
		s.open = true
	}
	s.listener = l
	s.http = &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// URL is where the console is.
func (s *Server) URL() string {
	scheme := "http"
	if s.opt.CertFile != "" {
		scheme = "https"
	}
	return scheme + "://" + s.listener.Addr().String() + "/"
}

// Open tells whether everybody on this machine may do everything.
func (s *Server) Open() bool { return s.open }

// Serve serves until ctx is done, then lets requests under way end.
func (s *Server) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.http.BaseContext = func(net.Listener) context.Context { return ctx }
	done := make(chan struct{})
	go func() {
		defer close(done)
		var wg sync.WaitGroup
		wg.Go(func() { s.board.run(ctx) })
		wg.Go(func() { s.finder.run(ctx, s.board) })
		wg.Wait()
	}()
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if s.http.Shutdown(late) != nil {
			s.http.Close()
		}
	})
	defer stop()
	var err error
	if s.opt.CertFile != "" {
		err = s.http.ServeTLS(s.listener, s.opt.CertFile, s.opt.KeyFile)
	} else {
		err = s.http.Serve(s.listener)
	}
	cancel()
	<-done
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("console: %w", err)
}

// accounts are those of now; a file that cannot be read lets nobody in.
func (s *Server) accounts() []Account {
	if s.opt.Accounts == nil {
		return nil
	}
	list, err := s.opt.Accounts()
	if err != nil {
		s.opt.Log.Error("accounts cannot be read: nobody can sign in", "error", err)
	}
	return list
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }
