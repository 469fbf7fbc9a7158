package alto_test

import (
	"bytes"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/alto"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/recordtest"
)

// pages writes every page of the item.
func pages(t *testing.T, in record.Input) []string {
	t.Helper()
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for p, err := range layer.Pages(in, rs) {
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := alto.Write(&b, in, p); err != nil {
			t.Fatal(err)
		}
		recordtest.WellFormed(t, b.Bytes())
		out = append(out, b.String())
	}
	return out
}

func TestWrite(t *testing.T) {
	got := pages(t, recordtest.Scan(t))
	second := strings.Join(strings.Fields(got[1]), " ")
	for _, want := range []string{
		`HPOS="460" VPOS="220" WIDTH="78" HEIGHT="40" WC="0.31" TAGREFS="correction-run-together" PROCESSINGREFS="correction" CONTENT="that"> <ALTERNATIVE PURPOSE="as read">thatit</ALTERNATIVE>`,
		`HPOS="540" VPOS="220" WIDTH="38"`, `CONTENT="it"`, `TAGREFS="section-page-mark"`,
	} {
		if !strings.Contains(second, want) {
			t.Errorf("page 2 lacks %s:\n%s", want, got[1])
		}
	}
	if !strings.Contains(got[2], `QUALITY="Missing" QUALITY_DETAIL="engine-crash"`) {
		t.Errorf("the parked page is\n%s", got[2])
	}
	if !strings.Contains(got[3], `QUALITY_DETAIL="blank"`) {
		t.Errorf("the blank page is\n%s", got[3])
	}
}
