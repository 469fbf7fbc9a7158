//go:build shared

package alto_test

import (
	"testing"

	"nightshift/pipeline/record/recordtest"
)

func TestValidALTO(t *testing.T) {
	var files []string
	for _, in := range recordtest.Awkward(t) {
		for _, page := range pages(t, in) {
			files = append(files, recordtest.Filed(t, []byte(page)))
		}
	}
	recordtest.XMLLint(t, "alto-4-4.xsd", files...)
}
