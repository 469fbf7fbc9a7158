package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// MaxInline is the size in bytes up to which a record travels in its message;
// a longer one is sent as key and digest. NATS servers take messages of 1 MiB.
const MaxInline = 512 << 10

// The values of RecordMessage.Status.
const (
	StatusPublished = "published" // a new version of the record; it replaces the one before
	StatusWithdrawn = "withdrawn" // the document is no longer among the item's
)

// RecordMessage is what subscribers of RECORDS get: one document of one
// version. Applying messages in order, the last one of a locator and document
// wins; a second one with the same id is a repetition.
type RecordMessage struct {
	Version   int             `json:"version"` // of this format: 1
	Status    string          `json:"status"`
	Locator   archive.Locator `json:"locator"`
	Item      archive.ItemID  `json:"item"`
	Document  int             `json:"document"` // within the item, from 1
	Documents int             `json:"documents"`
	Number    int             `json:"number"`             // of the version
	Replaces  int             `json:"replaces,omitempty"` // number of the version that this one supersedes
	Kind      string          `json:"kind"`               // of the document
	Bucket    string          `json:"bucket,omitempty"`   // where the record lies
	Key       string          `json:"key,omitempty"`      // and under which key
	SHA256    archive.Digest  `json:"sha256,omitempty"`   // of the object there
	Size      int             `json:"size,omitempty"`     // bytes of the object there
	Record    json.RawMessage `json:"record,omitempty"`   // absent over MaxInline
	Replay    string          `json:"replay,omitempty"`   // id of the replay that asked for the version

	since time.Time // when the version was claimed by a try before this one; zero: by this one
}

// Since is when the message may have been published first; see pipeline.Once.
func (m RecordMessage) Since() time.Time { return m.since }

// Subject is records.<collection>.<kind>, both as Token spells them.
func (m RecordMessage) Subject() string {
	return "records." + Token(m.Locator.Collection()) + "." + Token(m.Kind)
}

// MessageID is the same for the same version of the same document.
func (m RecordMessage) MessageID() string {
	return strings.Join([]string{"record", string(m.Item), strconv.Itoa(m.Number), strconv.Itoa(m.Document), m.Status}, "/")
}

// About names the item.
func (m RecordMessage) About() pipeline.About {
	return pipeline.About{Item: m.Item, Locator: m.Locator, Replay: m.Replay}
}

// Token spells s as one token of a NATS subject: letters, digits and - stand
// for themselves, a blank is _, every other byte is =XX in hexadecimal. Nothing
// is "_", and different names give different tokens, up to 200 characters; a
// longer one ends in a digest.
func Token(s string) string {
	if s == "" || s == "." {
		return "_"
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-':
			b.WriteByte(c)
		case c == ' ' && i > 0:
			b.WriteByte('_')
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	if b.Len() <= 200 {
		return b.String()
	}
	return b.String()[:180] + "=" + archive.DigestOf([]byte(s)).Short()
}

// message announces the i-th record of version v.
func (e *edition) message(i int, v archive.Current) RecordMessage {
	r, body := e.records[i], e.bodies[i]
	name := recordName(i + 1)
	m := RecordMessage{
		Version: 1, Status: StatusPublished, Locator: v.Locator, Item: v.Item, Document: i + 1, Documents: len(e.records),
		Number: v.Number, Replaces: v.Number - 1, Kind: r.Kind,
		Bucket: e.options.Records.Name(), Key: v.Folder + name, SHA256: v.Files[name], Size: len(body), Replay: e.task.Replay,
	}
	var compact bytes.Buffer
	if json.Compact(&compact, body) == nil && compact.Len() <= MaxInline {
		m.Record = compact.Bytes()
	}
	return m
}

// withdrawn announces the documents of the version before v that v has not.
func (e *edition) withdrawn(ctx context.Context, s shelf, v archive.Current) ([]pipeline.Task, error) {
	if v.Number < 2 {
		return nil, nil
	}
	before, err := s.version(ctx, v.Number-1)
	if err != nil {
		return nil, err
	}
	var out []pipeline.Task
	for n := v.Documents + 1; n <= before.Documents; n++ {
		var old record.Record
		err := s.bucket.GetJSON(ctx, before.Folder+recordName(n), &old)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("withdraw document %d: %w", n, err)
		}
		out = append(out, RecordMessage{
			Version: 1, Status: StatusWithdrawn, Locator: v.Locator, Item: v.Item, Document: n, Documents: v.Documents,
			Number: v.Number, Replaces: before.Number, Kind: old.Kind, Replay: e.task.Replay,
		})
	}
	return out, nil
}
