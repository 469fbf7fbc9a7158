//go:build shared

package alto_test

import (
	"testing"

	"nightshift/pipeline/record/recordtest"
)

func TestValidALTO(t *testing.T) {
	for _, in := range recordtest.Awkward(t) {
		for _, page := range pages(t, in) {
			recordtest.XMLLint(t, "alto-4-4.xsd", []byte(page))
		}
	}
}
