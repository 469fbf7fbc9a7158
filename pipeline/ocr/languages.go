package ocr

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/wire"
)

// languageData is the directory with Tesseract's traineddata.
type languageData struct {
	dir    string
	linked string // directory that links in dir lead to; "": none

	mu      sync.Mutex
	digests map[string]archive.Digest
}

// usualDirs is where distributions and builds from source put the data.
var usualDirs = []string{
	"/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata",
	"/opt/homebrew/share/tessdata", "/usr/share/tesseract/tessdata",
}

// openLanguageData finds the directory: dir, else TESSDATA_PREFIX, else the
// usual places.
func openLanguageData(dir string) (*languageData, error) {
	tried := []string{dir}
	env := os.Getenv("TESSDATA_PREFIX")
	switch {
	case dir != "":
	case env != "":
		tried = []string{env, filepath.Join(env, "tessdata")}
	default:
		tried = nil
		for _, pattern := range usualDirs {
			found, _ := filepath.Glob(pattern) // the patterns are well formed
			tried = append(tried, found...)
		}
	}
	for _, d := range tried {
		if found, _ := filepath.Glob(filepath.Join(d, "*.traineddata")); len(found) > 0 {
			abs, err := filepath.Abs(d)
			if err != nil {
				return nil, fmt.Errorf("find the language data: %w", err)
			}
			return &languageData{dir: abs, digests: map[string]archive.Digest{}}, nil
		}
	}
	switch {
	case dir != "":
		return nil, pipeline.Reject(archive.LanguageMissing, "no *.traineddata in %s, which --tessdata names", dir)
	case env != "":
		return nil, pipeline.Reject(archive.LanguageMissing, "no *.traineddata in %s, which TESSDATA_PREFIX names", env)
	}
	return nil, pipeline.Reject(archive.LanguageMissing, "no Tesseract language data found (looked in %s)", strings.Join(usualDirs, ", "))
}

// InstalledModel is the file that a language is read with where nothing names another:
// what --model stock reads with. archive.LanguageMissing if there is none.
func InstalledModel(language string) (string, error) {
	d, err := openLanguageData("")
	if err != nil {
		return "", err
	}
	return d.path(language), d.check([]string{language})
}

var languageName = regexp.MustCompile(`^[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?$`)

// check tells whether the data of every language is there.
func (d *languageData) check(languages []string) error {
	for _, l := range languages {
		if !languageName.MatchString(l) {
			return pipeline.Reject(archive.LanguageMissing, "%q is no name of a language", l)
		}
		if _, err := os.Stat(d.path(l)); err != nil {
			return pipeline.Reject(archive.LanguageMissing, "%s.traineddata is not in %s", l, d.dir)
		}
	}
	return nil
}

func (d *languageData) path(language string) string {
	return filepath.Join(d.dir, language+".traineddata")
}

// digest of a language's data, taken once; "" if it cannot be read, which a
// child will report better.
func (d *languageData) digest(language string) archive.Digest {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.digests[language]; ok {
		return s
	}
	if !languageName.MatchString(language) {
		return ""
	}
	f, err := os.Open(d.path(language))
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	s := archive.Digest(hex.EncodeToString(h.Sum(nil)))
	d.digests[language] = s
	return s
}

// childEnv is a child's whole environment: nothing secret of ours is in it.
func (p *Pool) childEnv() []string { return p.environ(p.childConfig()) }

func (p *Pool) environ(cfg wire.Config) []string {
	return []string{
		"OMP_THREAD_LIMIT=1", "OMP_NUM_THREADS=1", "LC_ALL=C", "GOTRACEBACK=single", "GOMAXPROCS=2",
		"TESSDATA_PREFIX=" + p.data.dir,
		wire.ChildEnv + "=" + cfg.Encode(),
	}
}

func (p *Pool) childConfig() wire.Config {
	return wire.Config{
		Tessdata: p.data.dir, LinkedTessdata: p.data.linked, Languages: p.cfg.Languages, Cache: p.cache.dir, CacheKey: p.cache.key, MemoryLimit: p.cfg.MemoryLimit,
		MaxPixels: p.cfg.MaxPixels, MaxBytes: p.cfg.MaxBytes, MaxPages: p.cfg.MaxPages, Deadline: p.cfg.Deadline, ReadAgain: p.cfg.ReadAgain, TextLayers: p.cfg.TextLayers,
		ImagesOnly: p.cfg.ImagesOnly,
	}
}
