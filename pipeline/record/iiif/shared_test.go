//go:build shared

package iiif_test

import (
	"testing"

	"nightshift/pipeline/record/recordtest"
)

func TestValidManifests(t *testing.T) {
	var files []string
	for _, in := range recordtest.Awkward(t) {
		if raw, _ := write(t, in); len(raw) > 0 {
			files = append(files, recordtest.Filed(t, raw))
		}
	}
	if len(files) < 4 {
		t.Errorf("only %d manifests", len(files))
	}
	recordtest.IIIF(t, files...)
}
