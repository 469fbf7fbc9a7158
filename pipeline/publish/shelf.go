package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// races is how often a claim or a move is tried against other publishers. Each
// lost round means that another one won it, so more is not a race any more.
const races = 20

// shelf is an item's place in the records bucket: its versions and the pointer
// to the newest.
type shelf struct {
	bucket  *store.Bucket
	locator archive.Locator
}

type verdict int

const (
	toPublish verdict = iota
	unchanged         // the current version has this content
	ours              // the current version was made for this very task
	overtaken         // a later version followed, or what was published knows of more reviews or newer terms
)

type standing struct {
	verdict verdict
	why     string
	current archive.Current
	etag    string // of current
}

// standing compares v with what is published. Content that was published before
// is not published again by a task that came late; it is when terms or reviews
// have changed since, or a replay asks for it.
func (s shelf) standing(ctx context.Context, v archive.Current, t pipeline.PublishTask) (standing, error) {
	content := v.Content
	current, etag, err := s.current(ctx)
	if err != nil || current.Number == 0 {
		return standing{}, err
	}
	if current.Content == content {
		if current.Task == t.MessageID() {
			return standing{verdict: ours, current: current}, nil
		}
		return standing{verdict: unchanged, current: current}, nil
	}
	if current.Terms > v.Terms || current.Reviews > v.Reviews {
		return standing{verdict: overtaken, current: current, why: errOvertaken.Error()}, nil
	}
	wanted := t.Replay != "" || current.Terms < v.Terms || current.Reviews < v.Reviews
	for n := current.Number - 1; n > 0; n-- {
		old, err := s.version(ctx, n)
		if err != nil {
			return standing{}, err
		}
		if old.Task == t.MessageID() || old.Content == content && !wanted {
			return standing{verdict: overtaken, current: current,
				why: fmt.Sprintf("published as version %d, which version %d followed", n, current.Number)}, nil
		}
	}
	return standing{current: current, etag: etag}, nil
}

// current reads current.json and its entity tag; a zero Current if there is none.
func (s shelf) current(ctx context.Context) (c archive.Current, etag string, err error) {
	raw, info, err := s.bucket.Get(ctx, archive.CurrentKey(s.locator))
	if errors.Is(err, store.ErrNotFound) {
		return c, "", nil
	}
	if err != nil {
		return c, "", fmt.Errorf("read the current version of %s: %w", s.locator, err)
	}
	if err := store.Decode(archive.CurrentKey(s.locator), raw, &c); errors.Is(err, store.ErrNewer) {
		return c, "", err
	} else if err != nil {
		return c, "", pipeline.Fail(archive.FixityFailed, "%w", err)
	}
	return c, info.ETag, nil
}

// version reads the n-th version object.
func (s shelf) version(ctx context.Context, n int) (archive.Current, error) {
	var v archive.Current
	err := s.bucket.GetJSON(ctx, archive.VersionKey(s.locator, n), &v)
	if err != nil {
		return v, fmt.Errorf("read version %d of %s: %w", n, s.locator, err)
	}
	return v, nil
}

// last is the highest version object; a zero Current if there is none.
func (s shelf) last(ctx context.Context) (archive.Current, error) {
	n := 0
	for info, err := range s.bucket.List(ctx, archive.RecordPrefix(s.locator)+"versions/") {
		if err != nil {
			return archive.Current{}, fmt.Errorf("list the versions of %s: %w", s.locator, err)
		}
		if i, err := strconv.Atoi(strings.TrimSuffix(path.Base(info.Key), ".json")); err == nil {
			n = max(n, i)
		}
	}
	if n == 0 {
		return archive.Current{}, nil
	}
	return s.version(ctx, n)
}

// errOvertaken: a version was published meanwhile that knows more.
var errOvertaken = errors.New("published meanwhile under newer terms or with more reviews")

// claim makes v the next version. If the last one has v's content (a crash, or
// another publisher, was here before) that one is it, and fresh is false. With
// none, nothing was current a moment ago, and v is most likely the first.
func (s shelf) claim(ctx context.Context, v archive.Current, none bool, changes func(context.Context, shelf, archive.Current, archive.Current) (*archive.Changes, error)) (archive.Current, bool, error) {
	for try := range races {
		var last archive.Current
		var err error
		if try > 0 || !none {
			last, err = s.last(ctx)
		}
		if err != nil {
			return v, false, err
		}
		if last.Number > 0 && last.Content == v.Content {
			return last, false, nil
		}
		if last.Terms > v.Terms || last.Reviews > v.Reviews {
			return last, false, errOvertaken
		}
		v.Number, v.Changed = last.Number+1, nil
		if last.Number > 0 {
			if v.Changed, err = changes(ctx, s, last, v); err != nil {
				return v, false, err
			}
		}
		raw, err := record.Encode(v)
		if err != nil {
			return v, false, err
		}
		fresh, err := s.bucket.PutNew(ctx, archive.VersionKey(s.locator, v.Number), raw, "application/json")
		if err == nil {
			return v, fresh, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return v, false, fmt.Errorf("claim version %d of %s: %w", v.Number, s.locator, err)
		}
	}
	return v, false, fmt.Errorf("the versions of %s keep changing", s.locator)
}

// moveCurrent points current.json to v unless it points there or further.
// Was is what it was, with its entity tag, when it was looked at last.
func (s shelf) moveCurrent(ctx context.Context, v, was archive.Current, etag string) error {
	raw, err := record.Encode(v)
	if err != nil {
		return err
	}
	for range races {
		if was.Number >= v.Number {
			return nil
		}
		_, err = s.bucket.Replace(ctx, archive.CurrentKey(s.locator), raw, "application/json", etag)
		if !errors.Is(err, store.ErrChanged) {
			return err
		}
		if was, etag, err = s.current(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("the current version of %s keeps changing", s.locator)
}

// changes says how v differs from the version before it.
func (e *edition) changes(ctx context.Context, s shelf, before, v archive.Current) (*archive.Changes, error) {
	c := &archive.Changes{Since: before.Number, Causes: []string{}, Documents: []archive.Change{}, Files: []string{}}
	if before.Input != v.Input {
		c.Causes = append(c.Causes, "pages")
	}
	if before.Structure != v.Structure {
		c.Causes = append(c.Causes, "structure")
	}
	if before.Terms != v.Terms {
		c.Causes = append(c.Causes, "policy or renditions")
	}
	if before.Reviews != v.Reviews {
		c.Causes = append(c.Causes, "reviews")
	}
	for name, d := range v.Files {
		if _, was := before.Files[name]; !was {
			c.Files = append(c.Files, name)
		}
		if n := documentOf(name); n > 0 && before.Files[name] != d {
			change := archive.Change{Document: n, Before: before.Files[name], After: d}
			if change.Before != "" {
				old, _, err := s.bucket.Get(ctx, before.Folder+name)
				if err != nil {
					return nil, fmt.Errorf("compare with version %d: %w", before.Number, err)
				}
				change.Fields = differing(old, e.bodies[n-1])
			}
			if change.Before == "" || len(change.Fields) > 0 {
				c.Documents = append(c.Documents, change)
			}
		}
	}
	for name, d := range before.Files {
		if _, is := v.Files[name]; !is {
			c.Files = append(c.Files, name)
			if n := documentOf(name); n > 0 {
				c.Documents = append(c.Documents, archive.Change{Document: n, Before: d})
			}
		}
	}
	slices.Sort(c.Files)
	slices.SortFunc(c.Documents, func(a, b archive.Change) int { return a.Document - b.Document })
	return c, nil
}

// differing names the fields of two records' top level that differ, but those
// that only say what the record was made from.
func differing(a, b []byte) []string {
	var x, y map[string]json.RawMessage
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return []string{"unreadable"}
	}
	var out []string
	for name := range y {
		if name != "identity" && name != "source" && string(x[name]) != string(y[name]) {
			out = append(out, name)
		}
	}
	for name := range x {
		if _, is := y[name]; !is {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
