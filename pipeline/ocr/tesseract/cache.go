package tesseract

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"nightshift/pipeline/imaging/pdf"
	"nightshift/pipeline/ocr/wire"
)

// CacheMark is the file that says that the cache holds pdfium, compiled by this
// program for this processor.
func CacheMark(cfg wire.Config) string { return filepath.Join(cfg.Cache, "filled-"+cfg.CacheKey) }

// filled is the directory of the cache; "" until it holds what is needed: a child may
// read it, and could not add to it.
func filled(cfg wire.Config) string {
	if cfg.Cache == "" || cfg.CacheKey == "" {
		return ""
	}
	if _, err := os.Stat(CacheMark(cfg)); err != nil {
		return ""
	}
	return cfg.Cache
}

// FillCache compiles pdfium into the cache, and says so there.
func FillCache(cfg wire.Config) error {
	if _, err := pdf.NewEngine(context.Background(), cfg.Cache, cfg.MemoryLimit/2); err != nil {
		return fmt.Errorf("fill the cache of compiled code: %w", err)
	}
	if err := os.WriteFile(CacheMark(cfg), nil, 0o600); err != nil {
		return fmt.Errorf("fill the cache of compiled code: %w", err)
	}
	return nil
}
