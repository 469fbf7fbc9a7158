package tei_test

import (
	"bytes"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
	"nightshift/pipeline/record/tei"
)

func write(t testing.TB, in record.Input) string {
	t.Helper()
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := tei.Write(&b, in, rs); err != nil {
		t.Fatal(err)
	}
	recordtest.WellFormed(t, b.Bytes())
	return b.String()
}

func TestMemo(t *testing.T) {
	got := write(t, recordtest.Ferry(t))
	for _, want := range []string{
		`<head>7. Memorandum on the Ferry<note n="1" xml:id="d1fn1" type="source" place="foot">Source: Harbour Office, File 12. Secret.</note></head>`,
		`<item>Harbour dues at the north<choice><sic/><corr type="run-together" cert="0.97" resp="#d1program"> </corr></choice>pier</item>`,
		`said <pb ed="print" n="12"/>that the<choice><sic/>`, `paid.<note n="2" xml:id="d1fn2" place="foot">By cheque’s counterfoil.</note> He`,
		`<pb ed="print" n="13"/>`, `<choice><unclear>b</unclear><unclear reason="confusion" cert="0.8" resp="#d1program">h</unclear></choice>`,
		`<date when="1931" evidence="conjecture"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestScan(t *testing.T) {
	got := write(t, recordtest.Scan(t))
	for _, want := range []string{
		`<teiCorpus `, `<opener><salute>Dear Keeper:</salute></opener>`, `<name type="to">The Keeper of the Light</name>`,
		`and the <pb ed="scan" n="2" facs="#d1page2"/><pb ed="print" n="2"/>boats`,
		"<closer><salute>Yours truly,</salute>\n<signed>A. Marsh</signed></closer>", "1 pages could not be read",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestAwkwardItems(t *testing.T) {
	for _, in := range recordtest.Awkward(t) {
		write(t, in)
	}
}
