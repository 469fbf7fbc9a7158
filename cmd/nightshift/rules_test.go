package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/internal/program"
)

// called runs the program with args and gives its output and exit code.
func called(args ...string) (string, int) {
	var out, errs bytes.Buffer
	err := run(context.Background(), args, &out, &errs)
	return out.String(), program.Code(err)
}

func TestRulesCommand(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := write("good.rules", "mend Scty => Secretary\ntest The Scty said that theUSSR agreed => The Secretary said that the USSR agreed\n")
	if out, code := called("rules", "test", good); code != program.OK || out != "0 words, 0 phrases kept, 1 mends; 1 of 1 tests passed\n" {
		t.Errorf("%d: %q", code, out)
	}
	if out, code := called("rules", "test", write("wrong.rules", "test a => b\n")); code != program.Failed || !strings.Contains(out, "line 1: a") {
		t.Errorf("%d: %q", code, out)
	}
	if _, code := called("rules", "test", write("bad.rules", "mends x\n")); code != program.Missing {
		t.Errorf("a file that is none: %d", code)
	}
	for _, n := range []string{"1", "2", "3"} {
		write("record-"+n+".json", `{"text":"Mr. Zaporoshko of the mission met the Ambassador and the Secretary of State.","quality":{"grade":"A"}}`)
	}
	write("record-4.json", `{"text":"Mr. Qwertzuiop of the mission met the Ambassador and the Secretary of State.","quality":{"grade":"D"}}`)
	if out, code := called("rules", "--records", "1", "learn", dir); code != program.OK || !strings.HasSuffix(out, "\nword Zaporoshko\n") {
		t.Errorf("%d: %q", code, out)
	}
	if _, code := called("rules", "learn", t.TempDir()); code != program.Nothing {
		t.Errorf("a folder without records: %d", code)
	}
}
