package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	iofs "io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/console"
	"nightshift/pipeline/custody"
	"nightshift/pipeline/record"
)

// desk is the console as flags.
type desk struct {
	addr, accounts, public                         string
	proxyHeader, proxyFrom, proxyRole, proxySecret string
	cert, key                                      string
	spool, index                                   string
	maxBytes                                       int64 // of one upload
	idle, longest, tryWait, body                   time.Duration
	tries, requests, streams                       int
	schedule                                       night.Schedule // of the morning report
}

func (d *desk) register(fs *flag.FlagSet, addr string) {
	fs.StringVar(&d.addr, "console", addr, "`host:port` of the console; empty: none")
	fs.StringVar(&d.accounts, "accounts", "", "`file` of the people who may sign in to the console; see `nightshift account`")
	fs.StringVar(&d.public, "public-url", "", "`URLs` that people open the console by, comma-separated, as https://nightshift.example; requests for other hosts than these, localhost and the address of --console are refused")
	fs.StringVar(&d.proxyHeader, "proxy-header", "", "`header` in which a trusted proxy tells who signed in there")
	fs.StringVar(&d.proxyFrom, "proxy-from", "", "`networks` of trusted proxies, comma-separated; they tell where a request came from, that TLS ends there, and who it is (default with --proxy-header: this machine)")
	fs.StringVar(&d.proxySecret, "proxy-secret-file", "", "`file` with a secret of at least 16 bytes that a trusted proxy sends as "+console.ProxySecretHeader+"; needed for one on this machine, where any user could send its headers")
	fs.StringVar(&d.proxyRole, "proxy-role", "viewer", "`role` of those a proxy names who have no account: viewer, reviewer, operator")
	fs.StringVar(&d.cert, "console-cert", "", "PEM `file` of the console's certificate, for HTTPS")
	fs.StringVar(&d.key, "console-key", "", "PEM `file` of the certificate's key")
	fs.StringVar(&d.spool, "spool", "", "`folder` for uploads that are not whole yet that nobody else may write to (default DATA/uploads, or nightshift/uploads in the user's caches)")
	fs.StringVar(&d.index, "index", "", "`directory` of the search index (default: DATA/search, or below the user's cache for real servers)")
	fs.DurationVar(&d.idle, "session-idle", 2*time.Hour, "time without a request after which somebody signed in is signed out")
	fs.DurationVar(&d.longest, "session-max", 12*time.Hour, "time after which somebody signed in is signed out anyhow")
	fs.IntVar(&d.tries, "sign-in-tries", 5, "wrong `tries` of a name from one network before it must wait; four times as many of all names")
	fs.DurationVar(&d.tryWait, "sign-in-wait", 30*time.Second, "that wait, doubled by each further wrong try, up to 15 minutes")
	fs.IntVar(&d.requests, "session-requests", 32, "`requests` of one session at once; eight times as many of one network")
	fs.IntVar(&d.streams, "session-streams", 8, "open `pages` that keep themselves up to date, of one session; 32 times as many of one network")
	fs.DurationVar(&d.body, "body-timeout", 30*time.Second, "time in which what a request sends must come; a piece of an upload, each part of it")
	d.schedule.Register(fs)
}

// spoolIn is the directory for uploads that are not whole yet: the one named, the data
// directory's or that of the user's caches, and never one that all may write to. A user
// without any has one made whose name nobody could guess; uploads begin anew there
// after a restart.
func (d desk) spoolIn() (string, error) {
	dir := d.spool
	if dir == "" {
		caches, err := os.UserCacheDir()
		if err != nil {
			return os.MkdirTemp("", "nightshift-uploads-*")
		}
		dir = filepath.Join(caches, "nightshift", "uploads")
		if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
			return os.MkdirTemp("", "nightshift-uploads-*")
		}
	}
	if err := custody.Make(dir); err != nil {
		return "", fmt.Errorf("--spool: %w", err)
	}
	return filepath.Abs(dir)
}

// listen opens the console; nil when none was asked for.
func (d desk) listen(s *night.System, images record.Images, where string, log *slog.Logger) (*console.Server, error) {
	if d.addr == "" {
		return nil, nil
	}
	o := console.Options{
		System: s, Images: images, Person: night.Person(), ProxyHeader: d.proxyHeader, SessionIdle: d.idle, SessionMax: d.longest,
		CertFile: d.cert, KeyFile: d.key, Where: where, Version: version, Log: log,
		Tries: d.tries, TryWait: d.tryWait, Requests: d.requests, Streams: d.streams, BodyWait: d.body,
	}
	var err error
	o.Index, o.MaxBytes = d.index, d.maxBytes
	if o.Spool, err = d.spoolIn(); err != nil {
		return nil, &program.Error{Code: program.Missing, Err: err}
	}
	if o.ProxyRole, err = console.ParseRole(d.proxyRole); err != nil {
		return nil, program.Exit(program.Usage, "--proxy-role: %w", err)
	}
	if err := d.trust(&o); err != nil {
		return nil, err
	}
	if d.public != "" {
		o.Public = strings.Split(d.public, ",")
	}
	if d.accounts != "" {
		o.Accounts = func() ([]console.Account, error) { return console.AccountsIn(d.accounts) }
	}
	c, err := console.Listen(d.addr, o)
	usage := func(e error) bool { return errors.Is(err, e) }
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &program.Error{Code: program.InUse, Err: err}
	case slices.ContainsFunc([]error{console.ErrNoAccounts, console.ErrNobody, console.ErrNoHost, console.ErrProxySecret}, usage):
		return nil, &program.Error{Code: program.Usage, Err: err}
	case errors.Is(err, iofs.ErrNotExist), errors.Is(err, iofs.ErrPermission):
		return nil, &program.Error{Code: program.Missing, Err: err}
	}
	return c, err
}

// trust reads which proxies are believed.
func (d desk) trust(o *console.Options) error {
	from := d.proxyFrom
	if from == "" && d.proxyHeader != "" {
		from = "127.0.0.1/32,::1/128"
	}
	for n := range strings.SplitSeq(from, ",") {
		if n = strings.TrimSpace(n); n == "" {
			continue
		}
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return program.Exit(program.Usage, "--proxy-from: %w", err)
		}
		o.ProxyFrom = append(o.ProxyFrom, p)
	}
	if d.proxySecret != "" {
		raw, err := os.ReadFile(d.proxySecret)
		if err != nil {
			return program.Exit(program.Missing, "--proxy-secret-file: %w", err)
		}
		if o.ProxySecret = strings.TrimSpace(string(raw)); o.ProxySecret == "" {
			return program.Exit(program.Usage, "--proxy-secret-file %s is empty", d.proxySecret)
		}
	}
	return nil
}

// shift is what stays open while a long-running command runs.
type shift struct {
	*night.System
	log    *slog.Logger
	viewer *night.Viewer
	server *console.Server // nil: no console
	desk   desk
	where  string
}

// begin opens the system and the console over it; what the stages were not told
// by fs is as before.
func (d desk) begin(ctx context.Context, c call, a asked, fs *flag.FlagSet, stages *night.Stages, keep bool) (*shift, error) {
	if err := d.schedule.Check(); err != nil {
		return nil, err
	}
	if d.spool == "" && a.Data != "" {
		d.spool = filepath.Join(a.Data, "uploads")
	}
	d.maxBytes = stages.MaxBytes
	// Absolute, since the embedded store changes the working directory of the process.
	if err := program.Paths(&d.accounts, &d.cert, &d.key, &d.spool, &d.index, &d.proxySecret); err != nil {
		return nil, err
	}
	s, log, err := c.open(ctx, a)
	if err != nil {
		return nil, err
	}
	h := &shift{System: s, log: log, where: a.where()}
	if d.addr != "" && d.index == "" {
		d.index, err = a.searchIndex(s.Store.Endpoint()) // as `nightshift search` does
	}
	if err == nil {
		err = s.AsBefore(ctx, fs, stages, keep)
	}
	if err == nil {
		h.viewer, h.desk = s.Viewer(*stages), d
		h.server, err = d.listen(s, h.viewer, h.where, log)
	}
	if err != nil {
		h.end()
		return nil, err
	}
	return h, nil
}

func (h *shift) end() {
	if h.viewer != nil {
		h.viewer.Close()
	}
	h.System.Close()
}

// serve starts the console, if there is one, and the sending of reports.
func (h *shift) serve(ctx context.Context, g *errgroup.Group, stdout io.Writer) {
	if h.server != nil {
		tell(stdout, h.server)
		g.Go(func() error { return h.server.Serve(ctx) })
	}
	g.Go(func() error { return h.Reporting(ctx, h.desk.schedule, h.viewer, h.where) })
}

// tell says where the console is, and who may do what there.
func tell(w io.Writer, c *console.Server) {
	fmt.Fprintf(w, "console at %s\n", c.URL())
	if c.Open() {
		fmt.Fprintln(w, "  without sign-in: it answers on this machine only, and whoever works here may replay and review")
	}
}

// showConsole serves the console alone, beside stages that run elsewhere.
func showConsole(ctx context.Context, c call) error {
	var a asked
	a.Hold = night.UntilStopped
	var d desk
	fs := c.flags()
	a.register(fs)
	d.register(fs, "127.0.0.1:8383")
	stages := night.Defaults()
	stages.RegisterImages(fs)
	fs.Int64Var(&stages.MaxBytes, "max-bytes", stages.MaxBytes, "`bytes` that one upload may have")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if d.addr == "" {
		return needs("--console ADDR")
	}
	h, err := d.begin(ctx, c, a, fs, &stages, false)
	if err != nil {
		return err
	}
	defer h.end()
	g, ctx := errgroup.WithContext(ctx)
	h.serve(ctx, g, c.stdout)
	return g.Wait()
}

// account adds, changes or removes somebody who may sign in.
func account(_ context.Context, c call) error {
	fs := c.flags()
	file := fs.String("accounts", "", "`file` of accounts")
	role := fs.String("role", "viewer", "viewer (look), reviewer (decide on corrections) or operator (replay, upload)")
	remove := fs.Bool("remove", false, "remove the account")
	rest, err := c.parse(fs, 1)
	if err != nil {
		return err
	}
	if *file == "" {
		return needs("--accounts FILE")
	}
	name := rest[0]
	list, err := console.ReadAccounts(*file)
	if err != nil {
		return program.Exit(program.Missing, "%w", err)
	}
	kept := slices.DeleteFunc(slices.Clone(list), func(x console.Account) bool { return x.Name == name })
	if *remove {
		if len(kept) == len(list) {
			return program.Exit(program.Nothing, "there is no account %q", name)
		}
		return console.WriteAccounts(*file, kept)
	}
	r, err := console.ParseRole(*role)
	if err != nil {
		return program.Exit(program.Usage, "%w", err)
	}
	password, err := askPassword(c.stderr)
	if err != nil {
		return err
	}
	made, err := console.NewAccount(name, r, password)
	if err != nil {
		return program.Exit(program.Usage, "%w", err)
	}
	if err := console.WriteAccounts(*file, append(kept, made)); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "%s may sign in as %s\n", name, r)
	return nil
}

// askPassword reads a password: unseen and twice from a terminal, else the
// first line of the standard input.
func askPassword(w io.Writer) (string, error) {
	fd := int(os.Stdin.Fd())
	if !term.IsTerminal(fd) {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 1024)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var twice [2]string
	for i, what := range []string{"password: ", "once more: "} {
		fmt.Fprint(w, what)
		raw, err := term.ReadPassword(fd)
		fmt.Fprintln(w)
		if err != nil {
			return "", err
		}
		twice[i] = string(raw)
	}
	if twice[0] != twice[1] {
		return "", program.Exit(program.Usage, "the two differ; nothing was changed")
	}
	return twice[0], nil
}
