package night

import (
	"context"
	"sync"

	"nightshift/pipeline/access"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/record"
)

// Viewer makes page images for people to look at, in an engine child of its
// own, so that they wait for no page that is being read. The child is started
// when the first image is asked for.
type Viewer struct {
	sys    *System
	stages Stages
	mu     sync.Mutex
	pool   *ocr.Pool
}

// Viewer is one with the given settings of children. Close it.
func (s *System) Viewer(o Stages) *Viewer {
	o.OCR.Children, o.OCR.ImagesOnly, o.OCR.Log = 1, true, s.Log
	return &Viewer{sys: s, stages: o}
}

// PageImage is access.Images'.
func (v *Viewer) PageImage(ctx context.Context, p archive.ManifestPage) (record.PageImage, error) {
	pool, err := v.ready()
	if err != nil {
		return record.PageImage{}, err
	}
	return access.Images{Scans: v.sys.Scans, Work: v.sys.Work, Maker: pool, Longest: v.stages.Terms.ImageSize}.PageImage(ctx, p)
}

func (v *Viewer) ready() (*ocr.Pool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pool != nil {
		return v.pool, nil
	}
	var err error
	v.pool, err = ocr.NewPool(context.Background(), v.stages.OCR) // outlives the request that is first
	return v.pool, err
}

// Close ends the child.
func (v *Viewer) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pool == nil {
		return nil
	}
	return v.pool.Close()
}
