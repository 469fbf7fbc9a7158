package structure

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"nightshift/pipeline/transcript"
)

// The title of a paper is the name that is printed over it, whatever stamps, numbers
// and boxes stand beside.
func TestPaperTitle(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/papers.txtar")
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string]string{
		"cable-in": "CLASSIFIED MESSAGE", "cable-out": "CLASSIFIED MESSAGE", "despatch-form": "DISPATCH", "despatch-form-values-below": "DISPATCH",
		"routing-typed": "ROUTING AND RECORD SHEET", "routing-record-rid": "ROUTING AND RECORD SHEET", "office-memorandum": "Office Memorandum",
		"government-memorandum": "UNITED STATES GOVERNMENT Memorandum", "bureau-memorandum": "UNITED STATES GOVERNMENT Memorandum",
		"telegram-incoming": "INCOMING TELEGRAM", "telegram-outgoing": "OUTGOING TELEGRAM", "foreign-service-despatch": "FOREIGN SERVICE DESPATCH",
		"transmittal-slip": "TRANSMITTAL SLIP", "identification-agency": "JFK ASSASSINATION SYSTEM IDENTIFICATION FORM",
		"record-memorandum": "MEMORANDUM FOR THE RECORD", "memorandum-for": "MEMORANDUM", "white-house-memorandum": "MEMORANDUM", "contact-report": "CONTACT REPORT",
		"committee-cover": "MATERIAL REVIEWED AT CIA HEADQUARTERS", "two-cables": "CLASSIFIED MESSAGE", "commission-letter": "", "clipping": "", "interview": "",
	}
	for _, f := range archive.Files {
		want, ok := titles[f.Name]
		if !ok {
			continue
		}
		delete(titles, f.Name)
		_, text, _ := strings.Cut(string(f.Data), "\n\n")
		for _, v := range variants {
			if v.name == "letters" {
				continue // misreads the titles themselves
			}
			var pages []transcript.Page
			for sheet := range strings.SplitSeq(text, "\n=\n") {
				pages = append(pages, scannedPage(v.rows(strings.Split(sheet, "\n"))))
			}
			read, layout := transcript.TextAsRead(pages)
			got := ""
			if title := Parse(Input{Text: read, Layout: layout}).Documents[0].Title; title != nil {
				got = *title
			}
			if got != want {
				t.Errorf("%s, %s: %q, want %q", f.Name, v.name, got, want)
			}
		}
	}
	if len(titles) > 0 {
		t.Errorf("papers that are not there: %v", titles)
	}
}

func TestReadsAsTitle(t *testing.T) {
	v := &pageValues{out: &Document{To: &Value{Value: "DIRECTOR, FBI"}}}
	for title, is := range map[string]bool{
		"14 00000": false, "1400000 104-10180-10062": false, "©": false, "DIRECTOR, FBI (109-584) Seu fc": false, "OF THE": false, "aft DEPARTMENT": false,
		"TRUCK TRAFFIC AT THE HARBOUR": true, "The Experiences of Rosa Quill in Rowan": true, "SECRET": false, "RELEASE UNDER THE PRESIDENT": false,
	} {
		if v.readsAsTitle(title) != is {
			t.Errorf("%q: %v", title, !is)
		}
	}
}
