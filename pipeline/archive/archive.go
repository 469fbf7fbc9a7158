// Package archive holds the words of the trade: locators and object keys,
// identifiers and digests, the events of the ledger and the closed list of
// reasons. It owns how things are named; it knows no store, no NATS and no
// stage, and imports only the standard library and Unicode's normal forms.
package archive

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// Digest is a lower-case hexadecimal SHA-256, 64 characters.
type Digest string

// DigestOf is the digest of b.
func DigestOf(b []byte) Digest {
	s := sha256.Sum256(b)
	return Digest(hex.EncodeToString(s[:]))
}

// DigestOfParts is the digest of a list of strings in which no part can run
// into the next: each is preceded by its length.
func DigestOfParts(parts ...string) Digest {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p))
		io.WriteString(h, p)
	}
	return Digest(hex.EncodeToString(h.Sum(nil)))
}

// Valid tells whether d is spelled as a digest.
func (d Digest) Valid() bool {
	if len(d) != 64 {
		return false
	}
	return strings.Trim(string(d), "0123456789abcdef") == ""
}

// Short is the first 12 characters, enough to tell objects of one item apart.
func (d Digest) Short() string {
	if len(d) < 12 {
		return string(d)
	}
	return string(d[:12])
}

// Locator says where an item lives, as an archivist would write it:
// "<collection>/<box>/<folder>/<item>", fewer or more levels being fine. It is
// a name for people and a key prefix in the records bucket, never a file path.
type Locator string

// Folder is the locator without its last level, "" at the top.
func (l Locator) Folder() string {
	i := strings.LastIndexByte(string(l), '/')
	if i < 0 {
		return ""
	}
	return string(l[:i])
}

// Name is the last level.
func (l Locator) Name() string { return string(l[strings.LastIndexByte(string(l), '/')+1:]) }

// Box is the first two levels of the folder (collection and box), or as many
// as there are; "." when the item lies at the top.
func (l Locator) Box() string {
	parts := strings.Split(l.Folder(), "/")
	if parts[0] == "" {
		return "."
	}
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// Collection is the first level, "." at the top.
func (l Locator) Collection() string {
	c, _, ok := strings.Cut(string(l), "/")
	if !ok {
		return "."
	}
	return c
}

// ItemID identifies an item in subjects, work keys and logs: "i" and 26
// lower-case base32 characters, made from its locator alone.
type ItemID string

// ID is the identifier of the item at l.
func (l Locator) ID() ItemID {
	s := sha256.Sum256([]byte("item\x00" + string(l)))
	return ItemID("i" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s[:16])))
}
