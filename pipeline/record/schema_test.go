package record_test

import (
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

func TestEverySchemaCompiles(t *testing.T) {
	for _, f := range record.Formats {
		recordtest.Compile(t, f)
	}
}
