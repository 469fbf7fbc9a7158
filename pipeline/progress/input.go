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

// step is one object of a numbered list: 0001.json, 0002.json … The highest
// number counts. A step is only ever added after the last one its writer saw
// before it looked at what it decided by, so a slow writer with an old view
// gets ErrMoved instead of the last word.
type step struct {
	Digest archive.Digest `json:"digest"`
}

// ErrMoved: somebody else added to the list since it was read. Look again.
var ErrMoved = errors.New("decided anew by somebody else meanwhile")

// last is the end of the list below prefix: "" and 0 when it is empty.
func last(ctx context.Context, work *store.Bucket, prefix string) (archive.Digest, int, error) {
	key := ""
	for info, err := range work.List(ctx, prefix) {
		if err != nil {
			return "", 0, err
		}
		key = max(key, info.Key)
	}
	if key == "" {
		return "", 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(path.Base(key), ".json"))
	if err != nil {
		return "", 0, fmt.Errorf("strange object %s in a numbered list: %w", key, err)
	}
	var s step
	err = work.GetJSON(ctx, key, &s)
	return s.Digest, n, err
}

// add puts d after step seen. ErrMoved if there is one already with another digest.
func add(ctx context.Context, work *store.Bucket, key string, d archive.Digest) error {
	_, err := work.PutJSON(ctx, key, step{d})
	if errors.Is(err, store.ErrConflict) {
		return ErrMoved
	}
	return err
}

// CurrentInput is the item's current manifest digest and its number; "" and 0
// when it has none yet.
func CurrentInput(ctx context.Context, work *store.Bucket, item archive.ItemID) (archive.Digest, int, error) {
	return last(ctx, work, archive.InputsPrefix(item))
}

// SetInput makes in the item's current input, seen being the number that
// CurrentInput gave before the scans were looked at.
func SetInput(ctx context.Context, work *store.Bucket, item archive.ItemID, in archive.Digest, seen int) error {
	return add(ctx, work, archive.InputKey(item, seen+1), in)
}

// CurrentSettled is the digest of the input's newest settlement and its number.
func CurrentSettled(ctx context.Context, work *store.Bucket, item archive.ItemID, in archive.Digest) (archive.Digest, int, error) {
	return last(ctx, work, archive.SettlementsPrefix(item, in))
}

// setSettled is SetInput for settlements.
func setSettled(ctx context.Context, work *store.Bucket, item archive.ItemID, in, settled archive.Digest, seen int) error {
	return add(ctx, work, archive.SettlementKey(item, in, seen+1), settled)
}
