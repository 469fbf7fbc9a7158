package archive

// LeftOutList is what could not be put in of a folder of files when that was put in the
// last time.
type LeftOutList struct {
	Version int           `json:"version"` // of this format: 1
	Files   []LeftOutFile `json:"files"`
}

// LeftOutFile is a file of it.
type LeftOutFile struct {
	Key string `json:"key"` // that it would have among the scans
	Why string `json:"why"`
}
