package night

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
)

// Schedule says when a long-running process sends the morning report.
type Schedule struct {
	Delivery
	At   string        // time of day in local time, 15:04; empty: none
	Idle time.Duration // after work, once nothing has moved for so long; 0: never
}

// Register adds the flags.
func (s *Schedule) Register(fs *flag.FlagSet) {
	s.Delivery.Register(fs)
	fs.StringVar(&s.At, "report-at", "", "`time of day` (06:30, local) at which the report is sent by --report-webhook and --report-smtp")
	fs.DurationVar(&s.Idle, "report-idle", 0, "send the report when, after work, nothing has moved for this long; 0: not")
}

// Check says what in it cannot be done.
func (s Schedule) Check() error {
	if s.At != "" {
		if _, err := time.Parse("15:04", s.At); err != nil {
			return program.Exit(program.Usage, "--report-at %q is no time of day such as 06:30", s.At)
		}
	}
	if s.Idle < 0 {
		return program.Exit(program.Usage, "--report-idle %s is no time span", s.Idle)
	}
	if (s.At != "" || s.Idle > 0) && !s.Wanted() {
		return program.Exit(program.Usage, "--report-at and --report-idle send the report: say where with --report-webhook or --report-smtp")
	}
	return nil
}

// Bounds of sending.
const (
	scheduleEvery = 15 * time.Second
	sendAgain     = 10 * time.Minute // after a try that failed, or whose process ended
	sendTries     = 5
	lateAtMost    = 12 * time.Hour // a report that is due longer than this is not sent any more
	reportReaches = 24 * time.Hour
)

// reporter sends the report when it is due, once: what was sent, and every try,
// is an object, so that neither a restart nor a second process sends it again.
type reporter struct {
	sys    *System
	sched  Schedule
	images record.Images
	where  string
	now    func() time.Time
	moved  time.Time // when something was last seen not settled
	worked time.Time // when the pipeline last did something, as of the ledger's event number told
	told   uint64
	young  struct{ due, seen time.Time } // a report that was due before the ledger began, and when that was seen
}

// Reporting sends the report when the schedule says so, until ctx is done. Images
// make the pictures in it; where names the system in its commands.
func (s *System) Reporting(ctx context.Context, sched Schedule, images record.Images, where string) error {
	if sched.At == "" && sched.Idle == 0 {
		return nil
	}
	r := &reporter{sys: s, sched: sched, images: images, where: where, now: time.Now, moved: time.Now()}
	for {
		if err := r.look(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("report not sent", "error", err)
		}
		if runner.Sleep(ctx, scheduleEvery) != nil {
			return nil
		}
	}
}

// look sends what is due.
func (r *reporter) look(ctx context.Context) error {
	var errs []error
	if r.sched.At != "" {
		due := occurrence(r.sched.At, r.now())
		if r.now().Sub(due) < lateAtMost {
			errs = append(errs, r.send(ctx, "at-"+due.UTC().Format("20060102T1504Z"), due))
		}
	}
	if r.sched.Idle > 0 {
		errs = append(errs, r.lookIdle(ctx))
	}
	return errors.Join(errs...)
}

// occurrence is when it was this time of day last, in now's place.
func occurrence(at string, now time.Time) time.Time {
	t, _ := time.Parse("15:04", at) // checked
	due := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
	if due.After(now) {
		due = time.Date(now.Year(), now.Month(), now.Day()-1, t.Hour(), t.Minute(), 0, 0, now.Location())
	}
	return due
}

func (r *reporter) lookIdle(ctx context.Context) error {
	_, settled, err := r.sys.Still(ctx)
	if err != nil {
		return err
	}
	if !settled {
		r.moved = r.now()
	}
	if r.now().Sub(r.moved) < r.sched.Idle {
		return nil
	}
	if err := r.readWorked(ctx); err != nil || r.worked.IsZero() || r.now().Sub(r.worked) > lateAtMost {
		return err
	}
	return r.send(ctx, "idle-"+r.worked.UTC().Format("20060102T150405.000000000Z"), r.worked)
}

// readWorked reads from the ledger when work was last done, if anything was told
// since it was read last.
func (r *reporter) readWorked(ctx context.Context) error {
	end, err := runner.LedgerEnd(ctx, r.sys.JS)
	if err != nil || end == r.told {
		return err
	}
	n, err := r.sys.Night(ctx, r.now().Add(-lateAtMost))
	if err == nil {
		r.worked, r.told = n.Worked, end
	}
	return err
}

// began tells whether the ledger has an event of before the report was due. Where
// it has none all of it was read, which is not done again for a while.
func (r *reporter) began(ctx context.Context, due time.Time) (bool, error) {
	if r.young.due.Equal(due) && r.now().Sub(r.young.seen) < sendAgain {
		return false, nil
	}
	for e, err := range runner.Events(ctx, r.sys.JS) {
		if err != nil {
			return false, err
		}
		if !e.Time.After(due) {
			return true, nil
		}
	}
	r.young.due, r.young.seen = due, r.now()
	return false, nil
}

// send sends the report of the slot unless it was sent, or is being sent.
// Nothing is sent of a ledger that began after it was due.
func (r *reporter) send(ctx context.Context, slot string, due time.Time) error {
	if _, err := r.sys.Work.Stat(ctx, archive.ReportSentKey(slot)); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if began, err := r.began(ctx, due); err != nil || !began {
		return err
	}
	mine, err := r.claim(ctx, slot)
	if err != nil || !mine {
		return err
	}
	standings, err := r.sys.Books().Standings(ctx, "")
	if err != nil {
		return err
	}
	rep, err := r.sys.Report(ctx, standings, r.now().Add(-reportReaches), r.where)
	if err != nil {
		return err
	}
	r.sys.Illustrate(ctx, &rep, r.images)
	if err := r.sched.Send(ctx, rep); err != nil {
		return err
	}
	told := archive.Event{Kind: archive.ReportSent, Who: Worker(), Detail: rep.Subject(), ID: "report/" + slot}
	if _, err := r.sys.Work.PutJSON(ctx, archive.ReportSentKey(slot), told); err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	r.sys.Log.Info("report sent", "slot", slot)
	return runner.Append(ctx, r.sys.JS, told)
}

// claim tells whether this process is to send the report of the slot now: it is
// the first to try, or those before it failed some time ago.
func (r *reporter) claim(ctx context.Context, slot string) (bool, error) {
	for n := range sendTries {
		key := archive.ReportTryKey(slot, n+1)
		made, err := r.sys.Work.PutNew(ctx, key, fmt.Appendf(nil, "{\"who\":%q,\"at\":%q}", Worker(), r.now().UTC().Format(time.RFC3339Nano)), "application/json")
		if made {
			return true, nil
		}
		if err != nil && !errors.Is(err, store.ErrConflict) {
			return false, err
		}
		info, err := r.sys.Work.Stat(ctx, key)
		if err != nil || r.now().Sub(info.LastModified) < sendAgain {
			return false, err
		}
	}
	return false, nil
}
