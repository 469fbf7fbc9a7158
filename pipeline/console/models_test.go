package console

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/model/shipped"
	"nightshift/pipeline/model/versions"
)

// TestModelsAreChosenByOperatorsOnly, from the page and from the API; what cannot be
// used changes nothing.
func TestModelsAreChosenByOperatorsOnly(t *testing.T) {
	registry, ok := house.sys.Models()
	if !ok {
		t.Fatal("the system has no data directory")
	}
	n, err := registry.Add(shipped.English, versions.Card{Made: time.Now(), Figures: versions.Figures{Kept: versions.Figure{Before: versions.Errors{Letters: 0.0765}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	top := strings.TrimSuffix(s.URL(), "/")
	as := func(role Role) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(role.String(), role.String()+" has a long one") }
	}
	c := client(t)
	use := func(role Role, body string) (int, string) {
		t.Helper()
		resp, text := ask(t, c, "POST", top+"/api/v1/models", "application/json", strings.NewReader(body), as(role))
		return resp.StatusCode, text
	}
	for body, want := range map[string]int{`{"number":99}`: http.StatusNotFound, `{}`: http.StatusBadRequest, `{"number":-1}`: http.StatusNotFound} {
		if got, text := use(Operator, body); got != want {
			t.Errorf("%s: %d %s", body, got, text)
		}
	}
	one := `{"number":1}`
	if got, _ := use(Reviewer, one); got != http.StatusForbidden {
		t.Errorf("a reviewer chooses: %d", got)
	}
	if got, _, err := registry.Chosen(); got != versions.Shipped || err != nil {
		t.Fatalf("chosen %d, %v", got, err)
	}
	got, text := use(Operator, one)
	var m modelsShown
	if err := json.Unmarshal([]byte(text), &m); err != nil || got != http.StatusOK || m.Chosen != n || len(m.Versions) != 1 || m.History[0].Who != "operator" {
		t.Fatalf("%d %s %v", got, text, err)
	}
	if _, page := ask(t, c, "GET", top+"/models", "", nil, as(Operator)); !strings.Contains(page, "7.65%") || !strings.Contains(page, `aria-label="Use the shipped model"`) || !strings.Contains(page, "nightshift train --data") {
		t.Errorf("the page: %s", page)
	}
	if _, page := ask(t, c, "GET", top+"/models", "", nil, as(Viewer)); strings.Contains(page, `action="/models"`) || !strings.Contains(page, "Only an operator") {
		t.Errorf("a viewer's page: %s", page)
	}
	if got, text := use(Operator, `{"number":0}`); got != http.StatusOK {
		t.Errorf("back: %d %s", got, text)
	}
	if got, _, err := registry.Chosen(); got != versions.Shipped || err != nil {
		t.Errorf("chosen %d, %v", got, err)
	}
	resp, _ := ask(t, c, "POST", top+"/models", "application/x-www-form-urlencoded", strings.NewReader("number=1"), as(Operator))
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a form without its token: %s", resp.Status)
	}
}
