// Package monitoring holds no program: it checks the alert rules and the dashboard
// beside it. It is a module of its own, so that the product does not depend on
// Grafana's types.
package monitoring

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

var (
	program = flag.String("nightshift", "../../bin/nightshift", "the `program` that is watched")
	box     = flag.String("box", "../../testdata/samplebox", "`folder` of scans that it takes in")
)

// TestAlerts has promtool look at the rules, and raise each.
func TestAlerts(t *testing.T) {
	for _, args := range [][]string{{"check", "rules", "alerts.yaml"}, {"test", "rules", "alerts_test.yaml"}} {
		out, err := exec.Command("promtool", args...).CombinedOutput()
		if err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
	raw, err := os.ReadFile("alerts_test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range alertNames(t) {
		if !strings.Contains(string(raw), "alertname: "+name+"\n        eval_time") {
			t.Errorf("alerts_test.yaml never raises %s", name)
		}
	}
	runbook, err := os.ReadFile("../RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range alertNames(t) {
		if !strings.Contains(string(runbook), "| "+name+" |") {
			t.Errorf("RUNBOOK.md does not say what to do about %s", name)
		}
	}
}

func alertNames(t *testing.T) (names []string) {
	t.Helper()
	raw, err := os.ReadFile("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "- alert: "); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Fatal("no alerts")
	}
	return names
}

// load decodes the dashboard and holds it against Grafana's own schema.
func load(t *testing.T) dashboard.Dashboard {
	t.Helper()
	raw, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	if wrong := strict(raw); wrong != "" {
		t.Fatalf("dashboard.json is not as Grafana wants it: %s", wrong)
	}
	plugins.RegisterDefaultPlugins()
	var d dashboard.Dashboard
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Fatalf("dashboard.json: %v", err)
	}
	return d
}

// strict says what of a dashboard Grafana's schema does not know: a field that it
// does not have, one that is missing, one of another type. Dashboard, panels and
// queries are looked at one by one: the library's own way down stops at a list of
// errors that is empty but not nil.
func strict(raw []byte) (wrong string) {
	look := func(where string, of interface{ UnmarshalJSONStrict([]byte) error }, raw []byte, without string) (inner []json.RawMessage) {
		var fields map[string]json.RawMessage
		err := json.Unmarshal(raw, &fields)
		if err == nil && without != "" {
			err = json.Unmarshal(fields[without], &inner)
			delete(fields, without)
		}
		if err == nil {
			raw, err = json.Marshal(fields)
		}
		if err == nil {
			err = of.UnmarshalJSONStrict(raw)
		}
		if err != nil && err.Error() != "" {
			wrong += where + ": " + err.Error() + "\n"
		}
		return inner
	}
	for i, panel := range look("dashboard", &dashboard.Dashboard{}, raw, "panels") {
		where := fmt.Sprintf("panel %d", i+1)
		for _, query := range look(where, &dashboard.Panel{}, panel, "targets") {
			look(where+", query", &prometheus.Dataquery{}, query, "")
		}
	}
	return wrong
}

// TestStrict: what is wrong in the dashboard, a panel or a query is found.
func TestStrict(t *testing.T) {
	raw, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	for was, is := range map[string]string{
		`"refresh"`: `"refreshing"`, `"gridPos"`: `"place"`, `"expr"`: `"expression"`, `"version": 1`: `"version": "one"`, `"legendFormat": "`: `"format": 7, "legendFormat": "`,
	} {
		bad := strings.Replace(string(raw), was, is, 1)
		if bad == string(raw) || strict([]byte(bad)) == "" {
			t.Errorf("%s in place of %s is not found", is, was)
		}
	}
}

// known are the units that Grafana shows, of those that are of use here.
var known = map[string]bool{units.Short: true, units.Seconds: true, units.BytesIEC: true}

// expression is one query of a panel.
type expression struct{ panel, text string }

func expressions(t *testing.T) (out []expression) {
	t.Helper()
	d := load(t)
	if d.Title == nil || d.Uid == nil {
		t.Error("the dashboard has no title or uid")
	}
	taken := map[[2]uint32]string{}
	for _, p := range d.Panels {
		if p.Panel == nil || p.Panel.Title == nil || p.Panel.GridPos == nil {
			t.Fatalf("a panel without a title or place: %+v", p)
		}
		title := *p.Panel.Title
		if u := p.Panel.FieldConfig.Defaults.Unit; u == nil || !known[*u] {
			t.Errorf("panel %q has no unit that Grafana knows", title)
		}
		g := p.Panel.GridPos
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := taken[[2]uint32{x, y}]; other != "" {
					t.Fatalf("panels %q and %q lie on each other", title, other)
				}
				taken[[2]uint32{x, y}] = title
			}
		}
		for _, target := range p.Panel.Targets {
			q, ok := target.(*prometheus.Dataquery)
			if !ok {
				t.Fatalf("panel %q: a query for %T", title, target)
			}
			out = append(out, expression{title, q.Expr})
		}
	}
	if len(out) == 0 {
		t.Fatal("the dashboard asks for nothing")
	}
	return out
}

// TestDashboard has a real Prometheus watch a real Nightshift at work on a box with
// a damaged scan, one of whose engine processes is killed on a page: every expression
// of the dashboard must find something, and every rule must be evaluated.
func TestDashboard(t *testing.T) {
	wanted := expressions(t)
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	metrics, pid := up(t, data)
	base := watch(t, dir, metrics)
	for end := time.Now().Add(time.Minute); empty(t, base, `count_over_time(nightshift_tries_total{outcome="parked"}[1m]) > 1`); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("Prometheus does not look") // a counter's rise is seen from the second look on
		}
	}
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		killOne(pid, metrics)
	}()
	if out, err := exec.Command(*program, "ingest", *box, "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("ingest: %v\n%s", err, out)
	}
	missing := wanted
	again := time.NewTicker(15 * time.Second)
	defer again.Stop()
	for end := time.Now().Add(4 * time.Minute); len(missing) > 0 && time.Now().Before(end); time.Sleep(time.Second) {
		var still []expression
		for _, e := range missing {
			if empty(t, base, e.text) {
				still = append(still, e)
			}
		}
		missing = still
		select {
		case <-killed:
		case <-again.C: // the box was read before a process could be killed on a page
			if out, err := exec.Command(*program, "replay", "--done", "--stage", "ocr", "--all", "--data", data).CombinedOutput(); err != nil {
				t.Fatalf("replay: %v\n%s", err, out)
			}
		default:
		}
	}
	<-killed
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("nightshift ended: %v", err)
	}
	for _, e := range missing {
		t.Errorf("panel %q finds nothing by %s", e.panel, e.text)
	}
	var rules struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Name, Health, LastError string }
			}
		}
	}
	evaluated := func() (n int) {
		ask(t, base+"/api/v1/rules", &rules)
		for _, g := range rules.Data.Groups {
			for _, r := range g.Rules {
				if r.Health == "ok" {
					n++
				}
			}
		}
		return n
	}
	want := len(alertNames(t))
	for end := time.Now().Add(time.Minute); evaluated() < want && time.Now().Before(end); {
		time.Sleep(time.Second)
	}
	if n := evaluated(); n != want {
		t.Errorf("%d of %d rules were evaluated: %+v", n, want, rules)
	}
}

// begin starts a program that is stopped when the test ends. Its standard error
// goes line by line to see.
func begin(t *testing.T, see func(line string), name string, args ...string) *os.Process {
	t.Helper()
	cmd := exec.Command(name, args...)
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(pipe)
		for lines.Scan() {
			see(lines.Text())
		}
		_, _ = io.Copy(io.Discard, pipe)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		<-done
		_ = cmd.Wait()
	})
	return cmd.Process
}

// up starts Nightshift and tells the address of its metrics and its process.
func up(t *testing.T, data string) (address string, pid int) {
	t.Helper()
	told := make(chan string, 1)
	p := begin(t, func(line string) {
		var said struct{ Msg, Address string }
		if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "metrics" {
			told <- said.Address
		}
	}, *program, "up", "--data", data, "--metrics", "127.0.0.1:0", "--log-level", "info")
	select {
	case address = <-told:
	case <-time.After(time.Minute):
		t.Fatal("nightshift up does not say where its metrics are")
	}
	return address, p.Pid
}

// watch starts a Prometheus with the rules that scrapes the address, and tells its
// own.
func watch(t *testing.T, dir, metrics string) (base string) {
	t.Helper()
	rules, err := filepath.Abs("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "prometheus.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs:\n  - job_name: nightshift\n    static_configs: [{targets: [%q]}]\n", rules, metrics), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	begin(t, func(string) {}, "prometheus", "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "prometheus"), "--web.listen-address="+address)
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		resp, err := http.Get("http://" + address + "/-/ready")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return "http://" + address
			}
		}
		if time.Now().After(end) {
			t.Fatal("Prometheus does not start")
		}
	}
}

func ask(t *testing.T, url string, into any) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", url, raw)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// empty tells whether an expression finds no series.
func empty(t *testing.T, base, expr string) bool {
	t.Helper()
	var found struct {
		Data struct{ Result []json.RawMessage }
	}
	ask(t, base+"/api/v1/query?query="+url.QueryEscape(expr), &found)
	return len(found.Data.Result) == 0
}

// killOne kills a process that pid has started while it works on a page, until the
// metrics tell of a page that is tried again.
func killOne(pid int, metrics string) {
	for end := time.Now().Add(4 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if !killWorking(pid) {
			continue
		}
		time.Sleep(time.Second)
		resp, err := http.Get("http://" + metrics + "/metrics")
		if err != nil {
			return // it has ended, and the test says so
		}
		raw, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if crashed.Match(raw) {
			return
		}
	}
}

// crashed is a metric that tells of pages tried again because a child died.
var crashed = regexp.MustCompile(`\{outcome="retry",reason="engine-crash",stage="ocr"\} [1-9]`)

// settledIn is the processor time, in hundredths of a second, after which a child
// has loaded what it needs.
const settledIn = 40

// killWorking kills a process that pid has started and that computes; false: there
// is none.
func killWorking(pid int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(raw), ") ")
		f := strings.Fields(rest) // from the state on
		if len(f) < 12 || f[0] != "R" || f[1] != strconv.Itoa(pid) {
			continue
		}
		if used, err := strconv.Atoi(f[11]); err != nil || used < settledIn {
			continue
		}
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		return err == nil && syscall.Kill(child, syscall.SIGKILL) == nil
	}
	return false
}
