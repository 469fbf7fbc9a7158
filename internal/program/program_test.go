package program

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

func TestParse(t *testing.T) {
	t.Setenv("NIGHTSHIFT_PAGE_DEADLINE", "7s")
	t.Setenv("NIGHTSHIFT_OUT", "from-environment")
	fs := Flags("t", "t DIR", io.Discard)
	d, out := fs.Duration("page-deadline", 0, ""), fs.String("out", "", "")
	rest, err := Parse(fs, []string{"a", "--out", "b", "c"})
	if err != nil || !reflect.DeepEqual(rest, []string{"a", "c"}) || *out != "b" || d.String() != "7s" {
		t.Errorf("rest %q, out %q, deadline %s, %v", rest, *out, d, err)
	}
	t.Setenv("NIGHTSHIFT_PAGE_DEADLINE", "soon")
	if _, err := Parse(fs, nil); Code(err) != Usage {
		t.Errorf("bad variable: %v", err)
	}
}

func TestCode(t *testing.T) {
	for err, want := range map[error]int{nil: OK, Exit(Parked, "x"): Parked, flag.ErrHelp: OK, errors.New("x"): Failed, syscall.ENOSPC: Full} {
		if got := Code(err); got != want {
			t.Errorf("Code(%v) = %d, want %d", err, got, want)
		}
	}
}

func TestSecretsOnTheCommandLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		told bool
	}{
		{[]string{"--s3", "http://key:secret@host:9000"}, true},
		{[]string{"--s3=http://key:secret@host:9000"}, true},
		{[]string{"--s3", "http://host:9000"}, false},
		{[]string{"--s3-secret-file", "keys"}, false},
	} {
		var told bytes.Buffer
		fs := Flags("t", "t", &told)
		fs.String("s3", "", "")
		fs.String("s3-secret-file", "", "")
		if _, err := Parse(fs, c.args); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(told.String(), "--s3 holds a secret"); got != c.told || strings.Contains(told.String(), "secret@") {
			t.Errorf("%q: told %q", c.args, told.String())
		}
	}
	t.Setenv("NIGHTSHIFT_S3", "http://key:secret@host:9000")
	var told bytes.Buffer
	fs := Flags("t", "t", &told)
	fs.String("s3", "", "")
	if _, err := Parse(fs, nil); err != nil || told.Len() > 0 {
		t.Errorf("from the environment: %v, told %q", err, told.String())
	}
}

// Names of others' files do nothing to a terminal, and nothing that is text is lost.
func TestPlain(t *testing.T) {
	var out strings.Builder
	w := Plain(&out)
	const said = "Größe\t\x1b[2J \u202efdp.exe \u009b \r\x00 \xff\u200f עברית\n"
	if n, err := w.Write([]byte(said)); n != len(said) || err != nil {
		t.Fatal(n, err)
	}
	if want := "Größe\t\\u001b[2J \\u202efdp.exe \\u009b \\u000d\\u0000 \xff\u200f עברית\n"; out.String() != want {
		t.Errorf("written %q", out.String())
	}
	out.Reset()
	if err := json.NewEncoder(w).Encode("a\u202eb"); err != nil {
		t.Fatal(err)
	}
	var back string
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back != "a\u202eb" || strings.ContainsRune(out.String(), 0x202e) {
		t.Errorf("%q is %q: %v", out.String(), back, err)
	}
}
