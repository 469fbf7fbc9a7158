package ingest

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/intake"
)

// spelled is a key with what objects' names and lists of them cannot hold, control
// characters and bytes that are no UTF-8, written as %XX; a key that has some has its
// percent signs written so too, so that no two become one.
func spelled(key string) string {
	if utf8.ValidString(key) && !strings.ContainsFunc(key, unicode.IsControl) {
		return key
	}
	var b strings.Builder
	for i := 0; i < len(key); {
		r, n := utf8.DecodeRuneInString(key[i:])
		if r == utf8.RuneError && n == 1 || unicode.IsControl(r) || r == '%' {
			for _, c := range []byte(key[i : i+n]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		} else {
			b.WriteString(key[i : i+n])
		}
		i += n
	}
	return b.String()
}

// orderKey puts an item.json before the pages it lists, and of two formats of one
// page the master first, so that the other is known to be its copy.
func orderKey(key string) string {
	if path.Base(key) == archive.ItemManifest {
		return archive.FolderOf(key) + "/\x00"
	}
	return archive.StemOf(key) + "." + intake.RankByName(key) + path.Ext(key)
}

// maxKey is below S3's own limit for a key, 1,024 bytes: records need room below it.
// MaxLevel is that of the file systems below a store, for what stands between slashes.
const maxKey, maxLevel = 900, 255

// Fits tells why a key cannot be a scan's; the error wraps ErrName.
func Fits(key string) error {
	switch {
	case !utf8.ValidString(key):
		return fmt.Errorf("%w: %q is not UTF-8; rename it", ErrName, key)
	case len(key) > maxKey:
		return fmt.Errorf("%w: %q is longer than %d bytes", ErrName, key, maxKey)
	}
	for level := range strings.SplitSeq(key, "/") {
		if len(level) > maxLevel {
			return fmt.Errorf("%w: %q is longer than %d bytes", ErrName, level, maxLevel)
		}
	}
	return nil
}
