package progress

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"nightshift/pipeline/archive"
)

// LeftOut lists the files below prefix that could not be put in when their folder was
// put in the last time, but those of whose name a scan came since.
func (b Books) LeftOut(ctx context.Context, prefix string, standings []ScanStanding) ([]Look, error) {
	came := map[string]int64{}
	for _, s := range standings {
		came[s.Key] = s.at
	}
	var out []Look
	var last archive.LeftOutList
	var at int64
	folder := ""
	take := func() {
		for _, f := range last.Files {
			if strings.HasPrefix(f.Key, prefix) && came[f.Key] <= at {
				out = append(out, Look{Key: f.Key, Reason: archive.LeftOut, Detail: f.Why, Box: archive.Locator(f.Key).Box()})
			}
		}
	}
	for info, err := range b.Work.List(ctx, archive.LeftOutPrefix) {
		if err != nil {
			return nil, fmt.Errorf("list what was left out: %w", err)
		}
		if path.Dir(info.Key) != folder {
			take()
			folder = path.Dir(info.Key)
		}
		last, at = archive.LeftOutList{}, info.LastModified.Unix()
		if err := b.Work.GetJSON(ctx, info.Key, &last); err != nil {
			return nil, fmt.Errorf("what was left out: %w", err)
		}
	}
	take()
	slices.SortStableFunc(out, func(a, b Look) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Detail, b.Detail))
	})
	return slices.CompactFunc(out, func(a, b Look) bool { return a.Key == b.Key && a.Detail == b.Detail }), nil
}

// AllLooks is Looks and LeftOut in one, in order of key.
func (b Books) AllLooks(ctx context.Context, prefix string, standings []ScanStanding) ([]Look, error) {
	left, err := b.LeftOut(ctx, prefix, standings)
	if err != nil {
		return nil, err
	}
	out := append(Looks(standings), left...)
	slices.SortStableFunc(out, func(a, b Look) int { return cmp.Compare(a.Key, b.Key) })
	return out, nil
}
