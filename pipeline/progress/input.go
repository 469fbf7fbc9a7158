package progress

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// input is the content of an InputKey.
type input struct {
	Input archive.Digest `json:"input"`
}

// CurrentInput is the item's current manifest digest and its number; "" and 0
// when it has none yet.
func CurrentInput(ctx context.Context, work *store.Bucket, item archive.ItemID) (archive.Digest, int, error) {
	last := ""
	for info, err := range work.List(ctx, archive.InputsPrefix(item)) {
		if err != nil {
			return "", 0, err
		}
		last = max(last, info.Key)
	}
	if last == "" {
		return "", 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(path.Base(last), ".json"))
	if err != nil {
		return "", 0, fmt.Errorf("strange object %s among the inputs: %w", last, err)
	}
	var in input
	err = work.GetJSON(ctx, last, &in)
	return in.Input, n, err
}

// MakeCurrent appends the input to the item's numbered list unless it is the
// last already. Fresh tells whether this call did it.
func MakeCurrent(ctx context.Context, work *store.Bucket, item archive.ItemID, in archive.Digest) (number int, fresh bool, err error) {
	for range 10 {
		last, n, err := CurrentInput(ctx, work, item)
		if err != nil || last == in {
			return n, false, err
		}
		_, err = work.PutJSON(ctx, archive.InputKey(item, n+1), input{in})
		if err == nil {
			return n + 1, true, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return 0, false, err
		}
	}
	return 0, false, fmt.Errorf("the inputs of %s keep changing", item)
}
