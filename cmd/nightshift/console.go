package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/console"
	"nightshift/pipeline/record"
)

// desk is the console as flags.
type desk struct {
	addr, accounts, proxyHeader, proxyFrom, proxyRole string
	cert, key                                         string
	spool, index                                      string
	maxBytes                                          int64 // of one upload
	idle, longest                                     time.Duration
}

func (d *desk) register(fs *flag.FlagSet, addr string) {
	fs.StringVar(&d.addr, "console", addr, "`host:port` of the console; empty: none")
	fs.StringVar(&d.accounts, "accounts", "", "`file` of the people who may sign in to the console; see `nightshift account`")
	fs.StringVar(&d.proxyHeader, "proxy-header", "", "`header` in which a trusted proxy tells who signed in there")
	fs.StringVar(&d.proxyFrom, "proxy-from", "127.0.0.1/32,::1/128", "`networks` whose proxy-header is believed, comma-separated")
	fs.StringVar(&d.proxyRole, "proxy-role", "viewer", "`role` of those a proxy names who have no account: viewer, reviewer, operator")
	fs.StringVar(&d.cert, "console-cert", "", "PEM `file` of the console's certificate, for HTTPS")
	fs.StringVar(&d.key, "console-key", "", "PEM `file` of the certificate's key")
	fs.StringVar(&d.spool, "spool", "", "`folder` for uploads that are not whole yet (default DATA/uploads, or in the folder of temporary files)")
	fs.StringVar(&d.index, "index", "", "`directory` of the search index (default: DATA/search, or below the user's cache for real servers)")
	fs.DurationVar(&d.idle, "session-idle", 2*time.Hour, "time without a request after which somebody signed in is signed out")
	fs.DurationVar(&d.longest, "session-max", 12*time.Hour, "time after which somebody signed in is signed out anyhow")
}

// listen opens the console; nil when none was asked for.
func (d desk) listen(s *night.System, images record.Images, where string, log *slog.Logger) (*console.Server, error) {
	if d.addr == "" {
		return nil, nil
	}
	o := console.Options{
		System: s, Images: images, Person: night.Person(), ProxyHeader: d.proxyHeader, SessionIdle: d.idle, SessionMax: d.longest,
		CertFile: d.cert, KeyFile: d.key, Where: where, Version: version, Log: log,
	}
	if o.Index, o.Spool, o.MaxBytes = d.index, d.spool, d.maxBytes; o.Spool == "" {
		o.Spool = filepath.Join(os.TempDir(), fmt.Sprintf("nightshift-uploads-%d", os.Getuid()))
	}
	var err error
	if o.ProxyRole, err = console.ParseRole(d.proxyRole); err != nil {
		return nil, program.Exit(program.Usage, "--proxy-role: %w", err)
	}
	for n := range strings.SplitSeq(d.proxyFrom, ",") {
		p, err := netip.ParsePrefix(strings.TrimSpace(n))
		if err != nil {
			return nil, program.Exit(program.Usage, "--proxy-from: %w", err)
		}
		o.ProxyFrom = append(o.ProxyFrom, p)
	}
	if d.accounts != "" {
		o.Accounts = func() ([]console.Account, error) { return console.ReadAccounts(d.accounts) }
	}
	c, err := console.Listen(d.addr, o)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &program.Error{Code: program.InUse, Err: err}
	case errors.Is(err, console.ErrNoAccounts):
		return nil, &program.Error{Code: program.Usage, Err: err}
	}
	return c, err
}

// place settles where files are: absolute, since the embedded store changes the
// working directory of the process.
func (d *desk) place(data string, maxBytes int64) error {
	if d.spool == "" && data != "" {
		d.spool = filepath.Join(data, "uploads")
	}
	d.maxBytes = maxBytes
	return program.Paths(&d.accounts, &d.cert, &d.key, &d.spool, &d.index)
}

// indexed settles where the search index is, as `nightshift search` does.
func (d *desk) indexed(a asked, s *night.System) (err error) {
	if d.addr != "" && d.index == "" {
		d.index, err = a.searchIndex(s.Store.Endpoint())
	}
	return err
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
	if err := d.place(a.Data, stages.MaxBytes); err != nil {
		return err
	}
	s, log, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := d.indexed(a, s); err != nil {
		return err
	}
	viewer := s.Viewer(stages)
	defer viewer.Close()
	server, err := d.listen(s, viewer, a.where(), log)
	if err != nil {
		return err
	}
	if server == nil {
		return needs("--console ADDR")
	}
	tell(c.stdout, server)
	return server.Serve(ctx)
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
