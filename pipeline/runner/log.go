package runner

import (
	"context"
	"encoding/json"
	"iter"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
)

// LogLine is a line of a program's log about an item.
type LogLine struct {
	Time    time.Time       `json:"time"`
	Level   string          `json:"level"`
	Message string          `json:"msg"`
	Stage   string          `json:"stage"`
	Item    archive.ItemID  `json:"item"`
	Page    int             `json:"page"`
	Reason  string          `json:"reason"`
	Detail  string          `json:"detail"`
	Error   string          `json:"error"`
	Raw     json.RawMessage `json:"-"` // the whole line
}

// PutLog sends a line, in JSON, to the stream of log lines and does not wait:
// logging holds up no work, and a line that is lost there is on stderr.
func PutLog(nc *nats.Conn, item archive.ItemID, page int, line []byte) {
	_ = nc.Publish(pipeline.LogSubject(item, page), line)
}

// Log reads the log lines about an item that are kept: with a page those of it
// and of the item as a whole. Lines that are no JSON are passed over.
func Log(ctx context.Context, js jetstream.JetStream, item archive.ItemID, page int) iter.Seq2[LogLine, error] {
	subjects := []string{"log." + string(item) + ".*"}
	if page > 0 {
		subjects = []string{pipeline.LogSubject(item, 0), "log." + string(item) + "." + strconv.Itoa(page)}
	}
	return func(yield func(LogLine, error) bool) {
		for _, subject := range subjects {
			for msg, err := range all(ctx, js, pipeline.StreamLog, []string{subject}, time.Time{}) {
				if err != nil {
					yield(LogLine{}, err)
					return
				}
				var l LogLine
				if json.Unmarshal(msg.raw, &l) != nil {
					continue
				}
				l.Raw = msg.raw
				if !yield(l, nil) {
					return
				}
			}
		}
	}
}
