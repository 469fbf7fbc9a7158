package intake

import (
	"reflect"
	"testing"
)

func TestParseNotice(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want []Change
	}{
		"minio": {`{"EventName":"s3:ObjectCreated:Put","Key":"scans/trade office/a+b.tif","Records":[{"eventName":"s3:ObjectCreated:Put","s3":{"bucket":{"name":"scans"},"object":{"key":"trade+office%2Fa%2Bb.tif"}}}]}`,
			[]Change{{"scans", "trade office/a+b.tif", false}}},
		"minio without records": {`{"EventName":"s3:ObjectRemoved:Delete","Key":"scans/a/b.tif"}`, []Change{{"scans", "a/b.tif", true}}},
		"embedded":              {`{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"scans"},"object":{"key":"a+b%20c.tif"}}}]}`, []Change{{"scans", "a+b%20c.tif", false}}},
		"test event":            {`{"Service":"S3","Event":"s3:TestEvent","Bucket":"scans"}`, nil},
		"sweep":                 {string(Sweep{"scans", []string{"a b", "ö"}}.Notice()), []Change{{"scans", "a b", false}, {"scans", "ö", false}}},
	} {
		got, err := ParseNotice([]byte(c.raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(got)+len(c.want) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
	for _, bad := range []string{``, `[]`, `{}`, `null`, `{"Records":[{}]}`, `{"EventName":"x","Key":"nokey"}`, `{"EventName":"x","Key":"b/k","Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"%zz"}}}]}`} {
		if got, err := ParseNotice([]byte(bad)); err == nil {
			t.Errorf("%s: no error, got %+v", bad, got)
		}
	}
}

func FuzzParseNotice(f *testing.F) {
	f.Add([]byte(`{"EventName":"s3:ObjectCreated:Put","Key":"scans/a","Records":[{"eventName":"s3:ObjectCreated:Put","s3":{"bucket":{"name":"scans"},"object":{"key":"a"}}}]}`))
	f.Add([]byte(`{"Event":"s3:TestEvent"}`))
	f.Add(Sweep{"scans", []string{"a"}}.Notice())
	f.Fuzz(func(t *testing.T, raw []byte) {
		changes, err := ParseNotice(raw)
		if err != nil && changes != nil {
			t.Error("changes beside an error")
		}
	})
}
