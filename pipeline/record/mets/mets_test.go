package mets_test

import (
	"bytes"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/mets"
	"nightshift/pipeline/record/recordtest"
)

var files = []mets.File{
	{"record-1.json", archive.DigestOf([]byte("1")), 1, "application/json"},
	{"text.txt", archive.DigestOf([]byte("2")), 1, "text/plain; charset=utf-8"},
	{"alto/0002.xml", archive.DigestOf([]byte("3")), 1, "application/alto+xml"},
	{"tei.xml", archive.DigestOf([]byte("4")), 1, "application/tei+xml"},
}

func write(t testing.TB, in record.Input) []byte {
	t.Helper()
	rs, err := record.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := mets.Write(&b, in, rs, files); err != nil {
		t.Fatal(err)
	}
	recordtest.WellFormed(t, b.Bytes())
	return b.Bytes()
}

func TestWrite(t *testing.T) {
	got := strings.Join(strings.Fields(string(write(t, recordtest.Scan(t)))), " ")
	for _, want := range []string{
		`<div ID="page2" TYPE="page" ORDER="2"> <fptr FILEID="scan1"/> <fptr FILEID="file3"/>`,
		`<premis:eventType>transcription</premis:eventType> <premis:eventDateTime>XXXX-XX-XX</premis:eventDateTime> <premis:eventDetailInformation> <premis:eventDetail>page 3 of the item</premis:eventDetail> </premis:eventDetailInformation> <premis:eventOutcomeInformation> <premis:eventOutcome>failure</premis:eventOutcome>`,
		`<smLink xlink:from="document2" xlink:to="page5"/>`, `LABEL="not read: engine-crash"`, `<premis:agentVersion>5.3.0</premis:agentVersion>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}
