package hocr_test

import (
	"bytes"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/hocr"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/recordtest"
)

func TestWrite(t *testing.T) {
	want := map[string][]string{
		"Harbour/Box 8/Lamp/letter": {`title="bbox 460 220 538 260; x_wconf 31" data-as-read="thatit">that</span> <span`, `data-parked="engine-crash"`},
		"Box/hyphen":                {`data-whole-word="conference">confer-</span>`, `data-as-read="|"`},
	}
	for _, in := range recordtest.Awkward(t) {
		rs, err := record.Build(in)
		if err != nil {
			t.Fatal(err)
		}
		var all bytes.Buffer
		for p, err := range layer.Pages(in, rs) {
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := hocr.Write(&b, in, p); err != nil {
				t.Fatal(err)
			}
			recordtest.WellFormed(t, b.Bytes())
			all.Write(b.Bytes())
		}
		for _, part := range want[string(in.Manifest.Locator)] {
			if !strings.Contains(all.String(), part) {
				t.Errorf("%s lacks %s:\n%s", in.Manifest.Locator, part, all.String())
			}
		}
	}
}
