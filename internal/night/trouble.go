package night

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
)

// Trouble is what keeps a program from working with its servers, in an
// operator's words: the cause, and what mends it. Its text is one sentence.
type Trouble struct {
	Cause, Remedy string
	Code          int   // exit code of a program that cannot start for it
	Err           error // what was met; may be nil
}

func (t *Trouble) Error() string { return t.Cause + ": " + t.Remedy }
func (t *Trouble) Unwrap() error { return t.Err }

// exit is the trouble as the end of a program.
func (t *Trouble) exit() error { return &program.Error{Code: t.Code, Err: t} }

// OldestNATS is the oldest NATS server that works: consumers with several
// replicas and message ids behave as relied on from there on.
const OldestNATS = "2.10"

// certificateTrouble explains a certificate that is not accepted; nil where err
// is not about one. Flag names the flag of the authority's file.
func certificateTrouble(server, flag, renew string, err error) *Trouble {
	var invalid x509.CertificateInvalidError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	t := &Trouble{Code: program.Unreachable, Err: err}
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		t.Cause, t.Remedy = fmt.Sprintf("the certificate of %s expired on %s", server, invalid.Cert.NotAfter.UTC().Format(time.DateTime)), renew
		if time.Now().Before(invalid.Cert.NotBefore) {
			t.Cause = fmt.Sprintf("the certificate of %s is valid only from %s", server, invalid.Cert.NotBefore.UTC().Format(time.DateTime))
			t.Remedy = "correct this machine's clock, or have the certificate made anew"
		}
	case errors.As(err, &authority):
		t.Cause, t.Remedy = "the certificate of "+server+" is by an authority that is not trusted here", "name the authority's PEM file with "+flag
	case errors.As(err, &host):
		t.Cause, t.Remedy = fmt.Sprintf("the certificate of %s is for other names (%v)", server, host), "use one of its names in the address, or have it made anew with this one"
	default:
		return nil
	}
	return t
}

// natsTrouble explains why there is no connection to NATS.
func natsTrouble(a Addresses, err error) *Trouble {
	server := "NATS at " + redact(a.NATS)
	if t := certificateTrouble(server, "--nats-ca", "put a renewed one in its place and run `nats-server --signal reload`", err); t != nil {
		return t
	}
	t := &Trouble{Code: program.Unreachable, Err: err}
	said := strings.ToLower(err.Error())
	switch {
	case errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) || strings.Contains(said, "authorization violation") || strings.Contains(said, "authentication expired"):
		t.Cause = server + " does not accept these credentials"
		t.Remedy = "name the service's own file with --nats-creds, and start the server with nats.env of the same `nightshift keys`"
	case errors.Is(err, nats.ErrSecureConnRequired):
		t.Cause, t.Remedy = server+" talks TLS only", "write tls:// in the address"
	case errors.Is(err, nats.ErrSecureConnWanted):
		t.Cause, t.Remedy = server+" talks no TLS", "write nats:// in the address, or give the server a certificate"
	default:
		t.Cause, t.Remedy = fmt.Sprintf("%s does not answer (%v)", server, err), "start it, or correct the address in --nats"
	}
	return t
}

// storeTrouble explains why a bucket cannot be worked with.
func storeTrouble(c *store.Client, bucket string, err error) *Trouble {
	server := "the store at " + c.Endpoint()
	if t := certificateTrouble(server, "--s3-ca", "put a renewed one in its place; MinIO takes it up by itself", err); t != nil {
		return t
	}
	t := &Trouble{Code: program.Unreachable, Err: err}
	switch {
	case errors.Is(err, store.ErrNoBucket):
		t.Code = program.Missing
		t.Cause, t.Remedy = fmt.Sprintf("%s has no bucket %s", server, bucket), "run `nightshift init` once with an administrator's rights"
	case errors.Is(err, store.ErrClocks):
		t.Cause, t.Remedy = "this machine's clock and that of "+server+" are more than 15 minutes apart", "set both by the network's time (NTP)"
	case errors.Is(err, store.ErrUnknownKey):
		t.Cause, t.Remedy = server+" does not accept this access key or secret", "use the service's own NAME.env of `nightshift keys`, and run deploy/minio/setup.sh with minio.users of the same keys"
	case errors.Is(err, store.ErrDenied):
		t.Cause, t.Remedy = fmt.Sprintf("%s gives this user no right to bucket %s", server, bucket), "run deploy/minio/setup.sh with the policies that came with this program"
	case store.IsDown(err):
		t.Cause, t.Remedy = fmt.Sprintf("%s does not answer (%v)", server, err), "start it, or correct the address in --s3"
	default:
		t.Cause, t.Remedy = fmt.Sprintf("bucket %s of %s: %v", bucket, server, err), "look at the store's log"
	}
	return t
}

// checkNATS looks whether the server is one to work with, and its streams are
// as they must be: those that the program has the right to ask for.
func (s *System) checkNATS(ctx context.Context, name string) *Trouble {
	server := "NATS at " + s.NC.ConnectedUrlRedacted()
	if v := s.NC.ConnectedServerVersion(); older(v, OldestNATS) {
		return &Trouble{Code: program.Missing, Cause: fmt.Sprintf("%s is version %s", server, v), Remedy: "upgrade it to " + OldestNATS + " or newer"}
	}
	err := runner.CheckTopology(ctx, s.JS, asksFor(name)...)
	var wrong *runner.WrongTopology
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		return &Trouble{Code: program.Missing, Cause: server + ": " + wrong.What, Remedy: wrong.Remedy, Err: err}
	}
	return &Trouble{Code: program.Unreachable, Cause: fmt.Sprintf("%s: %v", server, err),
		Remedy: "look at the server's log; a service without the right to ask is told nothing: install the permissions.conf that came with this program", Err: err}
}

// startPatience is how long a program that starts asks again a NATS that does
// not answer just then, or a store that answers with errors of its own.
const startPatience = 30 * time.Second

// awaitNATS is checkNATS for a program that starts.
func (s *System) awaitNATS(ctx context.Context, name string) error {
	patient, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	var t *Trouble
	_ = runner.Patiently(patient, s.Log, runner.IsAway, func() error {
		if t = s.checkNATS(patient, name); t != nil {
			return t.Err
		}
		return nil
	}) // t holds what was met last
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case t != nil:
		return t.exit()
	}
	return nil
}

// asksFor are the streams whose settings a program may ask for: see
// deploy/nats/permissions.conf.
func asksFor(name string) []string {
	switch name {
	case "nightshift":
		return runner.Streams()
	case "ocr-worker", "structurer", "publisher":
		return append(pipeline.WaitingStreams(), pipeline.StreamScans, pipeline.StreamWork)
	}
	return nil
}

// older compares versions number by number; what cannot be read is not older.
func older(version, than string) bool {
	v, t := strings.Split(version, "."), strings.Split(than, ".")
	for i := range min(len(v), len(t)) {
		a, errA := strconv.Atoi(v[i])
		b, errB := strconv.Atoi(t[i])
		if errA != nil || errB != nil {
			return false
		}
		if a != b {
			return a < b
		}
	}
	return false
}

// untold is why the store may not tell of new scans; nil: it does.
func (s *System) untold(ctx context.Context) *Trouble {
	told, err := s.Scans.Notifies(ctx)
	where := fmt.Sprintf("bucket %s of the store at %s", s.Scans.Name(), s.Store.Endpoint())
	const meanwhile = "; until then scans are found by the sweep alone (--sweep)"
	switch {
	case errors.Is(err, store.ErrDenied):
		return &Trouble{Cause: "whether " + where + " tells of new scans cannot be seen: no right to its notifications", Remedy: "run deploy/minio/setup.sh with the policies that came with this program" + meanwhile, Err: err}
	case err != nil:
		return &Trouble{Cause: fmt.Sprintf("whether %s tells of new scans cannot be seen: %v", where, err), Remedy: "look at the store's log" + meanwhile, Err: err}
	case !told:
		return &Trouble{Cause: where + " tells nobody of new scans", Remedy: "set MINIO_NOTIFY_NATS_* in the store's environment and run deploy/minio/setup.sh" + meanwhile}
	}
	return nil
}

// apart is how far this machine's clock may be from the store's before doctor
// says so: the store itself refuses at 15 minutes.
const apart = time.Minute

// clocks compares this machine's clock with the store's.
func (s *System) clocks(ctx context.Context) *Trouble {
	off, err := s.Store.ClockOff(ctx)
	if err != nil {
		return storeTrouble(s.Store, s.Scans.Name(), err)
	}
	if off.Abs() > apart {
		return &Trouble{Cause: fmt.Sprintf("this machine's clock and that of the store at %s are %s apart", s.Store.Endpoint(), off.Abs().Round(time.Second)),
			Remedy: "set both by the network's time (NTP)"}
	}
	return nil
}

// Finding is one thing that was looked at; Trouble is nil where it is well.
type Finding struct {
	What    string
	Well    string // what was seen, where all is well
	Trouble *Trouble
}

// Examine looks at a NATS and a store as a program that starts does, and goes
// on past the first trouble.
func Examine(ctx context.Context, a Addresses) []Finding {
	s := &System{}
	defer s.Close()
	out := []Finding{{What: "NATS"}, {What: "store"}}
	err := s.connectNATS(a)
	if err == nil {
		t := s.checkNATS(ctx, a.program())
		out[0].Well = fmt.Sprintf("version %s at %s, streams and consumers as they must be", s.NC.ConnectedServerVersion(), s.NC.ConnectedUrlRedacted())
		out[0].Trouble = t
	} else {
		out[0].Trouble = asTrouble(err)
	}
	if err := s.connectStore(a); err != nil {
		out[1].Trouble = asTrouble(err)
		return out
	}
	if err := s.buckets(ctx, a, s.Store.CheckBucket); err != nil {
		out[1].Trouble = asTrouble(err)
		return out
	}
	out[1].Well = fmt.Sprintf("%s, buckets %s, %s and %s are there", s.Store.Endpoint(), s.Scans.Name(), s.Work.Name(), s.Records.Name())
	return append(out,
		Finding{What: "clock", Well: "within a minute of the store's", Trouble: s.clocks(ctx)},
		Finding{What: "notifications", Well: "the store tells of new scans", Trouble: s.untold(ctx)})
}

func asTrouble(err error) *Trouble {
	var t *Trouble
	if errors.As(err, &t) {
		return t
	}
	return &Trouble{Cause: err.Error(), Remedy: "correct it", Err: err}
}
