package program

import (
	"errors"
	"flag"
	"io"
	"reflect"
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
