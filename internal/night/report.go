package night

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/intake"
	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/replay"
	"nightshift/pipeline/report"
	"nightshift/pipeline/runner"
)

// Failures reads every parked failure.
func (s *System) Failures(ctx context.Context) ([]archive.Failure, error) {
	var out []archive.Failure
	for f, err := range runner.Failures(ctx, s.JS) {
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// Outstanding are the failures not mended yet, the last of each page or item.
func (s *System) Outstanding(ctx context.Context) ([]archive.Failure, error) {
	all, err := s.Failures(ctx)
	if err != nil {
		return nil, err
	}
	return replay.Outstanding(ctx, all, func(ctx context.Context, f archive.Failure) (bool, error) {
		return intake.Resolved(ctx, s.Books(), f)
	})
}

// Looks is what a person should look at though nothing failed.
// Standings are those below prefix.
func (s *System) Looks(ctx context.Context, prefix string, standings []progress.ScanStanding) ([]progress.Look, error) {
	return s.Books().AllLooks(ctx, prefix, standings)
}

// Fixity checks digests (see progress.Books.Fixity) and notes in the ledger that
// it was done, by whom, and with what result.
func (s *System) Fixity(ctx context.Context, prefix, who string) (*progress.Checked, error) {
	c, err := s.Books().Fixity(ctx, prefix)
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	if len(facts) > 64<<10 {
		facts = nil // the command told them all
	}
	e := archive.Event{Kind: archive.FixityChecked, Who: who, Facts: facts,
		Detail: fmt.Sprintf("%d scans, %d objects, %d files read; %d not sound", c.Scans, c.Work, c.Records, len(c.Unsound))}
	return &c, runner.Append(ctx, s.JS, e)
}

// Night folds the ledger from a time on; the zero time is its beginning.
func (s *System) Night(ctx context.Context, since time.Time) (*ledger.Night, error) {
	n := ledger.NewNight()
	for e, err := range runner.EventsSince(ctx, s.JS, since) {
		if err != nil {
			return nil, err
		}
		n.Add(e)
	}
	return n, nil
}

// Report is the morning report: counts of all that is there, the night since a
// time. Where names the system in its commands.
func (s *System) Report(ctx context.Context, standings []progress.ScanStanding, since time.Time, where string) (report.Report, error) {
	outstanding, err := s.Outstanding(ctx)
	if err != nil {
		return report.Report{}, err
	}
	n, err := s.Night(ctx, since)
	if err != nil {
		return report.Report{}, err
	}
	t, err := s.Turns(ctx)
	if err != nil {
		return report.Report{}, err
	}
	looks, err := s.Looks(ctx, "", standings)
	if err != nil {
		return report.Report{}, err
	}
	return report.New(time.Now(), standings, looks, outstanding, n, t.steps(time.Now()), where), nil
}

// EngineRemedy is the command that installs what an engine error says is missing.
func EngineRemedy(err error, languages []string) string {
	if reason, _ := pipeline.Rejected(err); reason == archive.LanguageMissing {
		return "apt-get install tesseract-ocr-" + strings.Join(languages, " tesseract-ocr-") + ", or name the folder that holds it with --tessdata"
	}
	return "apt-get install tesseract-ocr libtesseract-dev libleptonica-dev"
}
