package ocr

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/custody"
	"nightshift/pipeline/model/network"
	"nightshift/pipeline/model/shipped"
	"nightshift/pipeline/model/traineddata"
)

// StockModel as a PoolConfig.Model is the language data as it is installed, OwnModel the
// model that the program carries, or PoolConfig.Own in its place. None named is OwnModel, or, where a directory of
// language data is, what lies there.
const (
	StockModel = "stock"
	OwnModel   = "own"
)

// model is one that is read with in place of the installed one of its language.
type model struct {
	language string
	data     []byte
}

// openModel is the model that cfg names, nil for language data as it is installed. A
// file must be a whole LANGUAGE.traineddata.
func openModel(cfg PoolConfig) (*model, error) {
	name := cfg.Model
	switch {
	case name == StockModel, name == "" && cfg.TessdataDir != "":
		return nil, nil
	case (name == "" || name == OwnModel) && cfg.Own != "":
		name = cfg.Own
	case name == "", name == OwnModel:
		return &model{shipped.Language, shipped.English}, nil
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	language, ok := strings.CutSuffix(filepath.Base(name), ".traineddata")
	if !ok || !languageName.MatchString(language) {
		return nil, fmt.Errorf("the model %s is not called LANGUAGE.traineddata", name)
	}
	if err := CheckModel(raw); err != nil {
		return nil, fmt.Errorf("the model %s: %w", name, err)
	}
	return &model{language, raw}, nil
}

// CheckModel returns an error unless raw is a traineddata file with a network that can
// read and the characters for it. Tesseract itself ends the process that loads another.
func CheckModel(raw []byte) error {
	f, err := traineddata.Parse(raw)
	if err != nil {
		return err
	}
	for _, k := range []traineddata.Kind{traineddata.LSTM, traineddata.Characters, traineddata.Recoder} {
		if len(f.Get(k)) == 0 {
			return fmt.Errorf("%w: it has no component %d", traineddata.ErrMalformed, k)
		}
	}
	_, err = network.Parse(f.Get(traineddata.LSTM))
	return err
}

// with is the language data with the model among them: a folder below dir that has the
// model and links to the others. It is made once for a model and a directory of data.
func (d *languageData) with(m *model, dir string) (*languageData, error) {
	if m == nil {
		return d, nil
	}
	others, err := filepath.Glob(filepath.Join(d.dir, "*.traineddata"))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(m.data)
	parts := append([]string{m.language, hex.EncodeToString(sum[:]), d.dir}, others...)
	out := &languageData{
		dir: filepath.Join(dir, string(archive.DigestOfParts(parts...))[:16]), linked: d.dir,
		digests: map[string]archive.Digest{m.language: archive.Digest(hex.EncodeToString(sum[:]))},
	}
	if have, err := os.ReadFile(out.path(m.language)); err == nil && bytes.Equal(have, m.data) {
		return out, nil
	}
	if err := m.lay(out.dir, dir, others); err != nil {
		return nil, fmt.Errorf("lay the model out: %w", err)
	}
	return out, nil
}

// lay makes the folder at once: several programs may do so at the same time.
func (m *model) lay(at, below string, others []string) error {
	tmp, err := os.MkdirTemp(below, ".new")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	own := m.language + ".traineddata"
	if err := os.WriteFile(filepath.Join(tmp, own), m.data, 0o644); err != nil {
		return err
	}
	for _, f := range others {
		if name := filepath.Base(f); name != own {
			if err := os.Symlink(f, filepath.Join(tmp, name)); err != nil {
				return err
			}
		}
	}
	err = os.Rename(tmp, at)
	if errors.Is(err, fs.ErrExist) { // another's, or one that was damaged
		if have, rerr := os.ReadFile(filepath.Join(at, own)); rerr == nil && bytes.Equal(have, m.data) {
			return nil
		}
		if err = os.RemoveAll(at); err == nil {
			err = os.Rename(tmp, at)
		}
	}
	return err
}

// modelDir is where models are laid out: below the cache, or, where there is none, a
// folder that is taken away with the pool.
func modelDir(cache string) (dir string, remove func(), err error) {
	if cache != "" {
		dir = filepath.Join(cache, "models")
		if err := custody.Make(dir); err == nil {
			return dir, func() {}, nil
		}
	}
	dir, err = os.MkdirTemp("", "nightshift-models")
	if err != nil {
		return "", func() {}, err
	}
	return dir, func() { os.RemoveAll(dir) }, nil
}
