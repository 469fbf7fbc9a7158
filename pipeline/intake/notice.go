package intake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Change is one object that a notification says was put or removed.
type Change struct {
	Bucket  string
	Key     string
	Removed bool
}

// notice is the union of the notification dialects that are read.
type notice struct {
	// MinIO: the event and "<bucket>/<key>", unescaped, beside Records.
	EventName *string
	Key       *string
	// A test message of Amazon's and of versitygw's, sent when notifications begin.
	Event   string
	Records []struct {
		EventName string `json:"eventName"`
		S3        struct {
			Bucket struct {
				Name string `json:"name"`
			} `json:"bucket"`
			Object struct {
				Key string `json:"key"`
			} `json:"object"`
		} `json:"s3"`
	}
	// The sweep's own.
	Sweep *Sweep `json:"nightshiftSweep"`
}

// Sweep is the notification that the sweep publishes for objects that no
// notification told of.
type Sweep struct {
	Bucket string   `json:"bucket"`
	Keys   []string `json:"keys"`
}

// Notice spells the sweep's notification.
func (s Sweep) Notice() []byte {
	raw, _ := json.Marshal(map[string]Sweep{"nightshiftSweep": s}) // strings only: cannot fail
	return raw
}

// ParseNotice reads a notification of MinIO (keys in Records query-escaped, "+"
// for a blank), of the embedded server (keys as they are) or of the sweep. A
// test message has no changes. An error means that it is none of these.
func ParseNotice(raw []byte) ([]Change, error) {
	var n notice
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, fmt.Errorf("notification is no JSON object of a known form: %w", err)
	}
	if n.Sweep != nil {
		out := make([]Change, 0, len(n.Sweep.Keys))
		for _, k := range n.Sweep.Keys {
			out = append(out, Change{Bucket: n.Sweep.Bucket, Key: k})
		}
		return out, nil
	}
	if n.Event == "s3:TestEvent" {
		return nil, nil
	}
	minio := n.EventName != nil && n.Key != nil
	out := make([]Change, 0, len(n.Records))
	for i, r := range n.Records {
		key := r.S3.Object.Key
		if minio {
			var err error
			if key, err = url.QueryUnescape(key); err != nil {
				return nil, fmt.Errorf("record %d: key %q is not query-escaped: %w", i, r.S3.Object.Key, err)
			}
		}
		if key == "" || r.S3.Bucket.Name == "" {
			return nil, fmt.Errorf("record %d names no object", i)
		}
		out = append(out, Change{r.S3.Bucket.Name, key, removes(r.EventName)})
	}
	if len(out) == 0 {
		if !minio {
			return nil, fmt.Errorf("notification names no object")
		}
		bucket, key, ok := strings.Cut(*n.Key, "/")
		if !ok || key == "" {
			return nil, fmt.Errorf("notification names no object: key %q", *n.Key)
		}
		out = append(out, Change{bucket, key, removes(*n.EventName)})
	}
	return out, nil
}

func removes(event string) bool {
	return strings.HasPrefix(strings.TrimPrefix(event, "s3:"), "ObjectRemoved")
}
