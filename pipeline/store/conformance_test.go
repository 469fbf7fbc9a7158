package store_test

import (
	"testing"

	"nightshift/pipeline/embedded"
	"nightshift/pipeline/store"
	"nightshift/pipeline/store/storetest"
)

func TestEmbedded(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config {
		sys, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := sys.Close(); err != nil {
				t.Error(err)
			}
		})
		return sys.Store()
	})
}
