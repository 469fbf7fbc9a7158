package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"nightshift/internal/night"
	"nightshift/pipeline/archive"
)

// TestOrdersAreGivenByOperatorsOnly, from the page and from the API, and what is
// in force is on the night's page.
func TestOrdersAreGivenByOperatorsOnly(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	api := strings.TrimSuffix(s.URL(), "/") + "/api/v1/orders"
	as := func(role Role) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(role.String(), role.String()+" has a long one") }
	}
	c := client(t)
	order := func(role Role, body string) (*http.Response, string) {
		t.Helper()
		return ask(t, c, "POST", api, "application/json", strings.NewReader(body), as(role))
	}
	if resp, _ := order(Reviewer, `{"act":"pause","name":"structure"}`); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a reviewer pauses: %s", resp.Status)
	}
	for _, bad := range []string{`{"act":"stop","name":"ocr"}`, `{"act":"pause","name":"tea"}`, `{"act":"pause","name":"ocr","for":"soon"}`, `{"act":"resume","name":"structure"}`, `{"act":"hold","name":"No such/Box"}`, `{"act":"release","name":"No such/Box"}`} {
		if resp, text := order(Operator, bad); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s %s", bad, resp.Status, text)
		}
	}
	box := archive.Locator(parkedBox + "/x").Box()
	for _, good := range []string{`{"act":"pause","name":"structure","for":"1h","why":"a test"}`, `{"act":"hold","name":` + quote(box) + `,"why":"<b>not</b> yet"}`} {
		if resp, text := order(Operator, good); resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s", good, resp.Status, text)
		}
	}
	resp, raw := ask(t, c, "GET", api, "", nil, as(Viewer))
	var now night.Turns
	if err := json.Unmarshal([]byte(raw), &now); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status, raw, err)
	}
	if now.Paused["structure"].Who != "operator" || now.Held[box].Why != "<b>not</b> yet" {
		t.Errorf("in force: %+v", now)
	}
	page := func() string {
		_, text := ask(t, c, "GET", s.URL(), "", nil, as(Operator))
		return text
	}
	waitFor(t, "the night says so", func() bool {
		text := page()
		return strings.Contains(text, "stage structure is paused since") && strings.Contains(text, "&lt;b&gt;not&lt;/b&gt; yet")
	})
	if _, text := ask(t, c, "GET", s.URL(), "", nil, as(Viewer)); strings.Contains(text, `action="/orders"`) {
		t.Error("a viewer is offered orders")
	}
	for _, back := range []string{`{"act":"resume","name":"structure"}`, `{"act":"release","name":` + quote(box) + `}`} {
		if resp, text := order(Operator, back); resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s", back, resp.Status, text)
		}
	}
	waitFor(t, "nothing is held back", func() bool { return !strings.Contains(page(), "heldback") })
}

// TestAnOrderFromAFormNeedsItsToken.
func TestAnOrderFromAFormNeedsItsToken(t *testing.T) {
	s := open(t, nil)
	c := client(t)
	_, text := look4(t, c, s.URL())
	send := func(token, act string) *http.Response {
		resp, _ := ask(t, c, "POST", s.URL()+"orders", form, strings.NewReader(url.Values{"token": {token}, "act": {act}, "name": {"publish"}}.Encode()), nil)
		return resp
	}
	if resp := send("stale", "pause"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("without its token: %s", resp.Status)
	}
	token := tokenOf(t, text)
	for _, act := range []string{"pause", "resume"} {
		if resp := send(token, act); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/" {
			t.Errorf("%s: %s to %q", act, resp.Status, resp.Header.Get("Location"))
		}
	}
}

func quote(s string) string {
	raw, _ := json.Marshal(s) // a string cannot fail
	return string(raw)
}
