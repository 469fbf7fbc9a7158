package night

import (
	"path/filepath"

	"nightshift/pipeline/model/versions"
	"nightshift/pipeline/ocr"
)

// Models is the registry of models that the archive with this data directory has taught.
func Models(data string) versions.Registry {
	return versions.Registry{Dir: filepath.Join(data, "models"), Check: ocr.CheckModel}
}

// Models is the system's registry; ok is false where it has no data directory.
func (s *System) Models() (registry versions.Registry, ok bool) { return Models(s.data), s.data != "" }

// ownModel is the file of the model that --model own reads with; "" for the one that
// the program carries. A chosen one that is damaged ends no night: it is told in the log
// and by doctor, the other reads, and each transcript has the digest of what it was.
func (s *System) ownModel() string {
	n, file, err := Models(s.data).Chosen()
	switch {
	case err != nil:
		s.Log.Error("the chosen model cannot be used; pages are read with the shipped one", "error", err)
	case n != versions.Shipped:
		s.Log.Info("model of the archive's own", "number", n)
	}
	return file
}
