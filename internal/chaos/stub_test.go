//go:build chaos || minio

package chaos

import (
	"context"
	"fmt"

	"nightshift/pipeline/ocr"
	"nightshift/pipeline/transcript"
)

// stub stands in for recognition: it reads the scan's bytes and makes a page of
// a few words.
type stub struct{}

func (stub) Read(_ context.Context, src ocr.Source, name, _ string, index int, _ ocr.Settings) (transcript.Page, error) {
	if _, err := src.ReadAt(make([]byte, src.Size()), 0); err != nil {
		return transcript.Page{}, fmt.Errorf("read the scan: %w", err)
	}
	text := fmt.Sprintf("MEMORANDUM\n\nPage %d of %s.\n\nThe boxes were counted again.", index, name)
	return transcript.Page{Version: transcript.FormatVersion, Text: &text, MeanConfidence: 95}, nil
}
