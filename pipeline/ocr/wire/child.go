package wire

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// ChildEnv is the environment variable whose presence makes a process an engine
// child; its value is a Config.
const ChildEnv = "NIGHTSHIFT_ENGINE_CHILD"

// Config is what the pool tells a child at its start.
type Config struct {
	Tessdata       string        `json:"tessdata"`
	LinkedTessdata string        `json:"linkedTessdata,omitempty"` // where links in Tessdata lead; "": there are none
	Languages      []string      `json:"languages"`
	Cache          string        `json:"cache,omitempty"`    // directory for compiled WebAssembly; "": none
	CacheKey       string        `json:"cacheKey,omitempty"` // names what Cache holds when it is filled
	MemoryLimit    int64         `json:"memoryLimit"`        // bytes resident
	MaxPixels      int64         `json:"maxPixels"`
	MaxBytes       int64         `json:"maxBytes"`
	MaxPages       int           `json:"maxPages"`
	Deadline       time.Duration `json:"deadline"`
	ReadAgain      float64       `json:"readAgain"`            // mean confidence of words under which a page is read in another way too, 0-100
	TextLayers     bool          `json:"textLayers,omitempty"` // take a PDF's text layer rather than read its page
	FillCache      bool          `json:"fillCache,omitempty"`  // compile into Cache and end: no requests
	ImagesOnly     bool          `json:"imagesOnly,omitempty"` // no engine: plans and images only
}

// The status of a child that found itself over its memory limit, or far over its
// processor time.
const (
	ExitMemory = 71
	ExitTime   = 72
)

// Encode is c as the value of ChildEnv.
func (c Config) Encode() string {
	b, _ := json.Marshal(c) // strings and numbers only: cannot fail
	return string(b)
}

// ChildConfig returns the child's configuration; ok is false in any process
// that is no child.
func ChildConfig() (c Config, ok bool, err error) {
	v, ok := os.LookupEnv(ChildEnv)
	if !ok {
		return c, false, nil
	}
	if err := json.Unmarshal([]byte(v), &c); err != nil {
		return c, true, fmt.Errorf("read the engine child's configuration: %w", err)
	}
	return c, true, nil
}
