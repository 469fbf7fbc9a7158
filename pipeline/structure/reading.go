package structure

import "nightshift/pipeline/archive"

// Reading is the object that stage structure stores and stage publish reads:
// an item's text as read, what was found in it, and which transcript pages it
// was made of.
type Reading struct {
	Version   int             `json:"version"` // 1
	Item      archive.ItemID  `json:"item"`
	Locator   archive.Locator `json:"locator"`
	Input     archive.Digest  `json:"input"`   // the manifest
	Settled   archive.Digest  `json:"settled"` // how its pages were settled
	Pages     []ReadingPage   `json:"pages"`   // one for each page of the manifest, in order
	Text      string          `json:"text"`    // as read
	Structure Structure       `json:"structure"`
}

// ReadingPage is a page of the reading. Key names the transcript page in the
// work bucket (zstd-compressed JSON of transcript.Page); it is empty for a page
// of a text input and for a placeholder.
type ReadingPage struct {
	Key    string         `json:"key,omitempty"`
	SHA256 archive.Digest `json:"sha256,omitempty"` // of the stored object's bytes
	Parked archive.Reason `json:"parked,omitempty"` // the page is a placeholder
	Detail string         `json:"detail,omitempty"`
	Start  int            `json:"start"` // the page's part of Text, code points, half-open
	End    int            `json:"end"`
}
