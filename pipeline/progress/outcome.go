package progress

import (
	"errors"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Outcome gives an error of the store the meaning it has for a stage: a store
// that is away, too slow, without its bucket, or that denies a service what its
// stage needs burns no try, since none of these is the item's fault; bytes that
// do not match their digest are parked under that reason; an object of a newer
// version is left to a newer program. Other errors are handed on as they are.
func Outcome(err error) error {
	switch {
	case store.IsDown(err), store.IsLate(err), errors.Is(err, store.ErrDenied), errors.Is(err, store.ErrNoBucket):
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
