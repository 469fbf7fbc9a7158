package publish

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Currents yields what is published now of every item below prefix, in the
// order of locators.
func Currents(ctx context.Context, records *store.Bucket, prefix string) iter.Seq2[archive.Current, error] {
	return func(yield func(archive.Current, error) bool) {
		for info, err := range Pointers(ctx, records, prefix) {
			if err != nil {
				yield(archive.Current{}, err)
				return
			}
			l := strings.TrimSuffix(info.Key, archive.CurrentKey(""))
			c, _, err := shelf{records, archive.Locator(l)}.current(ctx)
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Pointers yields the current.json of every item below prefix, as listed, in the
// order of locators.
func Pointers(ctx context.Context, records *store.Bucket, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		for info, err := range records.List(ctx, prefix) {
			if err != nil {
				yield(info, fmt.Errorf("list what is published: %w", err))
				return
			}
			if strings.HasSuffix(info.Key, archive.CurrentKey("")) && !yield(info, nil) {
				return
			}
		}
	}
}

// Outdated yields the tasks that publish anew what was published under terms
// before t. Their stage leaves versions whose content is the same.
func Outdated(ctx context.Context, records *store.Bucket, t Terms) iter.Seq2[pipeline.PublishTask, error] {
	return func(yield func(pipeline.PublishTask, error) bool) {
		for c, err := range Currents(ctx, records, "") {
			if err == nil && c.Terms >= t.Number {
				continue
			}
			task := again(c)
			task.Policy = archive.DigestOfParts("terms", strconv.Itoa(t.Number), string(t.digest()))
			if !yield(task, err) || err != nil {
				return
			}
		}
	}
}

// Unheard yields the tasks for items that have reviews which their current
// version knows nothing of: whoever stored them did not come to ask for it.
func Unheard(ctx context.Context, work, records *store.Bucket) iter.Seq2[pipeline.PublishTask, error] {
	return func(yield func(pipeline.PublishTask, error) bool) {
		count := map[archive.ItemID]int{}
		first := map[archive.ItemID]string{}
		for info, err := range work.List(ctx, archive.AllReviews) {
			if err != nil {
				yield(pipeline.PublishTask{}, fmt.Errorf("list reviews: %w", err))
				return
			}
			id, _, _ := strings.Cut(strings.TrimPrefix(info.Key, archive.AllReviews), "/")
			item := archive.ItemID(id)
			count[item]++
			first[item] = info.Key
		}
		for item, n := range count {
			task, err := unheard(ctx, work, records, first[item], n)
			if err == nil && task.Item == "" {
				continue
			}
			if !yield(task, err) || err != nil {
				return
			}
		}
	}
}

// unheard is the task of the item whose review lies at key, if its version has
// heard of fewer than n reviews.
func unheard(ctx context.Context, work, records *store.Bucket, key string, n int) (pipeline.PublishTask, error) {
	var r struct {
		Locator archive.Locator `json:"locator"`
	}
	if err := work.GetJSON(ctx, key, &r); err != nil {
		return pipeline.PublishTask{}, fmt.Errorf("read a review: %w", err)
	}
	c, _, err := shelf{records, r.Locator}.current(ctx)
	if err != nil || c.Number == 0 || c.Reviews >= n {
		return pipeline.PublishTask{}, err
	}
	return AfterReview(c, n), nil
}

// AfterReview is the task that publishes c anew with its n reviews.
func AfterReview(c archive.Current, n int) pipeline.PublishTask {
	t := again(c)
	t.Policy = archive.DigestOfParts("reviews", strconv.Itoa(n))
	return t
}

func again(c archive.Current) pipeline.PublishTask {
	return pipeline.PublishTask{Ref: pipeline.Ref{Version: 1, Item: c.Item, Locator: c.Locator}, Input: c.Input, Structure: c.Structure}
}
