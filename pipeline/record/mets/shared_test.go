//go:build shared

package mets_test

import (
	"testing"

	"nightshift/pipeline/record/recordtest"
)

func TestValidMETS(t *testing.T) {
	var files []string
	for _, in := range append(recordtest.Awkward(t), recordtest.Published(t, 100)...) {
		files = append(files, recordtest.Filed(t, write(t, in)))
	}
	recordtest.METS(t, files...)
}
