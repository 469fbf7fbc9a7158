package console

import (
	"container/list"
	"context"
	"errors"
	"sync"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// shelfSize is how much of what was read from the store is kept, in bytes as
// estimated.
const shelfSize = 96 << 20

// shelf keeps objects that never change under their key: manifests, readings,
// records, transcript pages. The least recently used go first.
type shelf struct {
	mu   sync.Mutex
	all  map[string]*list.Element
	used *list.List // of kept, newest first
	size int
}

type kept struct {
	key  string
	v    any
	size int
}

func newShelf() *shelf { return &shelf{all: map[string]*list.Element{}, used: list.New()} }

// get is the object at the key, from the shelf or else from the bucket. Size
// estimates what it takes in memory, in bytes.
func get[T any](ctx context.Context, s *shelf, b *store.Bucket, key string, size func(*T) int) (*T, error) {
	at := b.Name() + "\x00" + key
	s.mu.Lock()
	if e, ok := s.all[at]; ok {
		s.used.MoveToFront(e)
		s.mu.Unlock()
		return e.Value.(kept).v.(*T), nil
	}
	s.mu.Unlock()
	v := new(T)
	if err := b.GetJSON(ctx, key, v); err != nil {
		return nil, err
	}
	s.put(kept{at, v, size(v)})
	return v, nil
}

func (s *shelf) put(k kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.all[k.key]; ok || k.size > shelfSize/2 {
		return
	}
	s.all[k.key] = s.used.PushFront(k)
	for s.size += k.size; s.size > shelfSize; {
		old := s.used.Remove(s.used.Back()).(kept)
		delete(s.all, old.key)
		s.size -= old.size
	}
}

func (s *shelf) manifest(ctx context.Context, work *store.Bucket, item archive.ItemID, in archive.Digest) (*archive.Manifest, error) {
	return get(ctx, s, work, archive.ManifestKey(item, in), func(m *archive.Manifest) int { return 300 * len(m.Pages) })
}

func (s *shelf) reading(ctx context.Context, work *store.Bucket, key string) (*structure.Reading, error) {
	return get(ctx, s, work, key, func(r *structure.Reading) int {
		return 2*len(r.Text) + 400*len(r.Structure.Corrections) + 200*len(r.Pages) + 4000*len(r.Structure.Documents)
	})
}

func (s *shelf) record(ctx context.Context, records *store.Bucket, key string) (*record.Record, error) {
	return get(ctx, s, records, key, func(r *record.Record) int { return 2*len(r.Text) + 500*len(r.Corrections) + 4000 })
}

func (s *shelf) page(ctx context.Context, work *store.Bucket, key string) (*transcript.Page, error) {
	return get(ctx, s, work, key, func(*transcript.Page) int { return 300 << 10 })
}

// missing is nil for an object that is not there.
func missing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
