package night

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"nightshift/internal/program"
	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/replay"
	"nightshift/pipeline/runner"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structuring"
)

// Done are the tasks that run a stage again for published items the selector
// chooses by box, item and page: after a new rule, language, model or policy.
// What comes out as it was makes nothing new. Stage is ocr, structure or publish;
// stage ocr reads again only what was read otherwise than it would be now.
func (s *System) Done(ctx context.Context, sel replay.Selector, stage, id string) ([]pipeline.Task, error) {
	if !slices.Contains([]string{pipeline.StageOCR, pipeline.StageStructure, pipeline.StagePublish}, stage) {
		return nil, program.Exit(program.Usage, "stage %q cannot be run again for what is done: choose ocr, structure or publish", stage)
	}
	var out []pipeline.Task
	seen := map[archive.ItemID]bool{}
	var failed error
	err := s.Books().Walk(ctx, "", nil, func(st progress.ScanStanding) {
		if failed != nil || st.Standing != progress.Published || seen[st.Item] {
			return
		}
		seen[st.Item] = true
		if sel.Matches(archive.Failure{Item: st.Item, Locator: st.Locator, Page: sel.Page, Stage: stage}) {
			var tasks []pipeline.Task
			tasks, failed = s.doneTasks(ctx, pipeline.Ref{Version: 1, Item: st.Item, Locator: st.Locator, Replay: id}, sel.Page, stage)
			out = append(out, tasks...)
		}
	})
	return out, errors.Join(err, failed)
}

func (s *System) doneTasks(ctx context.Context, ref pipeline.Ref, page int, stage string) ([]pipeline.Task, error) {
	input, _, err := progress.CurrentInput(ctx, s.Work, ref.Item)
	if err != nil {
		return nil, err
	}
	switch stage {
	case pipeline.StageStructure:
		settled, _, err := progress.CurrentSettled(ctx, s.Work, ref.Item, input)
		return []pipeline.Task{pipeline.StructureTask{Ref: ref, Input: input, Settled: settled}}, err
	case pipeline.StagePublish:
		var cur archive.Current
		err := s.Records.GetJSON(ctx, archive.CurrentKey(ref.Locator), &cur)
		return []pipeline.Task{pipeline.PublishTask{Ref: ref, Input: input, Structure: cur.Structure}}, err
	}
	var m archive.Manifest
	if err := s.Work.GetJSON(ctx, archive.ManifestKey(ref.Item, input), &m); err != nil {
		return nil, err
	}
	var out []pipeline.Task
	for i, p := range m.Pages {
		if p.Type != archive.TypeText && (page == 0 || page == i+1) {
			out = append(out, pipeline.PageTask{Ref: ref, Input: input, Page: i + 1, Whole: page == 0})
		}
	}
	return out, nil
}

// Ask publishes tasks of a replay, each noted in the ledger first with who asked.
func (s *System) Ask(ctx context.Context, tasks []pipeline.Task, who string) error {
	for _, t := range tasks {
		a := t.About()
		note := archive.Event{Kind: archive.Replayed, Stage: stageOf(t), Item: a.Item, Locator: a.Locator, Page: a.Page, Replay: a.Replay, Who: who}
		if err := runner.Append(ctx, s.JS, note); err != nil {
			return err
		}
		if err := s.ask(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func stageOf(t pipeline.Task) string {
	switch t.(type) {
	case pipeline.PageTask:
		return pipeline.StageOCR
	case pipeline.StructureTask:
		return pipeline.StageStructure
	}
	return pipeline.StagePublish
}

// DoneID names a replay of what is done: two operators who ask within the same
// minute ask once.
func DoneID(now time.Time) string { return fmt.Sprintf("d%d", now.Truncate(time.Minute).Unix()) }

// Difference is what a replay would change in an item's records.
type Difference struct {
	Locator archive.Locator  `json:"locator"`
	Changes *archive.Changes `json:"changes"` // nil: nothing
}

// Preview says what structure and publish tasks would change in the records. A
// structure is made and kept in the work bucket, where the replay itself finds
// it; nothing is published. What pages would read as is known only by reading
// them: a page task is an error.
func (s *System) Preview(ctx context.Context, o Stages, tasks []pipeline.Task) ([]Difference, error) {
	structure := structuring.New(structuring.Options{Scans: s.Scans, Work: s.Work, MaxText: o.MaxText, Rules: o.Rules})
	publishing := s.publishing(nil)
	var out []Difference
	for _, t := range tasks {
		d := Difference{Locator: t.About().Locator}
		if st, ok := t.(pipeline.StructureTask); ok {
			r, err := structure.Do(ctx, st)
			if err != nil {
				return out, fmt.Errorf("%s: %w", d.Locator, err)
			}
			if len(r.Next) == 0 {
				out = append(out, d)
				continue
			}
			t = r.Next[0]
		}
		p, ok := t.(pipeline.PublishTask)
		if !ok {
			return out, program.Exit(program.Usage, "what pages would read as is known only by reading them: --diff is for the stages structure and publish")
		}
		var err error
		if d.Changes, err = publishing.Preview(ctx, p); err != nil && !errors.Is(err, store.ErrNotFound) {
			return out, fmt.Errorf("%s: %w", d.Locator, err)
		}
		out = append(out, d)
	}
	return out, nil
}
