//go:build chaos || minio

package chaos

import (
	"context"
	"fmt"
	"time"

	"nightshift/pipeline/ocr"
	"nightshift/pipeline/transcript"
)

// stub stands in for recognition: it reads the scan's bytes, takes its time
// without a processor, and makes a page of a few words.
type stub struct{ takes time.Duration }

func (s stub) Read(ctx context.Context, src ocr.Source, name, _ string, index int, _ ocr.Settings) (transcript.Page, error) {
	if _, err := src.ReadAt(make([]byte, src.Size()), 0); err != nil {
		return transcript.Page{}, fmt.Errorf("read the scan: %w", err)
	}
	select {
	case <-ctx.Done():
		return transcript.Page{}, ctx.Err()
	case <-time.After(s.takes):
	}
	text := fmt.Sprintf("MEMORANDUM\n\nPage %d of %s.\n\nThe boxes were counted again.", index, name)
	return transcript.Page{Version: transcript.FormatVersion, Text: &text, MeanConfidence: 95}, nil
}
