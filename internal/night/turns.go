package night

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/report"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/turns"
)

// orderEvery is how soon a process hears of an order that another one took.
const orderEvery = time.Second

// admitEvery is how often the usher looks while tasks wait, and idleEvery while
// none is known to: it is told of those that come.
const (
	admitEvery = 50 * time.Millisecond
	idleEvery  = 2 * time.Second
)

// held is what the order that this process knows of says of an item.
func (s *System) held(l archive.Locator) bool {
	o := s.order.Load()
	return o != nil && o.Holds(l)
}

// readOrder reads the order in force, before anything runs.
func (s *System) readOrder(ctx context.Context) error {
	o, err := turns.InForce(ctx, s.Work)
	if err != nil {
		return err
	}
	s.order.Store(&o)
	return nil
}

// heed keeps the order in force at hand, until ctx is done. An order that cannot
// be read leaves the one before.
func (s *System) heed(ctx context.Context) error {
	for {
		if runner.Sleep(ctx, orderEvery) != nil {
			return nil
		}
		if err := s.readOrder(ctx); err != nil && ctx.Err() == nil {
			s.Log.Debug("the order in force was not read", "error", err)
		}
	}
}

// ask publishes tasks: pages to the waiting room, where the box's turn decides
// when they are read, all others to their stages.
func (s *System) ask(ctx context.Context, tasks ...pipeline.Task) error {
	var wait, others []pipeline.Task
	for _, t := range tasks {
		if pipeline.StageOf(t) == pipeline.StageOCR {
			wait = append(wait, t)
		} else {
			others = append(others, t)
		}
	}
	if len(wait) > 0 {
		if err := runner.Wait(ctx, s.JS, wait...); err != nil {
			return err
		}
	}
	return runner.Publish(ctx, s.JS, others...)
}

// usher admits tasks from the waiting room by turns, so that at most places of
// a stage's are in its queue: a box that comes late waits for these and for its
// turn, not for all that is there. Several processes may do it at once.
type usher struct {
	sys     *System
	places  int
	stages  []string
	backlog int // tasks that may wait for the stages after ocr before no page is admitted; 0: no limit

	door   *runner.Door
	last   map[string]string // box served last, by stage
	pages  int               // that may be admitted until the backlog is looked at again
	looked time.Time
}

// usher admits until ctx is done.
func (s *System) usher(ctx context.Context, u usher) error {
	woken := make(chan struct{}, 1)
	for _, stage := range u.stages {
		stop, err := runner.Tell(s.NC, stage, func() {
			select {
			case woken <- struct{}{}:
			default:
			}
		})
		if err != nil {
			return err
		}
		defer stop()
	}
	u.sys, u.last = s, map[string]string{}
	for {
		wait, err := u.admit(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.Log.Debug("waiting room", "error", err)
			wait = idleEvery
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return nil
		case <-t.C:
		case <-woken:
			t.Stop()
		}
	}
}

// admit fills the free places of the stages once and says when to look again.
func (u *usher) admit(ctx context.Context) (wait time.Duration, err error) {
	order := u.sys.order.Load()
	if order == nil {
		return admitEvery, nil // not read yet: what is held is not known
	}
	if u.door == nil {
		if u.door, err = runner.OpenDoor(ctx, u.sys.JS); err != nil {
			return 0, err
		}
	}
	rooms, err := u.door.Rooms(ctx)
	if err != nil {
		return 0, err
	}
	wait = idleEvery
	for _, stage := range u.stages {
		waiting := map[string]int{}
		for _, r := range rooms {
			if r.Stage == stage {
				waiting[r.Box] = r.Tasks
			}
		}
		if len(waiting) == 0 {
			continue
		}
		queue, err := u.door.Queue(ctx, stage)
		if err != nil {
			return 0, err
		}
		free := u.places - queue.Waiting
		if stage == pipeline.StageOCR {
			if err := u.lookBehind(ctx); err != nil {
				return 0, err
			}
			free = min(free, u.pages)
		}
		admitted := order.Admit(waiting, free, u.last[stage])
		for _, box := range admitted {
			if _, err := u.door.Admit(ctx, stage, box); err != nil {
				return 0, err
			}
			u.last[stage] = box
			if stage == pipeline.StageOCR {
				u.pages--
			}
		}
		switch {
		case len(admitted) > 0 && queue.Waiting == 0:
			wait = 0 // the stage may have nothing to do while this process sleeps
		case len(admitted) > 0 || free <= 0:
			wait = min(wait, admitEvery)
		}
	}
	return wait, nil
}

// lookBehindEvery is how often the backlog of the stages after ocr is counted.
const lookBehindEvery = time.Second

// lookBehind counts how many more pages may be read, lest what is read and not
// published grows without end. What is behind a stage that an operator paused is
// not counted: that is the order.
func (u *usher) lookBehind(ctx context.Context) error {
	if u.backlog <= 0 {
		u.pages = u.places
		return nil
	}
	if u.pages > 0 && time.Since(u.looked) < lookBehindEvery || time.Since(u.looked) < admitEvery {
		return nil
	}
	u.pages = u.backlog
	for _, stage := range []string{pipeline.StageStructure, pipeline.StagePublish} {
		q, err := u.door.Queue(ctx, stage)
		if err != nil {
			return err
		}
		if !q.Paused {
			u.pages -= q.Waiting + q.Working
		}
	}
	if u.looked = time.Now(); u.pages <= 0 {
		u.sys.Log.Debug("no page is admitted: too much waits for the stages after ocr", "backlog", u.backlog-u.pages)
	}
	return nil
}

// Turns is what operators decided about stages and boxes, and what waits for it.
type Turns struct {
	turns.Order
	Rooms []runner.Room `json:"waitingRoom"`
}

// Turns reads it.
func (s *System) Turns(ctx context.Context) (t Turns, err error) {
	if t.Order, err = turns.InForce(ctx, s.Work); err != nil {
		return t, err
	}
	t.Rooms, err = runner.Rooms(ctx, s.JS)
	return t, err
}

// Kept is how many tasks of a box wait, over all stages.
func (t Turns) Kept(box string) int {
	n := 0
	for _, r := range t.Rooms {
		if r.Box == box || strings.HasPrefix(r.Box, box+"/") {
			n += r.Tasks
		}
	}
	return n
}

// steps are the lines of the morning report about what is held back, with the
// command that ends it.
func (t Turns) steps(now time.Time) []report.Step {
	var out []report.Step
	for _, x := range t.Told(now) {
		step := report.Step{What: x.String() + ".", Command: x.Undo() + " " + report.Quoted(x.Name)}
		if n := t.Kept(x.Name); x.How == "held" && n > 0 {
			step.What = fmt.Sprintf("%s. Kept back: %d.", x, n)
		}
		out = append(out, step)
	}
	return out
}

// Still tells how far nothing moves. Idle: nothing waits but tasks of boxes that
// are held. Settled: the same, or what waits is behind a stage that is paused.
func (s *System) Still(ctx context.Context) (idle, settled bool, err error) {
	queues, err := runner.Queues(ctx, s.JS)
	if err != nil {
		return false, false, err
	}
	aside := false
	for _, q := range queues {
		aside = aside || q.Aside > 0
	}
	free := map[string]int{} // tasks that wait for a turn that will come, by stage
	if aside {
		t, err := s.Turns(ctx)
		if err != nil {
			return false, false, err
		}
		for _, r := range t.Rooms {
			if !t.HoldsBox(r.Box) {
				free[r.Stage] += r.Tasks
			}
		}
	}
	idle, settled = true, true
	for _, q := range queues {
		if q.Waiting+q.Working+free[q.Stage] > 0 {
			idle, settled = false, settled && q.Paused
		}
	}
	return idle, settled, nil
}

// forEver is how long a pause without an end lasts: JetStream wants a time.
const forEver = 100 * 365 * 24 * time.Hour

// Pause stops a stage, for a time or until it is resumed: what is worked on
// ends, nothing new begins, and nothing is lost or counted as a try. The order
// is written first, then carried out, then told to the ledger.
func (s *System) Pause(ctx context.Context, stage string, span time.Duration, who, why string) error {
	if err := knownStage(stage); err != nil {
		return err
	}
	if span < 0 {
		return program.Exit(program.Usage, "a pause lasts longer than %s", span)
	}
	act := turns.Act{Who: who, Since: time.Now().UTC().Truncate(time.Second), Why: why}
	if span > 0 {
		act.Until = act.Since.Add(span)
	}
	if _, err := turns.Change(ctx, s.Work, func(o *turns.Order) bool { o.Paused[stage] = act; return true }); err != nil {
		return err
	}
	if err := s.carryOut(ctx, stage, act); err != nil {
		return err
	}
	detail := why
	if span > 0 {
		detail = strings.TrimSpace(fmt.Sprintf("for %s. %s", span, why))
	}
	return runner.Append(ctx, s.JS, archive.Event{Kind: archive.Paused, Stage: stage, Who: who, Detail: detail})
}

// carryOut pauses the stage's consumer as the act says.
func (s *System) carryOut(ctx context.Context, stage string, act turns.Act) error {
	until := act.Until
	if until.IsZero() {
		until = time.Now().Add(forEver)
	}
	return runner.Pause(ctx, s.JS, stage, until)
}

// carryOutAll pauses what is to be paused and is not: the consumers were made
// anew, or whoever gave the order was stopped in the middle.
func (s *System) carryOutAll(ctx context.Context) error {
	o, err := turns.InForce(ctx, s.Work)
	if err != nil || len(o.Paused) == 0 {
		return err
	}
	queues, err := runner.Queues(ctx, s.JS)
	if err != nil {
		return err
	}
	for _, q := range queues {
		act, paused := o.Paused[q.Stage]
		if paused && !q.Paused && (act.Until.IsZero() || act.Until.After(time.Now())) {
			if err := s.carryOut(ctx, q.Stage, act); err != nil {
				return err
			}
		}
	}
	return nil
}

func knownStage(stage string) error {
	if known := pipeline.StageNames(); !slices.Contains(known, stage) {
		return program.Exit(program.Usage, "there is no stage %q; there are %s", stage, strings.Join(known, ", "))
	}
	return nil
}

// Resume ends a pause. Nothing is said of a stage that is not paused but by the
// error.
func (s *System) Resume(ctx context.Context, stage, who string) error {
	if err := knownStage(stage); err != nil {
		return err
	}
	changed, err := turns.Change(ctx, s.Work, func(o *turns.Order) bool {
		_, paused := o.Paused[stage]
		delete(o.Paused, stage)
		return paused
	})
	if err != nil {
		return err
	}
	if !changed {
		return program.Exit(program.Nothing, "stage %s is not paused", stage)
	}
	if err := runner.Resume(ctx, s.JS, stage); err != nil {
		return err
	}
	return runner.Append(ctx, s.JS, archive.Event{Kind: archive.Resumed, Stage: stage, Who: who})
}

// Acts are what Give does, in the words of the commands.
const (
	ActPause   = "pause"
	ActResume  = "resume"
	ActHold    = "hold"
	ActFirst   = "first"
	ActRelease = "release"
)

// Give gives one order about a stage or a box, by the name of its command.
func (s *System) Give(ctx context.Context, act, name string, span time.Duration, who, why string) error {
	switch act {
	case ActPause:
		return s.Pause(ctx, name, span, who, why)
	case ActResume:
		return s.Resume(ctx, name, who)
	case ActHold:
		return s.Hold(ctx, name, who, why)
	case ActFirst:
		return s.First(ctx, name, who, why)
	case ActRelease:
		return s.Release(ctx, name, who)
	}
	return program.Exit(program.Usage, "there is no order %q", act)
}

// Hold keeps a box, or a collection, where it is: its scans are taken, but
// nothing of it is read, structured or published until it is released.
func (s *System) Hold(ctx context.Context, box, who, why string) error {
	return s.orderBox(ctx, archive.Held, box, who, why, func(o *turns.Order, a turns.Act) bool {
		o.Held[box] = a
		delete(o.First, box)
		return true
	})
}

// First has a box, or a collection, go before all others.
func (s *System) First(ctx context.Context, box, who, why string) error {
	return s.orderBox(ctx, archive.PutFirst, box, who, why, func(o *turns.Order, a turns.Act) bool {
		o.First[box] = a
		delete(o.Held, box)
		return true
	})
}

// Release ends Hold and First: the box takes turns with the others.
func (s *System) Release(ctx context.Context, box, who string) error {
	return s.orderBox(ctx, archive.Released, box, who, "", func(o *turns.Order, _ turns.Act) bool {
		_, held := o.Held[box]
		_, first := o.First[box]
		delete(o.Held, box)
		delete(o.First, box)
		return held || first
	})
}

func (s *System) orderBox(ctx context.Context, kind archive.EventKind, box, who, why string, edit func(*turns.Order, turns.Act) bool) error {
	if kind != archive.Released {
		if err := s.knownBox(ctx, box); err != nil {
			return err
		}
	}
	act := turns.Act{Who: who, Since: time.Now().UTC().Truncate(time.Second), Why: why}
	changed, err := turns.Change(ctx, s.Work, func(o *turns.Order) bool { return edit(o, act) })
	if err != nil {
		return err
	}
	if !changed {
		return program.Exit(program.Nothing, "%s is neither held nor first", box)
	}
	return runner.Append(ctx, s.JS, archive.Event{Kind: kind, Locator: archive.Locator(box), Who: who, Detail: why})
}

// knownBox is an error for what is no box or collection with scans in it.
func (s *System) knownBox(ctx context.Context, box string) error {
	if strings.Count(box, "/") > 1 {
		return program.Exit(program.Usage, "%q lies within a box; what takes turns are boxes and collections, as `nightshift status` lists them", box)
	}
	prefix := box + "/"
	if box == "." {
		prefix = ""
	}
	for info, err := range s.Scans.List(ctx, prefix) {
		if err != nil {
			return err
		}
		if box != "." || !strings.Contains(info.Key, "/") {
			return nil
		}
	}
	return program.Exit(program.Nothing, "there is no scan in a box %q; `nightshift status` lists the boxes", box)
}
