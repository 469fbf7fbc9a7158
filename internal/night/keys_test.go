package night

import (
	"os"
	"path/filepath"
	"testing"

	"nightshift/pipeline/store"
)

func TestKeysOfAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "keys")
	for raw, good := range map[string]bool{"key:sec:ret\n": true, "key": false, ":secret": false, "": false} {
		if err := os.WriteFile(name, []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
		var cfg store.Config
		err := Addresses{S3Secret: name}.keys(&cfg)
		if (err == nil) != good || good && (cfg.AccessKey != "key" || cfg.SecretKey != "sec:ret") {
			t.Errorf("%q: %v", raw, err)
		}
	}
	if err := (Addresses{S3Secret: name + ".none"}).keys(&store.Config{}); err == nil {
		t.Error("a file that is not there")
	}
}
