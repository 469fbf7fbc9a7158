package store

import (
	"bytes"
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
	if _, err = b.PutNew(ctx, key, raw, kind); err == nil {
		b.client.recent.put(b.name+"/"+key, raw)
	}
	return raw, err
}

// newest is the newest version of the formats of objects that is read here. An
// object says its version in its first member, "version": a number.
const newest = 1

// GetJSON reads what PutJSON stored; from memory where this process stored it
// lately. ErrNotFound if there is nothing; ErrNewer
// if it says a version that this program does not know.
func (b *Bucket) GetJSON(ctx context.Context, key string, v any) error {
	raw := b.client.recent.get(b.name + "/" + key)
	if raw == nil {
		var err error
		if raw, _, err = b.Get(ctx, key); err != nil {
			return err
		}
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
	if v := version(raw); v > newest {
		return fmt.Errorf("read %s, of version %d: %w", key, v, ErrNewer)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return nil
}

// version is what an object's first member says; 0 where it says none.
func version(raw []byte) int {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return 0
	}
	if name, err := d.Token(); err != nil || name != "version" {
		return 0
	}
	var n int
	if d.Decode(&n) != nil {
		return 0
	}
	return n
}

// Decode reads bytes that Get gave, as GetJSON does.
func Decode(key string, raw []byte, v any) error { return decodeJSON(key, raw, v) }
