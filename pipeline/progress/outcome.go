package progress

import (
	"errors"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Outcome gives an error of the store the meaning it has for a stage: a store
// that is away burns no try; bytes that do not match their digest are parked
// under that reason; an object of a newer version is left to a newer program.
// Other errors are handed on as they are.
func Outcome(err error) error {
	switch {
	case store.IsDown(err):
		return pipeline.Unavailable(err)
	case errors.Is(err, store.ErrNewer):
		return pipeline.Newer(err)
	case errors.Is(err, store.ErrFixity):
		if _, rejected := pipeline.Rejected(err); !rejected {
			return pipeline.Fail(archive.FixityFailed, "%w", err)
		}
	}
	return err
}
