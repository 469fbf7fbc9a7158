package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/report"
)

func newJar(t testing.TB) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return jar
}

// ask sends a request and gives the answer with its body.
func ask(t testing.TB, c *http.Client, method, u, kind string, body io.Reader, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, u, body)
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if change != nil {
		change(r)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(raw)
}

func look4(t testing.TB, c *http.Client, u string) (*http.Response, string) {
	t.Helper()
	return ask(t, c, "GET", u, "", nil, nil)
}

const form = "application/x-www-form-urlencoded"

var tokenIn = regexp.MustCompile(`name="token" value="([^"]+)"`)

var valueIn = regexp.MustCompile(` value="[^"]*"`)

func tokenOf(t testing.TB, page string) string {
	t.Helper()
	m := tokenIn.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page holds no token")
	}
	return m[1]
}

// every page, with what it must hold.
func everyPage() map[string]string {
	return map[string]string{
		"/": "Boxes",
		"/box?name=" + url.QueryEscape(parkedBox): "dues",
		"/failures":                            "too-large",
		"/failures/1":                          "What happened to it",
		"/replay?all=1":                        "Nothing has been done yet",
		"/report":                              "Morning report",
		"/acts":                                "Acts of people",
		itemAt(parkedBox + "/dues"):            "could not be read",
		itemAt(hostileBox + "/" + hostileName): "Memorandum of Conversation",
		itemAt(hostileBox + "/million.txt"):    "more characters of this page",
	}
}

func TestEveryPageHasItsPolicyAndNothingOfAnAttacker(t *testing.T) {
	s := open(t, nil)
	c := client(t)
	for path, want := range everyPage() {
		resp, body := look4(t, c, strings.TrimSuffix(s.URL(), "/")+path)
		if resp.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, without %q", path, resp.StatusCode, want)
		}
		if got := resp.Header.Get("Content-Security-Policy"); got != policy {
			t.Errorf("%s: policy %q", path, got)
		}
		if resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be taken for another type", path)
		}
		seen := valueIn.ReplaceAllString(body, "") // what forms send back is exact, and nobody sees it
		for _, bad := range []string{"<script>", "<img src=x", "onerror=\"", " style=", "<style", "\u202e", "{{.Token}}</"} {
			if strings.Contains(seen, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
		if len(body) > 600<<10 {
			t.Errorf("%s has %d bytes, %.300q …", path, len(body), body[len(body)/2:])
		}
	}
	_, body := look4(t, c, strings.TrimSuffix(s.URL(), "/")+itemAt(hostileBox+"/"+turnedName+".txt"))
	if !strings.Contains(html.UnescapeString(body), "cod⟨U+202E⟩txt.exe") {
		t.Error("a name that turns around is not told")
	}
}

func TestBeyondThisMachineThereMustBeSignIn(t *testing.T) {
	if _, err := Listen("0.0.0.0:0", Options{System: house.sys, Log: house.sys.Log}); !errors.Is(err, ErrNoAccounts) {
		t.Errorf("without accounts: %v", err)
	}
	s, err := Listen("0.0.0.0:0", Options{System: house.sys, Accounts: people(t), Log: house.sys.Log})
	if err != nil {
		t.Fatal(err)
	}
	if s.Open() {
		t.Error("open to everybody although there are accounts")
	}
	s.listener.Close()
}

func TestAnotherHostNameIsRefusedWithoutSignIn(t *testing.T) {
	s := open(t, nil)
	resp, _ := ask(t, client(t), "GET", s.URL(), "", nil, func(r *http.Request) { r.Host = "evil.example" })
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestSignInAndRoles(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	base := strings.TrimSuffix(s.URL(), "/")
	if resp, _ := look4(t, client(t), base+"/failures?reason=too-large"); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/sign-in?to=%2Ffailures%3Freason%3Dtoo-large" {
		t.Errorf("a stranger: %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	for path := range everyPage() {
		if resp, body := look4(t, client(t), base+path); resp.StatusCode != http.StatusSeeOther || strings.Contains(body, "dues") {
			t.Errorf("a stranger sees %s: %d", path, resp.StatusCode)
		}
	}
	if resp, _ := look4(t, client(t), base+"/api/v1/status"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger at the API: %d", resp.StatusCode)
	}
	for _, role := range []string{"viewer", "operator"} {
		c := client(t)
		resp, _ := ask(t, c, "POST", base+"/sign-in", form, strings.NewReader(url.Values{"name": {role}, "password": {role + " has a long one"}, "to": {"/replay?all=1"}}.Encode()), nil)
		if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/replay?all=1" {
			t.Fatalf("%s signs in: %d to %q", role, resp.StatusCode, resp.Header.Get("Location"))
		}
		cookie := resp.Cookies()[0]
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie is %v", cookie)
		}
		_, page := look4(t, c, base+"/replay?all=1")
		token := tokenOf(t, page)
		resp, _ = ask(t, c, "POST", base+"/replay", form, strings.NewReader(url.Values{"token": {token}, "failure": {"999999"}}.Encode()), nil)
		want := map[string]int{"viewer": http.StatusForbidden, "operator": http.StatusSeeOther}[role]
		if resp.StatusCode != want {
			t.Errorf("%s replays: %d, want %d", role, resp.StatusCode, want)
		}
		resp, _ = ask(t, c, "POST", base+"/sign-out", form, strings.NewReader(url.Values{"token": {token}}.Encode()), nil)
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("%s signs out: %d", role, resp.StatusCode)
		}
		if resp, _ := look4(t, c, base+"/"); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("%s still sees the night: %d", role, resp.StatusCode)
		}
	}
}

func TestWrongPasswordsAreSlowedDown(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	try := func(password string) int {
		resp, _ := ask(t, client(t), "POST", s.URL()+"sign-in", form, strings.NewReader(url.Values{"name": {"viewer"}, "password": {password}}.Encode()), nil)
		return resp.StatusCode
	}
	for range defaultTries - 1 {
		if got := try("wrong"); got != http.StatusUnauthorized {
			t.Fatalf("wrong: %d", got)
		}
	}
	try("wrong")
	if got := try("viewer has a long one"); got != http.StatusTooManyRequests {
		t.Errorf("the right password after too many wrong ones: %d", got)
	}
}

func TestAFormOfAnotherPageDoesNothing(t *testing.T) {
	s := open(t, nil)
	c := client(t)
	_, page := look4(t, c, s.URL()+"replay?all=1")
	token := tokenOf(t, page)
	post := func(c *http.Client, v url.Values, change func(*http.Request)) int {
		resp, _ := ask(t, c, "POST", s.URL()+"replay", form, strings.NewReader(v.Encode()), change)
		return resp.StatusCode
	}
	good := url.Values{"failure": {"999999"}, "token": {token}}
	if got := post(c, url.Values{"failure": {"1"}}, nil); got != http.StatusForbidden {
		t.Errorf("without a token: %d", got)
	}
	if got := post(client(t), good, nil); got != http.StatusForbidden {
		t.Errorf("with another browser's token: %d", got)
	}
	if got := post(c, good, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); got != http.StatusForbidden {
		t.Errorf("from another site: %d", got)
	}
	if got := post(c, good, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }); got != http.StatusForbidden {
		t.Errorf("from another origin: %d", got)
	}
	if got := post(c, url.Values{"token": {token}}, nil); got != http.StatusBadRequest {
		t.Errorf("with nothing chosen: %d", got)
	}
	if got := post(c, good, nil); got != http.StatusSeeOther {
		t.Errorf("from the page itself: %d", got)
	}
	other := open(t, func(*Options) {}) // as after a restart
	resp, body := ask(t, c, "POST", other.URL()+"replay", form, strings.NewReader(good.Encode()), nil)
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "Nothing was done") {
		t.Errorf("a page from before a restart: %d", resp.StatusCode)
	}
}

func TestATrustedProxyTellsWhoItIs(t *testing.T) {
	change := func(from string) func(*Options) {
		return func(o *Options) {
			o.ProxyHeader, o.ProxyRole = "X-Forwarded-User", Reviewer
			o.ProxyFrom, o.ProxySecret = []netip.Prefix{netip.MustParsePrefix(from)}, "a secret of the proxy"
		}
	}
	as := func(name string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("X-Forwarded-User", name)
			r.Header.Set(ProxySecretHeader, "a secret of the proxy")
		}
	}
	s := open(t, change("127.0.0.0/8"))
	if resp, body := ask(t, client(t), "GET", s.URL(), "", nil, as("berta")); resp.StatusCode != http.StatusOK || !strings.Contains(body, "berta, reviewer") {
		t.Errorf("berta: %d", resp.StatusCode)
	}
	if resp, _ := look4(t, client(t), s.URL()); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("without a name: %d", resp.StatusCode)
	}
	s = open(t, change("192.0.2.0/24"))
	if resp, _ := ask(t, client(t), "GET", s.URL(), "", nil, as("berta")); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("from an address that is not the proxy's: %d", resp.StatusCode)
	}
}

func TestTheAPIAnswersAsTheCommandsDo(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	as := func(role string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(role, role+" has a long one") }
	}
	get := func(path string, into any) {
		t.Helper()
		resp, body := ask(t, client(t), "GET", s.URL()+path, "", nil, as("viewer"))
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", path, resp.StatusCode, body)
		}
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	var status struct {
		Total progress.Count
		Boxes []progress.Count
	}
	get("api/v1/status", &status)
	if !status.Total.Adds() || status.Total.Scans == 0 {
		t.Errorf("the status says %+v", status.Total)
	}
	if resp, _ := ask(t, client(t), "GET", s.URL()+"scan?key="+url.QueryEscape(parkedBox+"/dues_p001.png"), "", nil, as("viewer")); resp.StatusCode != http.StatusOK {
		t.Errorf("a scan for a program: %d", resp.StatusCode)
	}
	resp, _ := ask(t, client(t), "POST", s.URL()+"replay", form, strings.NewReader("failure=1"), as("operator"))
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a form without a token, by name and password: %d", resp.StatusCode)
	}
	var failures []struct {
		Number uint64
		Reason archive.Reason
	}
	get("api/v1/failures?box="+url.QueryEscape(parkedBox), &failures)
	outstanding, err := house.sys.Outstanding(context.Background())
	if err != nil || len(failures) == 0 || len(outstanding) < len(failures) {
		t.Errorf("%d failures, %d outstanding, %v", len(failures), len(outstanding), err)
	}
	replay := func(role, body string) (int, string) {
		resp, out := ask(t, client(t), "POST", s.URL()+"api/v1/replay", "application/json", strings.NewReader(body), as(role))
		return resp.StatusCode, out
	}
	if got, _ := replay("viewer", `{"all":true,"dryRun":true}`); got != http.StatusForbidden {
		t.Errorf("a viewer replays: %d", got)
	}
	if got, out := replay("operator", `{"reason":"too-large","dryRun":true}`); got != http.StatusOK || !strings.Contains(out, `"dryRun": true`) {
		t.Errorf("dry run: %d %s", got, out)
	}
	for _, bad := range []string{`{}`, `{"reason":"no-such"}`, `{"all":true,"more":1}`, `{"all":true}{}`, `nothing`} {
		if got, _ := replay("operator", bad); got != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, got)
		}
	}
	resp, _ = ask(t, client(t), "POST", s.URL()+"api/v1/replay", form, bytes.NewReader(nil), as("operator"))
	if resp.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("a form at the API: %d", resp.StatusCode)
	}
}

// TestFailuresAreGrouped by stage and box on the page and in the API.
func TestFailuresAreGrouped(t *testing.T) {
	s := open(t, nil)
	c := client(t)
	box := archive.Locator(parkedBox + "/x").Box()
	_, text := look4(t, c, s.URL()+"failures?by=box")
	if !strings.Contains(text, "box "+box) || !strings.Contains(text, `href="/replay?box=`) {
		t.Error("the page has no group of the box")
	}
	if resp, _ := look4(t, c, s.URL()+"failures?by=colour"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("by colour: %s", resp.Status)
	}
	_, raw := look4(t, c, s.URL()+"api/v1/failures?by=stage&box="+url.QueryEscape(box))
	var groups []struct {
		Key     string
		Count   int
		Samples []json.RawMessage
	}
	if err := json.Unmarshal([]byte(raw), &groups); err != nil || len(groups) != 1 || groups[0].Key != "ocr" || groups[0].Count != 3 || len(groups[0].Samples) != 3 {
		t.Errorf("%s, %v", raw, err)
	}
}

// What asks for a look though nothing failed is counted on the first page and in the
// status, and leads to its list.
func TestWhatToLookAtIsOnTheFirstPage(t *testing.T) {
	s := open(t, nil)
	looks, err := house.sys.Looks(t.Context(), "", s.board.last().Standings)
	if err != nil || len(looks) == 0 {
		t.Fatalf("%d to look at, %v", len(looks), err)
	}
	c := client(t)
	_, text := look4(t, c, s.URL())
	for _, want := range []string{fmt.Sprintf(`<a href="/report#look"><b>%d</b> to look at</a>`, len(looks)), "<code>" + string(looks[0].Reason) + "</code></a>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the first page has no %s", want)
		}
	}
	if _, text = look4(t, c, s.URL()+"report"); !strings.Contains(text, `id="look"`) {
		t.Error("the report has no such place")
	}
	var status struct {
		Total            progress.Count
		ToLookAtByReason []struct{ Count int }
	}
	_, raw := look4(t, c, s.URL()+"api/v1/status")
	if err := json.Unmarshal([]byte(raw), &status); err != nil || status.Total.ToLookAt != len(looks) || len(status.ToLookAtByReason) == 0 {
		t.Errorf("status: %+v, %v", status, err)
	}
}

func TestScansComeInParts(t *testing.T) {
	s := open(t, nil)
	var keys []string
	for after := ""; ; {
		var part struct {
			Scans []progress.ScanStanding
			Next  string
		}
		_, body := look4(t, client(t), s.URL()+"api/v1/scans?limit=2&after="+url.QueryEscape(after))
		if err := json.Unmarshal([]byte(body), &part); err != nil {
			t.Fatal(err)
		}
		for _, x := range part.Scans {
			keys = append(keys, x.Key)
		}
		if after = part.Next; after == "" {
			break
		}
	}
	var want []string
	for _, x := range s.board.last().Standings {
		want = append(want, x.Key)
	}
	if !slices.Equal(keys, want) {
		t.Errorf("%d keys in parts, %d in all", len(keys), len(want))
	}
}

func TestAnOpenPageHearsOfChanges(t *testing.T) {
	s := open(t, nil)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", s.URL()+"live", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var heard string
	buf := make([]byte, 4096)
	for !strings.Contains(heard, "event: changed") {
		n, err := resp.Body.Read(buf)
		if heard += string(buf[:n]); err != nil {
			t.Fatalf("heard %q, then %v", heard, err)
		}
	}
	if !strings.HasPrefix(heard, "retry: 2000\nevent: hello\n") {
		t.Errorf("heard %q", heard)
	}
}

func TestAScanIsOnlyEverADownload(t *testing.T) {
	s := open(t, nil)
	resp, body := look4(t, client(t), s.URL()+"scan?key="+url.QueryEscape(hostileBox+"/"+hostileName))
	if resp.StatusCode != http.StatusOK || body != hostileText {
		t.Fatalf("%d, %d bytes", resp.StatusCode, len(body))
	}
	if resp.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") || resp.Header.Get("Content-Security-Policy") != imagePolicy {
		t.Errorf("as %v", resp.Header)
	}
	resp, _ = look4(t, client(t), s.URL()+"image?key="+url.QueryEscape(hostileBox+"/"+hostileName))
	if resp.StatusCode == http.StatusOK {
		t.Error("a text is shown as an image")
	}
	for _, missing := range []string{"scan?key=no/such", "image?key=no/such", "image?item=i&page=1", "items/inothing", "failures/99999", "box?name=nowhere"} {
		if resp, _ := look4(t, client(t), s.URL()+missing); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", missing, resp.StatusCode)
		}
	}
}

// TestAnUploadGoesOnWhereItWas: a file comes in pieces, over a restart of the
// console, and goes among the scans once.
func TestAnUploadGoesOnWhereItWas(t *testing.T) {
	s := open(t, nil)
	c := client(t)
	text := strings.Repeat("A note put in from a browser.\n", 40)
	post := func(s *Server, path, kind, body, offset string) (int, uploadState) {
		t.Helper()
		resp, out := ask(t, c, "POST", s.URL()+"api/v1/uploads"+path, kind, strings.NewReader(body), func(r *http.Request) { r.Header.Set("Upload-Offset", offset) })
		var state uploadState
		if err := json.Unmarshal([]byte(out), &state); err != nil {
			t.Fatal(out, err)
		}
		return resp.StatusCode, state
	}
	begin := func(s *Server, key, text string) (int, uploadState) {
		raw, err := json.Marshal(upload{Key: key, Size: int64(len(text)), Modified: 7})
		if err != nil {
			t.Fatal(err)
		}
		return post(s, "", "application/json", string(raw), "")
	}
	const bytes = "application/octet-stream"
	key := "Uploads/Box 1/note.txt"
	status, state := begin(s, key, text)
	if status != http.StatusOK || state.Offset != 0 || state.Done {
		t.Fatalf("begin: %d %+v", status, state)
	}
	if status, state = post(s, "/"+state.ID, bytes, text[:500], "0"); status != http.StatusOK || state.Offset != 500 {
		t.Fatalf("first piece: %d %+v", status, state)
	}
	if status, state = post(s, "/"+state.ID, bytes, text[:500], "0"); status != http.StatusConflict || state.Offset != 500 {
		t.Errorf("the same piece again: %d %+v", status, state)
	}
	other := open(t, func(*Options) {}) // as after a restart
	if status, state = begin(other, key, text); status != http.StatusOK || state.Offset != 500 {
		t.Fatalf("after a restart: %d %+v", status, state)
	}
	if status, state = post(other, "/"+state.ID, bytes, text[500:], "500"); status != http.StatusOK || !state.Done {
		t.Fatalf("last piece: %d %+v", status, state)
	}
	raw, _, err := house.sys.Scans.Get(t.Context(), key)
	if err != nil || string(raw) != text {
		t.Errorf("the scan has %d bytes: %v", len(raw), err)
	}
	different := strings.ToUpper(text)
	_, state = begin(s, key, different)
	if status, _ = post(s, "/"+state.ID, bytes, different, "0"); status != http.StatusConflict {
		t.Errorf("other bytes under the same name: %d", status)
	}
	for _, bad := range []string{"", "/x", "a//b", "../x", "a/../b", "a/./b", strings.Repeat("x", 2000)} {
		if status, _ := begin(s, bad, "text"); status != http.StatusBadRequest {
			t.Errorf("%.20q: %d", bad, status)
		}
	}
	if resp, _ := ask(t, c, "POST", s.URL()+"api/v1/uploads/..%2f..%2fetc", bytes, strings.NewReader("x"), nil); resp.StatusCode != http.StatusNotFound {
		t.Errorf("an upload elsewhere: %d", resp.StatusCode)
	}
	resp, _ := ask(t, c, "POST", s.URL()+"api/v1/uploads/complete", "application/json", strings.NewReader(`{"keys":["`+key+`","Uploads/Box 1/missing.txt"]}`), nil)
	if resp.StatusCode != http.StatusConflict {
		t.Errorf("complete without a file: %d", resp.StatusCode)
	}
	resp, _ = ask(t, c, "POST", s.URL()+"api/v1/uploads/complete", "application/json", strings.NewReader(`{"keys":["`+key+`"]}`), nil)
	if resp.StatusCode != http.StatusOK {
		t.Errorf("complete: %d", resp.StatusCode)
	}
}

// TestADecisionIsTakenOnceAndStaleOnesAreTold: what a person saw must still be
// so.
func TestADecisionIsTakenOnceAndStaleOnesAreTold(t *testing.T) {
	s := open(t, func(o *Options) { o.Accounts = people(t) })
	as := func(role string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(role, role+" has a long one") }
	}
	id := string(archive.Locator(hostileBox + "/" + hostileName).ID())
	var it struct {
		Sheet struct {
			Corrections []struct {
				Start, End          int
				Kind, Before, After string
			}
		}
	}
	_, body := ask(t, client(t), "GET", s.URL()+"api/v1/items/"+id, "", nil, as("viewer"))
	if err := json.Unmarshal([]byte(body), &it); err != nil || len(it.Sheet.Corrections) == 0 {
		t.Fatal(body, err)
	}
	c := it.Sheet.Corrections[0]
	decide := func(role string, change func(*decision)) (int, string) {
		d := decision{Start: c.Start, End: c.End, Kind: clean.Kind(c.Kind), Before: c.Before, After: c.After}
		if change != nil {
			change(&d)
		}
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		resp, out := ask(t, client(t), "POST", s.URL()+"api/v1/items/"+id+"/reviews", "application/json", strings.NewReader(string(raw)), as(role))
		return resp.StatusCode, out
	}
	if got, _ := decide("viewer", nil); got != http.StatusForbidden {
		t.Errorf("a viewer decides: %d", got)
	}
	if got, out := decide("reviewer", func(d *decision) { d.After = "something else" }); got != http.StatusConflict {
		t.Errorf("another correction: %d %s", got, out)
	}
	if got, out := decide("reviewer", func(d *decision) { d.Start += 3 }); got != http.StatusConflict {
		t.Errorf("another place: %d %s", got, out)
	}
	got, out := decide("reviewer", nil)
	if got != http.StatusOK {
		t.Fatalf("the first: %d %s", got, out)
	}
	if got, out := decide("operator", func(d *decision) { d.Accept = true }); got != http.StatusConflict || !strings.Contains(out, "reviewer rejected") {
		t.Errorf("a second person with an old page: %d %s", got, out)
	}
	var first struct{ ID string }
	if err := json.Unmarshal([]byte(out), &first); err != nil || first.ID == "" {
		t.Fatal(out, err)
	}
	if got, out := decide("operator", func(d *decision) { d.Accept, d.Seen = true, first.ID }); got != http.StatusOK {
		t.Errorf("a second person who saw the first decision: %d %s", got, out)
	}
	if err := settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		_, acts := ask(t, client(t), "GET", s.URL()+"api/v1/acts", "", nil, as("viewer"))
		if strings.Count(acts, `"reviewed"`) >= 2 && strings.Contains(acts, `"who": "operator"`) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the acts say %s", acts)
		}
	}
}

// TestPagesHaveTheirImages: also one that could not be read.
func TestPagesHaveTheirImages(t *testing.T) {
	s := open(t, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	resp, body := look4(t, client(t), s.URL()+"image?page=2&item="+string(archive.Locator(parkedBox+"/dues").ID()))
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "image/") || len(body) < 1000 {
		t.Errorf("%d, %s, %d bytes", resp.StatusCode, resp.Header.Get("Content-Type"), len(body))
	}
	p, err := s.manifestPage(t.Context(), archive.Locator(parkedBox+"/dues").ID(), "", 2)
	if err != nil {
		t.Fatal(err)
	}
	if made, err := house.viewer.PageImage(t.Context(), p); err != nil || string(made.Data) != body {
		t.Errorf("the child's image of %d bytes is not what is shown: %v", len(made.Data), err)
	}
	if resp.Header.Get("Content-Security-Policy") != imagePolicy {
		t.Errorf("an image may do %q", resp.Header.Get("Content-Security-Policy"))
	}
}

// TestSearchFindsWhatIsPublished, also for what must not be shown as markup.
func TestSearchFindsWhatIsPublished(t *testing.T) {
	s := open(t, nil)
	var found struct {
		Total int
		Hits  []struct{ Locator archive.Locator }
	}
	for end := time.Now().Add(30 * time.Second); found.Total == 0; time.Sleep(100 * time.Millisecond) {
		resp, body := look4(t, client(t), s.URL()+"api/v1/search?q=delegation")
		if resp.StatusCode == http.StatusOK {
			if err := json.Unmarshal([]byte(body), &found); err != nil {
				t.Fatal(err)
			}
		}
		if time.Now().After(end) {
			t.Fatalf("nothing found: %d %s", resp.StatusCode, body)
		}
	}
	if found.Hits[0].Locator != hostileBox+"/"+hostileName {
		t.Errorf("found %q", found.Hits[0].Locator)
	}
	resp, body := look4(t, client(t), s.URL()+"search?q=delegation")
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "<mark>delegation</mark>") || strings.Contains(body, "<img src=x") {
		t.Errorf("the page: %d", resp.StatusCode)
	}
	if resp, body := look4(t, client(t), s.URL()+"search?q=%22open"); resp.StatusCode != http.StatusOK || strings.Contains(body, "<script>") {
		t.Errorf("a phrase without an end: %d", resp.StatusCode)
	}
	if resp, _ := look4(t, client(t), s.URL()+"api/v1/search?q=x&after=someday"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a day that is none: %d", resp.StatusCode)
	}
}

func TestTheReportOnAPageIsBounded(t *testing.T) {
	r := report.Report{Parked: make([]progress.ScanStanding, 250), Ignored: make([]progress.ScanStanding, 99)}
	if gone := shorten(&r); gone != 150 || len(r.Parked) != reportShown || len(r.Ignored) != 99 {
		t.Errorf("%d lines went; %d and %d are left", gone, len(r.Parked), len(r.Ignored))
	}
}
