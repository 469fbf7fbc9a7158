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
	// Proxies that ask from one of ProxyFrom and send ProxySecret (""; none is
	// asked for) are believed: where a request came from, that TLS ends there and,
	// in ProxyHeader ("": nowhere), who signed in. ProxyRole is the role of names
	// without an account.
	ProxyFrom   []netip.Prefix
	ProxySecret string
	ProxyHeader string
	ProxyRole   Role
	// Public are the URLs that people open it by; requests for other hosts are
	// refused, but for those of loopback and of the address listened on.
	Public []string
	// Tries of a name from a network before it waits for TryWait, which each
	// further one doubles. Zero: 5 and 30 s.
	Tries   int
	TryWait time.Duration
	// Requests and event streams of a session at once, and the time in which the
	// body of a request must come. Zero: 32, 8 and 30 s.
	Requests, Streams int
	BodyWait          time.Duration
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

// ErrNobody refuses to start with accounts that are nobody's.
var ErrNobody = errors.New("nobody could sign in: the accounts file holds no account; add one with `nightshift account NAME --role operator --accounts FILE`, or start without --accounts, open to whoever works on this machine")

// Server is a console that listens.
type Server struct {
	opt      Options
	open     bool // no sign-in: on loopback without accounts or proxy
	listener net.Listener
	http     *http.Server
	board    *board
	tokens   *tokens
	sessions *sessions
	hosts    hosts
	caps     *caps
	doorman  *doorman
	shelf    *shelf
	spool    *spool
	finder   *finder
}

// Listen opens the address, host:port. ErrNoAccounts if that is beyond loopback
// and there is no sign-in; ErrNobody, or why the accounts cannot be read, if there
// should be sign-in and nobody could.
func Listen(addr string, o Options) (_ *Server, err error) {
	o.withDefaults()
	s := &Server{opt: o, board: newBoard(o.System), tokens: newTokens(), shelf: newShelf(), spool: &spool{dir: o.Spool, max: o.MaxBytes, at: map[string]*sync.Mutex{}}, finder: &finder{dir: o.Index}}
	s.sessions = &sessions{idle: o.SessionIdle, longest: o.SessionMax, now: time.Now, all: map[[32]byte]session{}}
	s.doorman, s.caps = newDoorman(o.Tries, o.TryWait), &caps{on: map[string]int{}}
	if err := o.checkProxy(); err != nil {
		return nil, err
	}
	if o.Accounts != nil {
		list, err := o.Accounts()
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, ErrNobody
		}
	}
	s.open = o.Accounts == nil && o.ProxyHeader == ""
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	if a, ok := l.Addr().(*net.TCPAddr); s.open && (!ok || !a.IP.IsLoopback()) {
		return nil, ErrNoAccounts
	}
	if s.hosts, err = newHosts(o.Public, l.Addr()); err != nil {
		return nil, err
	}
	s.listener = l
	s.http = &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
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

// Open reports whether everybody on this machine may do everything.
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

// withDefaults sets the limits that are left at zero.
func (o *Options) withDefaults() {
	if o.Requests <= 0 {
		o.Requests = defaultRequests
	}
	if o.Streams <= 0 {
		o.Streams = defaultStreams
	}
	if o.BodyWait <= 0 {
		o.BodyWait = defaultBody
	}
}

// readAccounts are those of now.
func (s *Server) readAccounts() ([]Account, error) {
	if s.opt.Accounts == nil {
		return nil, nil
	}
	list, err := s.opt.Accounts()
	if err != nil {
		s.opt.Log.Error("accounts cannot be read: nobody can sign in", "error", err)
	}
	return list, err
}

// accounts are those of now; a file that cannot be read lets nobody in.
func (s *Server) accounts() []Account {
	list, _ := s.readAccounts() // logged
	return list
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }
