package archive

import (
	"fmt"
	"strconv"
	"time"
)

// Scan is intake's finding about one version of one object in the scans
// bucket, kept at ScanKeyFor(ScanID(key, etag)).
type Scan struct {
	Version int     `json:"version"` // 1
	Key     string  `json:"key"`
	ETag    string  `json:"etag"`
	Size    int64   `json:"size"` // bytes
	SHA256  Digest  `json:"sha256,omitempty"`
	Type    string  `json:"type,omitempty"` // media type, by content
	Verdict Verdict `json:"verdict"`
	Reason  Reason  `json:"reason,omitempty"` // unless taken
	Detail  string  `json:"detail,omitempty"`
	Of      string  `json:"of,omitempty"`    // duplicate: key of the scan it repeats
	Multi   bool    `json:"multi,omitempty"` // an item by itself, whatever its name: PDF, text, TIFF of many pages
	// Stays, of one that was put over another scan (WrittenOver), is the version
	// under the same key that counts.
	Stays *StoredVersion `json:"stays,omitempty"`
}

// StoredVersion is one version of an object, in a bucket that keeps versions.
type StoredVersion struct {
	VersionID string    `json:"versionId"`
	ETag      string    `json:"etag"`
	Size      int64     `json:"size"` // bytes
	Time      time.Time `json:"time"` // when the store took it
}

// Replaced is a person's word that a scan with other bytes is to count in place of
// the one under its key; kept at ReplacedKey.
type Replaced struct {
	Version int    `json:"version"` // 1
	Key     string `json:"key"`
	SHA256  Digest `json:"sha256"`
}

// Below marks a scan whose key lies below another scan's.
type Below struct {
	Version int    `json:"version"` // 1
	Key     string `json:"key"`
	ETag    string `json:"etag"`
	Scan    string `json:"scan"` // key of the other scan
}

// Detail says it to the operator.
func (b Below) Detail() string {
	return fmt.Sprintf("%q lies below the scan %q, and the store does not list it", b.Key, b.Scan)
}

// Media types of inputs that were read before they came. TypeText is text alone;
// the others tell where each word stands on an image that is not there.
const (
	TypeText = "text/plain"
	TypeHOCR = "text/vnd.hocr+html"
	TypeALTO = "application/vnd.alto+xml"
	TypePAGE = "application/vnd.prima.page+xml"
)

// HasImage tells whether scans of this media type hold page images.
func HasImage(mediaType string) bool {
	return mediaType != TypeText && !IsGiven(mediaType)
}

// IsGiven tells whether scans of this media type are another program's OCR.
func IsGiven(mediaType string) bool {
	return mediaType == TypeHOCR || mediaType == TypeALTO || mediaType == TypePAGE
}

// Verdict is what intake decided about a scan.
type Verdict string

// The verdicts. A taken scan goes on to be published or parked.
const (
	Taken      Verdict = "taken"
	Duplicate  Verdict = "duplicate"
	Ignored    Verdict = "ignored"
	ParkedScan Verdict = "parked"
)

// Manifest lists the pages of an item in reading order. Its content is a
// function of the scans alone: no times, no entity tags.
type Manifest struct {
	Version int            `json:"version"` // 1
	Item    ItemID         `json:"item"`
	Locator Locator        `json:"locator"`
	Pages   []ManifestPage `json:"pages"`
	// Languages asked for by the item.json; nil is the worker's default.
	Languages []string `json:"languages,omitempty"`
	// Incomplete says why pages are known to be missing (an item.json that
	// lists what never came); empty otherwise.
	Incomplete string `json:"incomplete,omitempty"`
}

// ManifestPage is one page: a page of a scan. A text input is a page too.
type ManifestPage struct {
	Scan   string `json:"scan"`   // object key
	SHA256 Digest `json:"sha256"` // of the whole scan
	Size   int64  `json:"size"`   // bytes of the whole scan
	Type   string `json:"type"`   // media type of the scan; TypeText is not read by OCR
	Index  int    `json:"index"`  // page within the scan, from 1
	Of     int    `json:"of"`     // pages in the scan
	Damage Reason `json:"damage,omitempty"`
}

// Input is the digest of the manifest's content: the name of this input in keys.
func (m Manifest) Input() Digest {
	parts := []string{"manifest", strconv.Itoa(m.Version), string(m.Locator), m.Incomplete}
	parts = append(parts, m.Languages...)
	for _, p := range m.Pages {
		parts = append(parts, p.Scan, string(p.SHA256), strconv.Itoa(p.Index), strconv.Itoa(p.Of), string(p.Damage))
	}
	return DigestOfParts(parts...)
}

// Current is the content of CurrentKey and of the version object it points to.
type Current struct {
	Version   int               `json:"version"` // of this format: 1
	Item      ItemID            `json:"item"`
	Locator   Locator           `json:"locator"`
	Number    int               `json:"number"`    // of the version, from 1
	Folder    string            `json:"folder"`    // key prefix of the version's files, ending in "/"
	Input     Digest            `json:"input"`     // manifest it was made from
	Structure Digest            `json:"structure"` // structure it was made from
	Content   Digest            `json:"content"`   // of what a reader sees: equal content makes no new version
	Complete  bool              `json:"complete"`  // false: a page is a placeholder
	Documents int               `json:"documents"`
	Pages     int               `json:"pages"`
	Parked    int               `json:"parked"`  // pages that are placeholders
	Files     map[string]Digest `json:"files"`   // name below Folder to digest
	Task      string            `json:"task"`    // message id of the task that asked for the version
	Terms     int               `json:"terms"`   // number of the terms of publishing it was made under
	Reviews   int               `json:"reviews"` // how many reviews of the item it knows of
	// Look is what a person should look at, and Blank the pages without ink, in
	// order of page. They follow from the pages and the text alone.
	Look  []Notice `json:"look,omitempty"`
	Blank []int    `json:"blank,omitempty"`
	// Changed says how the version differs from the one before; nil in the first.
	Changed *Changes `json:"changed,omitempty"`
}

// Notice is something to look at on a page (from 1; 0: the whole item) though it
// was published.
type Notice struct {
	Page   int    `json:"page,omitempty"`
	Reason Reason `json:"reason"`
	Detail string `json:"detail"`
}

// Changes is what changed from one version of an item's records to the next.
type Changes struct {
	Since     int      `json:"since"` // number of the version before
	Causes    []string `json:"causes"`
	Documents []Change `json:"documents"` // those that differ, in order
	Files     []string `json:"files"`     // names that were added or went
}

// Change is one document's part of Changes. Before and After are digests of
// its record file; an empty one means that the document came or went.
type Change struct {
	Document int      `json:"document"` // within the item, from 1
	Before   Digest   `json:"before,omitempty"`
	After    Digest   `json:"after,omitempty"`
	Fields   []string `json:"fields,omitempty"` // names of record.json's top level that differ
}

// Settled says what became of each page of a manifest, in order. It is the
// input of an item's text, kept at SettledKey under its own digest.
type Settled struct {
	Version int           `json:"version"` // 1
	Pages   []SettledPage `json:"pages"`
}

// SettledPage is a page that was read (Key, a transcript page), that is a text
// input (neither), or that failed for good (Parked).
type SettledPage struct {
	Key    string `json:"key,omitempty"`
	Parked Reason `json:"parked,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Digest names the settlement.
func (s Settled) Digest() Digest {
	parts := []string{"settled", strconv.Itoa(s.Version)}
	for _, p := range s.Pages {
		parts = append(parts, p.Key, string(p.Parked), p.Detail)
	}
	return DigestOfParts(parts...)
}

// ParkedMark is the object that says that a page or item failed for good. It
// holds no times, so that the same failure leaves the same bytes.
type ParkedMark struct {
	Version int    `json:"version"` // 1
	Reason  Reason `json:"reason"`
	Detail  string `json:"detail"`
}
