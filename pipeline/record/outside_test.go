package record_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/alto"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/mets"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/record/tei"
)

// What an outside reader read is marked wherever a page's text is published,
// with its model and the digest of its answer.
func TestOutsideReaderIsNamed(t *testing.T) {
	in := recordtest.Outside(t)
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	o := rs[0].Outside
	if len(o) != 1 || o[0].Page != 2 || len(o[0].Lines) != 1 || len(o[0].Doubts) != 1 || rs[1].Outside != nil {
		t.Fatalf("%+v", o)
	}
	read := func(start, end int) string { return string([]rune(in.Reading.Text)[start:end]) }
	if l, d := o[0].Lines[0], o[0].Doubts[0]; read(l.Read.Start, l.Read.End) != "boats waited. See thatit burns." || !strings.HasPrefix(l.Was, "bcats") || read(d.Read.Start, d.Read.End) != "Marsh" || d.Other != "Marsh3" {
		t.Errorf("%+v", o[0])
	}
	for _, r := range rs {
		raw, err := record.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		recordtest.Check(t, "record", raw)
	}
	raw, err := json.Marshal(in.Pages[1])
	if err != nil {
		t.Fatal(err)
	}
	recordtest.Check(t, "transcript", raw)
	var m, x, a bytes.Buffer
	if err := mets.Write(&m, in, rs, nil); err != nil {
		t.Fatal(err)
	}
	if err := tei.Write(&x, in, rs); err != nil {
		t.Fatal(err)
	}
	for p, err := range layer.Pages(in, rs) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Number == 2 {
			if err := alto.Write(&a, in, p); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, b := range map[string]*bytes.Buffer{"METS": &m, "TEI": &x, "ALTO": &a} {
		recordtest.WellFormed(t, b.Bytes())
		if s := b.String(); !strings.Contains(s, "seer-7b") || !strings.Contains(s, string(in.Pages[1].Outside.Answer)) {
			t.Errorf("%s does not name the reader and its answer", name)
		}
	}
}
