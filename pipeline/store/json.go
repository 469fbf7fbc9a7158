package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// One of each is enough: EncodeAll and DecodeAll may be called at once.
var (
	packer, _   = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	unpacker, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(1<<30))
)

// PutJSON stores v as JSON if there is nothing at key; a key that ends in .zst
// is compressed. Equal values give equal bytes. It returns the digest-bearing
// bytes stored, for callers that note their digest.
func (b *Bucket) PutJSON(ctx context.Context, key string, v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("spell %s: %w", key, err)
	}
	kind := "application/json"
	if strings.HasSuffix(key, ".zst") {
		raw, kind = packer.EncodeAll(raw, nil), "application/zstd"
	}
	_, err = b.PutNew(ctx, key, raw, kind)
	return raw, err
}

// GetJSON reads what PutJSON stored. ErrNotFound if there is nothing.
func (b *Bucket) GetJSON(ctx context.Context, key string, v any) error {
	raw, _, err := b.Get(ctx, key)
	if err != nil {
		return err
	}
	return decodeJSON(key, raw, v)
}

// decodeJSON reads an object's bytes as its key says. Bytes that do not unpack
// wrap ErrFixity.
func decodeJSON(key string, raw []byte, v any) error {
	if strings.HasSuffix(key, ".zst") {
		var err error
		if raw, err = unpacker.DecodeAll(raw, nil); err != nil {
			return fmt.Errorf("unpack %s: %w: %w", key, ErrFixity, err)
		}
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return nil
}
