//go:build minio

package store_test

import (
	"testing"

	"nightshift/pipeline/store"
	"nightshift/pipeline/store/miniotest"
	"nightshift/pipeline/store/storetest"
)

func TestMinIO(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config { return miniotest.Start(t, miniotest.Options{}).Config() })
}

// Four drives are an erasure set: other code in MinIO than one drive.
func TestMinIOErasureSet(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config { return miniotest.Start(t, miniotest.Options{Drives: 4}).Config() })
}
