package pipeline

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nightshift/pipeline/archive"
)

// Streams, their subjects, and the durable consumers of WORK. The stage names
// are those of the consumers, of failed.<stage>.<item> and of replay selectors.
const (
	StreamScans   = "SCANS"
	StreamWork    = "WORK"
	StreamFailed  = "FAILED"
	StreamLedger  = "LEDGER"
	StreamRecords = "RECORDS"
	// StreamLog holds the log lines about items, for the console.
	StreamLog = "LOG"
	// StreamWaiting is the waiting room: tasks that wait for the turn of their box.
	// Stages of other programs than the reading one have rooms of their own, since
	// whoever may take a task out of a room may take any.
	StreamWaiting          = "WAITING"
	StreamWaitingStructure = "WAITING_STRUCTURE"
	StreamWaitingPublish   = "WAITING_PUBLISH"

	SubjectScans = "scans.events"

	StageIntake    = "intake"    // consumer of SCANS: one notification after the other, in order
	StagePlan      = "plan"      // work.plan.<item>
	StageOCR       = "ocr"       // work.ocr.<item>
	StageStructure = "structure" // work.structure.<item>
	StagePublish   = "publish"   // work.publish.<item>
)

// WorkSubject is where tasks of a stage for an item go.
func WorkSubject(stage string, item archive.ItemID) string {
	return "work." + stage + "." + string(item)
}

// StageNames are the stages in the order of the flow.
func StageNames() []string {
	return []string{StageIntake, StagePlan, StageOCR, StageStructure, StagePublish}
}

// WaitingStreams are the waiting rooms.
func WaitingStreams() []string {
	return []string{StreamWaiting, StreamWaitingStructure, StreamWaitingPublish}
}

// WaitingStream is the waiting room of a stage, and all that waits there for it.
func WaitingStream(stage string) (stream, subjects string) {
	switch stage {
	case StageStructure:
		return StreamWaitingStructure, "aside.structure.*"
	case StagePublish:
		return StreamWaitingPublish, "aside.publish.*"
	}
	return StreamWaiting, "waiting." + stage + ".*"
}

// WaitingSubject is where tasks of a stage wait for the turn of a box
// (archive.Locator.Box), whose name may hold what a subject may not.
func WaitingSubject(stage, box string) string {
	_, subjects := WaitingStream(stage)
	return strings.TrimSuffix(subjects, "*") + base64.RawURLEncoding.EncodeToString([]byte(box))
}

// WaitingFor reads a WaitingSubject.
func WaitingFor(subject string) (stage, box string, ok bool) {
	parts := strings.Split(subject, ".")
	if len(parts) != 3 || parts[0] != "waiting" && parts[0] != "aside" {
		return "", "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	return parts[1], string(raw), err == nil
}

// LogSubject is where log lines about an item, or a page of it, go; page 0 is the
// item as a whole.
func LogSubject(item archive.ItemID, page int) string {
	return "log." + string(item) + "." + strconv.Itoa(page)
}

// StageOf is the stage whose work a task is; "" for what is no task of WORK.
func StageOf(t Task) string {
	parts := strings.SplitN(t.Subject(), ".", 3)
	if len(parts) != 3 || parts[0] != "work" {
		return ""
	}
	return parts[1]
}

// FailedSubject is where failures of a stage for an item are parked.
func FailedSubject(stage string, item archive.ItemID) string {
	if item == "" {
		item = "none"
	}
	return "failed." + stage + "." + string(item)
}

// Once is a record whose message may be in RECORDS already, from before the
// time in which the stream itself would notice: the runner looks there for its
// message id among what came after Since, and publishes nothing if it is there.
type Once interface {
	Task
	Since() time.Time // zero: the message is new, for certain
}

// Ref names an item in a task.
type Ref struct {
	Version int             `json:"version"` // of the task's format: 1
	Item    archive.ItemID  `json:"item"`
	Locator archive.Locator `json:"locator"`
	Replay  string          `json:"replay,omitempty"` // id of the replay that asked for it
	Asked   string          `json:"asked,omitempty"`  // by the sweep, and when: makes message ids new
}

func (r Ref) id(stage string, parts ...string) string {
	id := stage + "/" + string(r.Item)
	for _, p := range parts {
		id += "/" + p
	}
	if r.Replay != "" {
		id += "/" + r.Replay
	}
	if r.Asked != "" {
		id += "/" + r.Asked
	}
	return id
}

// PlanTask asks whether an item is complete and, when it is, for its manifest.
type PlanTask struct {
	Ref
	// Scan is the object key of a single-file item; empty for a group of pages.
	Scan string `json:"scan,omitempty"`
	// Trigger is the scan id of the scan or marker that asks; it makes the message id.
	Trigger string `json:"trigger"`
}

// PageTask asks for one page of a manifest to be read.
type PageTask struct {
	Ref
	Input archive.Digest `json:"input"`
	Page  int            `json:"page"` // from 1, in reading order
	// Whole: every page of the item is asked for again, so that the item goes on
	// only when all are read with the present configuration.
	Whole bool `json:"whole,omitempty"`
}

// StructureTask asks for the structure of an item all of whose pages are
// settled. Settled names the object that says how (archive.SettledKey).
type StructureTask struct {
	Ref
	Input   archive.Digest `json:"input"`
	Settled archive.Digest `json:"settled"`
}

// PublishTask asks for the records of a structure.
type PublishTask struct {
	Ref
	Input     archive.Digest `json:"input"`
	Structure archive.Digest `json:"structure"`
	// Policy digests the policy and reviews to apply; it makes the message id.
	Policy archive.Digest `json:"policy,omitempty"`
}

// sound tells what is wrong with a task's item, or with what it names by digest.
func (r Ref) sound(named ...archive.Digest) error {
	if r.Locator != "" && r.Locator.ID() != r.Item {
		return fmt.Errorf("item %s is not that of %q", r.Item, r.Locator)
	}
	for _, d := range named {
		if !d.Valid() {
			return fmt.Errorf("%q is no digest", d)
		}
	}
	return nil
}

// Sound is an error for a task that names no work that could be found: one that
// was damaged, since none is published so.
func (t PlanTask) Sound() error { return t.sound() }

// Sound is as for PlanTask.
func (t PageTask) Sound() error { return t.sound(t.Input) }

// Sound is as for PlanTask.
func (t StructureTask) Sound() error { return t.sound(t.Input, t.Settled) }

// Sound is as for PlanTask.
func (t PublishTask) Sound() error { return t.sound(t.Input, t.Structure) }

func (t PlanTask) Subject() string      { return WorkSubject(StagePlan, t.Item) }
func (t PageTask) Subject() string      { return WorkSubject(StageOCR, t.Item) }
func (t StructureTask) Subject() string { return WorkSubject(StageStructure, t.Item) }
func (t PublishTask) Subject() string   { return WorkSubject(StagePublish, t.Item) }

func (t PlanTask) MessageID() string { return t.id(StagePlan, t.Trigger) }
func (t PageTask) MessageID() string {
	return t.id(StageOCR, t.Input.Short(), strconv.Itoa(t.Page))
}
func (t StructureTask) MessageID() string {
	return t.id(StageStructure, t.Input.Short(), t.Settled.Short())
}
func (t PublishTask) MessageID() string {
	return t.id(StagePublish, t.Input.Short(), t.Structure.Short(), t.Policy.Short())
}

func (t PlanTask) About() About      { return About{t.Item, t.Locator, 0, t.Replay} }
func (t PageTask) About() About      { return About{t.Item, t.Locator, t.Page, t.Replay} }
func (t StructureTask) About() About { return About{t.Item, t.Locator, 0, t.Replay} }
func (t PublishTask) About() About   { return About{t.Item, t.Locator, 0, t.Replay} }

// ScanNotice is a raw notification as it came, from the store or the sweep.
// It is not JSON of ours: the runner hands intake the bytes.
type ScanNotice struct {
	Raw      []byte
	Sequence uint64 // in SCANS
}

// Subject is where notifications arrive.
func (ScanNotice) Subject() string { return SubjectScans }

// MessageID is empty: the store gives notifications none.
func (ScanNotice) MessageID() string { return "" }

// About knows no item before the notice is read.
func (n ScanNotice) About() About {
	return About{Item: "", Locator: archive.Locator(fmt.Sprintf("notification %d", n.Sequence))}
}

// UnmarshalTask takes the message as it is; see runner.
func (n *ScanNotice) UnmarshalTask(raw []byte, sequence uint64) error {
	n.Raw, n.Sequence = raw, sequence
	return nil
}
