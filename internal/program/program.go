// Package program is what the four programs share at their edge: flags with
// the environment as their default, the log, signals, and exit codes. It knows
// nothing of stages.
package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// Exit codes, documented in README.md. They are stable.
const (
	OK          = 0   // done; everything was published, and nothing asks for a look
	Failed      = 1   // a fault that has no code of its own
	Usage       = 2   // the command line was not understood
	Parked      = 3   // done; something is parked
	Missing     = 4   // Tesseract's data, a folder or a file is missing
	InUse       = 5   // the data directory or a port is used by another process
	Nothing     = 6   // there is nothing to do: an empty folder, no scans in it
	Unreachable = 7   // NATS or the store cannot be reached, or refuses
	Full        = 8   // no space left
	Unfinished  = 9   // verify: scans are still in progress
	Conflict    = 10  // a file differs from the scan stored under its name
	Unsound     = 11  // verify --fixity: an object does not match its digest
	LookAt      = 12  // done, nothing is parked; the report lists what to look at
	Interrupted = 130 // stopped by a signal; run again to go on
)

// Error is an error with the exit code it leads to.
type Error struct {
	Code int
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Exit makes an error that ends the program with code.
func Exit(code int, format string, args ...any) error {
	return &Error{code, fmt.Errorf(format, args...)}
}

// Code is the exit code of err.
func Code(err error) int {
	var e *Error
	switch {
	case err == nil:
		return OK
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, flag.ErrHelp):
		return OK
	case errors.Is(err, context.Canceled):
		return Interrupted
	case errors.Is(err, syscall.ENOSPC):
		return Full
	}
	return Failed
}

// Main runs a program until it ends or is told to stop by SIGINT or SIGTERM; a
// second signal ends it at once. It prints the error, once, and exits.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop()
	}()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "%s: stopped; run the same command again to go on\n", filepath.Base(os.Args[0]))
		os.Exit(Interrupted)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		var e *Error
		if errors.As(err, &e) && e.Err == nil {
			os.Exit(e.Code)
		}
		fmt.Fprintf(os.Stderr, "%s: %v\n", filepath.Base(os.Args[0]), err)
	}
	os.Exit(Code(err))
}

// Flags is a flag set whose defaults come from NIGHTSHIFT_* variables: --s3 from
// NIGHTSHIFT_S3, --page-deadline from NIGHTSHIFT_PAGE_DEADLINE.
func Flags(name, usage string, stderr io.Writer) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintf(stderr, "usage: %s\n\nEvery flag can be set as NIGHTSHIFT_<NAME> in the environment.\n\n", usage)
		fs.PrintDefaults()
	}
	return fs
}

// Parse reads the environment, then args; flags may stand before and after the
// arguments. It returns the arguments that are no flags.
func Parse(fs *flag.FlagSet, args []string) ([]string, error) {
	var bad error
	fs.VisitAll(func(f *flag.Flag) {
		name := Variable(f.Name)
		if v, ok := os.LookupEnv(name); ok && bad == nil {
			if err := fs.Set(f.Name, v); err != nil {
				bad = Exit(Usage, "%s=%q: %w", name, v, err)
			}
		}
	})
	if bad != nil {
		return nil, bad
	}
	// The flag package prints all flags after a mistake in one; here only --help does.
	usage, out := fs.Usage, fs.Output()
	fs.Usage = func() {}
	fs.SetOutput(io.Discard)
	defer func() { fs.Usage = usage; fs.SetOutput(out) }()
	warnOfSecrets(args, out)
	var rest []string
	for {
		err := fs.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fs.SetOutput(out)
			usage()
			return nil, err
		}
		if err != nil {
			return nil, Exit(Usage, "%w; `%s --help` lists the flags", err, fs.Name())
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
}

// warnOfSecrets names the flags whose URL holds a password: who asks for the list of
// processes sees it there.
func warnOfSecrets(args []string, to io.Writer) {
	for i, a := range args {
		name, value, joined := strings.Cut(a, "=")
		if !strings.HasPrefix(a, "-") {
			continue
		}
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		u, err := url.Parse(value)
		if err != nil || u.User == nil {
			continue
		}
		if _, secret := u.User.Password(); secret {
			name = strings.TrimLeft(name, "-")
			fmt.Fprintf(to, "--%s holds a secret, which other users of this machine see in the list of processes; set %s in the environment instead\n", name, Variable(name))
		}
	}
}

// Paths makes file paths absolute in place: the embedded store changes the
// working directory of the process. Empty ones stay empty.
func Paths(paths ...*string) error {
	for _, p := range paths {
		if *p == "" {
			continue
		}
		abs, err := filepath.Abs(*p)
		if err != nil {
			return Exit(Missing, "path %s: %w", *p, err)
		}
		*p = abs
	}
	return nil
}

// Variable is the environment's name of a flag.
func Variable(flagName string) string {
	return "NIGHTSHIFT_" + strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

// Log is a JSON log at the given level ("debug", "info", "warn", "error").
func Log(w io.Writer, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, Exit(Usage, "--log-level %q: %w", level, err)
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l})), nil
}
