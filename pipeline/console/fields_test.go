package console

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"nightshift/pipeline/archive"
)

// TestAFieldIsSetRightAndStaleValuesAreTold: from the API and from the page's
// own form, and what comes of it is in the record.
func TestAFieldIsSetRightAndStaleValuesAreTold(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	as := func(role Role) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(role.String(), role.String()+" has a long one") }
	}
	c := client(t)
	base := strings.TrimSuffix(s.URL(), "/")
	id := string(archive.Locator(hostileBox + "/" + turnedName + ".txt").ID())
	set := func(role Role, body string) (int, string) {
		t.Helper()
		resp, text := ask(t, c, "POST", base+"/api/v1/items/"+id+"/fields", "application/json", strings.NewReader(body), as(role))
		return resp.StatusCode, text
	}
	first := `{"document":1,"field":"place","was":"","value":"<i>Lake</i> House","comment":"seen on the scan"}`
	for what, x := range map[string]struct {
		role Role
		body string
		want int
	}{
		"a viewer":       {Viewer, first, http.StatusForbidden},
		"no such field":  {Reviewer, `{"document":1,"field":"colour","value":"x"}`, http.StatusBadRequest},
		"no such day":    {Reviewer, `{"document":1,"field":"date","value":"yesterday"}`, http.StatusBadRequest},
		"no such doc":    {Reviewer, `{"document":9,"field":"place","value":"x"}`, http.StatusBadRequest},
		"another before": {Reviewer, `{"document":1,"field":"place","was":"Geneva","value":"x"}`, http.StatusConflict},
	} {
		if got, text := set(x.role, x.body); got != x.want {
			t.Errorf("%s: %d %s", what, got, text)
		}
	}
	if got, text := set(Reviewer, first); got != http.StatusOK || !strings.Contains(text, "seen on the scan") {
		t.Fatal(got, text)
	}
	if got, text := set(Operator, first); got != http.StatusConflict {
		t.Errorf("a second person with an old page: %d %s", got, text)
	}
	waitFor(t, "the record published with it", func() bool {
		_, text := ask(t, c, "GET", base+itemAt(hostileBox+"/"+turnedName+".txt"), "", nil, as(Reviewer))
		return strings.Contains(text, "&lt;i&gt;Lake&lt;/i&gt; House") && strings.Contains(text, "set by reviewer") && !strings.Contains(text, "being published")
	})
	if got, text := set(Reviewer, `{"document":1,"field":"place","was":"<i>Lake</i> House","value":""}`); got != http.StatusOK {
		t.Errorf("set back: %d %s", got, text)
	}
}

// TestLogLinesAreShownWithWhatTheyAreAbout: a failed page's, and nobody else's.
func TestLogLinesAreShownWithWhatTheyAreAbout(t *testing.T) {
	s := open(t, nil)
	c := client(t)
	l := archive.Locator(parkedBox + "/dues")
	_, raw := look4(t, c, s.URL()+"api/v1/items/"+string(l.ID())+"/log?page=2")
	var lines []struct {
		Item, Msg, Reason, Stage string
		Page                     int
	}
	if err := json.Unmarshal([]byte(raw), &lines); err != nil {
		t.Fatal(raw, err)
	}
	parked := false
	for _, x := range lines {
		if x.Item != string(l.ID()) || x.Page != 0 && x.Page != 2 {
			t.Errorf("a line of another: %+v", x)
		}
		parked = parked || x.Msg == "parked" && x.Reason == string(archive.TooLarge) && x.Stage == "ocr"
	}
	if !parked {
		t.Errorf("no line says that the page was parked: %s", raw)
	}
	_, failures := look4(t, c, s.URL()+"api/v1/failures?item="+string(l.ID()))
	var list []struct{ Number uint64 }
	if err := json.Unmarshal([]byte(failures), &list); err != nil || len(list) == 0 {
		t.Fatal(failures, err)
	}
	_, page := look4(t, c, s.URL()+"failures/"+strconv.FormatUint(list[0].Number, 10))
	if _, logs, ok := strings.Cut(page, "Log lines"); !ok || !strings.Contains(logs, "too-large") {
		t.Error("the failure's page shows no log line of it")
	}
}
