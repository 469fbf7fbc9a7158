//go:build runbook

// Package deploy holds no program: it carries out the RUNBOOK.
package deploy

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	programs = flag.String("programs", "../bin", "`folder` of the programs")
	servers  = flag.String("servers", "../.tools/bin", "`folder` of nats-server and minio")
	box      = flag.String("box", "../testdata/samplebox", "`folder` of scans")
)

var quoted = regexp.MustCompile("`(nightshift [^`]*)`")

// chapter is the commands that a chapter of the RUNBOOK names, in its order.
func chapter(t *testing.T, title string) []string {
	t.Helper()
	raw, err := os.ReadFile("RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(raw), "\n## "+title+"\n")
	if !found {
		t.Fatalf("the RUNBOOK has no chapter %q", title)
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(strings.Join(strings.Fields(text), " "), -1) {
		out = append(out, m[1])
	}
	return out
}

// step is one command of a chapter: how it begins there, what is done before it
// and instead of it, the exit code that it ends with, and what it says.
type step struct {
	begins  string
	code    int
	says    string
	before  func()
	instead func() // for what runs until it is stopped
}

// site is a system that the RUNBOOK is carried out on.
type site struct {
	t     *testing.T
	env   []string
	words *strings.Replacer // what stands for what the RUNBOOK leaves open
}

// carryOut does what a chapter says, in its order. A command that the chapter has
// and steps do not, or the other way round, fails the test.
func (s *site) carryOut(title string, steps ...step) {
	s.t.Helper()
	commands := chapter(s.t, title)
	for i, command := range commands {
		if i == len(steps) || !strings.HasPrefix(command, steps[i].begins) {
			s.t.Fatalf("%q: command %d of the chapter is now %q: carry it out here too", title, i+1, command)
		}
		if do := steps[i].before; do != nil {
			do()
		}
		if do := steps[i].instead; do != nil {
			do()
			continue
		}
		s.run(command, steps[i].code, steps[i].says)
	}
	if len(commands) < len(steps) {
		s.t.Fatalf("%q names no %q any more", title, steps[len(commands)].begins)
	}
}

// run runs a command as an operator types it.
func (s *site) run(command string, code int, says string) (stdout string) {
	s.t.Helper()
	command = s.words.Replace(command)
	cmd := exec.Command("sh", "-c", command)
	cmd.Env = s.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		s.t.Fatalf("%s: %v", command, err)
	}
	if got != code || !strings.Contains(out.String(), says) {
		s.t.Fatalf("%s\nended with %d, not %d, and is to say %q:\n%s%s", command, got, code, says, out.String(), errs.String())
	}
	return out.String()
}

// start starts a program that runs until stop is called or the test ends.
func (s *site) start(name string, args ...string) (stop func()) {
	s.t.Helper()
	said, err := os.Create(filepath.Join(s.t.TempDir(), "said"))
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, said, said
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		_ = cmd.Process.Signal(os.Interrupt)
		err := cmd.Wait()
		said.Close()
		if raw, _ := os.ReadFile(said.Name()); err != nil && filepath.Base(name) == "nightshift" {
			s.t.Errorf("%s %v: %v\n%s", name, args, err, raw)
		}
	}
	s.t.Cleanup(stop)
	if filepath.Base(name) == "nightshift" {
		s.until("grep -q 'ready after' "+said.Name(), 0)
	}
	return stop
}

// up starts every stage; with words, so.
func (s *site) up(words ...string) (stop func()) {
	s.t.Helper()
	return s.start(filepath.Join(*programs, "nightshift"), append([]string{"up"}, words...)...)
}

// patience bounds what a machine may take that does other work too.
const patience = 4 * time.Minute

// until waits until a command ends with a code.
func (s *site) until(command string, code int) {
	s.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		cmd := exec.Command("sh", "-c", s.words.Replace(command))
		cmd.Env = s.env
		_ = cmd.Run()
		if cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == code {
			return
		}
	}
	s.t.Fatalf("%s never ended with %d", command, code)
}

// at is a site with the environment given, and words in place of those that the
// RUNBOOK leaves open.
func at(t *testing.T, env []string, words ...string) *site {
	t.Helper()
	bin, err := filepath.Abs(*programs)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(bin, "nightshift")); err != nil {
		t.Fatal(err)
	}
	env = append(os.Environ(), append(env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))...)
	return &site{t, env, strings.NewReplacer(words...)}
}

func write(t *testing.T, file, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMorning is the day of an operator of one server: the sample box with its scan
// that was cut short, in the morning; stages paused and boxes held; a rule changed.
func TestMorning(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	const note = "Trials/Box 1/note.txt"
	write(t, filepath.Join(dir, "scans", note), "Memorandum\n\nThe Scty agreed.\n")
	rules := write(t, filepath.Join(dir, "ours.rules"), "mend Scty => Secretary\ntest The Scty agreed => The Secretary agreed\n")
	s := at(t, []string{"NIGHTSHIFT_DATA=" + data, "NIGHTSHIFT_QUIET=1s"}, "--data DIR", "--data "+data, "DIR", filepath.Join(dir, "mended"),
		"REASON", "truncated", "FILE", rules, "COLLECTION/BOX", "'Trials/Box 1'", "ITEM", "'"+note+"'")
	stop := s.up()
	s.run("nightshift ingest "+*box, 0, "put in")
	s.run("nightshift ingest "+filepath.Join(dir, "scans"), 0, "put in")
	s.until("nightshift verify", 3)

	s.carryOut("The morning, in four commands",
		step{begins: "nightshift report", code: 3, says: "note-verbale-cut-short.tif: truncated"},
		step{begins: "nightshift failures", says: "1 × truncated"},
		step{begins: "nightshift replay --reason", says: "1 task asked for again", before: func() {
			s.run("nightshift replay --reason REASON --data DIR --dry-run", 0, "note-verbale-cut-short.tif")
		}},
		step{begins: "nightshift verify", code: 3, says: "Trials/Box 1", before: func() { s.until("nightshift verify", 3) }},
		step{begins: "nightshift up", instead: func() {}}, // the report sent by itself: TestTheReportIsSentOnce
		step{begins: "nightshift show", says: "note.txt"},
	)
	s.carryOut("Stopping a stage, holding a box",
		step{begins: "nightshift pause ocr"},
		step{begins: "nightshift resume ocr", before: func() { s.run("nightshift status", 0, "ocr") }},
		step{begins: "nightshift pause publish"},
		step{begins: "nightshift hold", before: func() { s.run("nightshift resume publish", 0, "") }},
		step{begins: "nightshift release"},
		step{begins: "nightshift first"},
		step{begins: "nightshift status", says: "Trials/Box 1", before: func() { s.run("nightshift release COLLECTION/BOX", 0, "") }},
	)

	// A corrected file in place of the bad one: then everything is published.
	good, err := os.ReadFile(filepath.Join(*box, "Légation Karsova 1957 + post", "telegram-31-from-karsova.tif"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "mended", "Légation Karsova 1957 + post", "note-verbale-cut-short.tif"), string(good)+"\n")
	s.carryOut("Reasons, and what mends them",
		step{begins: "nightshift doctor", says: "both answer"},
		step{begins: "nightshift ingest DIR --replace", says: "put in"},
	)
	s.until("nightshift verify", 0)

	reread := func(text string) {
		t.Helper()
		out := t.TempDir()
		s.run("nightshift export --out "+out, 0, "")
		raw, err := os.ReadFile(filepath.Join(out, "Trials/Box 1/note/text.txt"))
		if err != nil || !strings.Contains(string(raw), text) {
			t.Fatalf("the record is to say %q: %q, %v", text, raw, err)
		}
	}
	reread("The Scty agreed")
	s.carryOut("Changing a rule and publishing a collection again",
		step{begins: "nightshift rules test FILE", says: "1 of 1 tests passed"},
		step{begins: "nightshift replay --done --stage structure", says: "the records of 1 item of 1 would change; nothing was published"},
		step{begins: "nightshift replay --done --stage structure", says: "asked for again", before: func() {
			reread("The Scty agreed")
			stop()
			s.up("--rules", rules)
		}},
		step{begins: "nightshift watch --until-idle"},
		step{begins: "nightshift show ITEM --history", says: "ersion 2"},
	)
	reread("The Secretary agreed")
	s.run("nightshift verify", 0, "")
}

// TestRestore loses all that NATS kept, on servers of our own, and restores it from
// the buckets as the RUNBOOK says.
func TestRestore(t *testing.T) {
	dir := t.TempDir()
	free := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	nats, minio := free(), free()
	s := at(t, []string{"NIGHTSHIFT_NATS=nats://" + nats, "NIGHTSHIFT_S3=http://minioadmin:minioadmin@" + minio, "NIGHTSHIFT_QUIET=1s", "NIGHTSHIFT_SWEEP=2s", // MinIO tells nobody here
		"MINIO_ROOT_USER=minioadmin", "MINIO_ROOT_PASSWORD=minioadmin"})
	s.start(filepath.Join(*servers, "minio"), "server", "--quiet", "--address", minio, "--console-address", free(), filepath.Join(dir, "store"))
	_, port, _ := net.SplitHostPort(nats)
	streams := func(name string) (stop func()) {
		return s.start(filepath.Join(*servers, "nats-server"), "-js", "-a", "127.0.0.1", "-p", port, "-sd", filepath.Join(dir, name))
	}
	stopNATS := streams("first")
	s.until("nightshift init", 0)
	stop := s.up()
	s.run("nightshift ingest "+*box, 0, "put in")
	s.until("nightshift verify", 3)
	before := s.run("nightshift verify --json", 3, "")
	failures := s.run("nightshift failures", 0, "1 × truncated")
	stop()
	stopNATS()

	s.carryOut("Restoring from the buckets alone",
		step{begins: "nightshift init", before: func() { streams("second"); s.until("nightshift init", 0) }},
		step{begins: "nightshift up", instead: func() { s.up() }},
		step{begins: "nightshift watch --until-idle"},
		step{begins: "nightshift verify --fixity", code: 3, before: func() { s.until("nightshift verify", 3) }},
	)
	if after := s.run("nightshift verify --json", 3, ""); after != before {
		t.Errorf("counted differently:\n%s\nbefore:\n%s", after, before)
	}
	s.until(fmt.Sprintf("test \"$(nightshift failures | head -1)\" = %q", strings.SplitN(failures, "\n", 2)[0]), 0)
}
