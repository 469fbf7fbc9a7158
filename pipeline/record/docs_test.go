package record_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nightshift/pipeline/record"
	"nightshift/pipeline/record/recordtest"
)

var update = flag.Bool("update", false, "rewrite the example in docs/record.md")

const docs = "../../docs/record.md"

// TestDocumented: docs/record.md names every field of the schema and no other,
// and its example is what the code makes.
func TestDocumented(t *testing.T) {
	raw, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := record.Build(recordtest.Scan(t))
	if err != nil {
		t.Fatal(err)
	}
	want, err := record.Encode(rs[0])
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	head, rest, _ := strings.Cut(text, "```json\n")
	example, tail, ok := strings.Cut(rest, "```\n")
	if !ok {
		t.Fatal("docs/record.md has no example")
	}
	if *update {
		if err := os.WriteFile(docs, []byte(head+"```json\n"+string(want)+"```\n"+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if example != string(want) {
		t.Error("the example in docs/record.md is not what the code makes; run go test ./pipeline/record -update")
	}
	explained := map[string]bool{}
	for _, line := range strings.Split(head, "\n") {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) < 2 {
			continue
		}
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[0], -1) {
			name := strings.ReplaceAll(m[1], "[]", "")
			explained[name] = true
		}
	}
	fields := fieldsOf(t)
	for i, f := range fields {
		holder := i+1 < len(fields) && strings.HasPrefix(fields[i+1], f+".") // its own fields explain it
		if !explained[f] && !holder {
			t.Errorf("docs/record.md does not explain %s", f)
		}
	}
	for f := range explained {
		if !slices.Contains(fields, f) {
			t.Errorf("docs/record.md explains %s, which is no field", f)
		}
	}
}

// fieldsOf lists the schema's fields by their path; those of a value, which
// stands in many places, as ".value".
func fieldsOf(t *testing.T) []string {
	t.Helper()
	defs := map[string]any{}
	var root map[string]any
	for _, format := range []string{"common", "record"} {
		raw, err := record.Schema(format)
		if err != nil {
			t.Fatal(err)
		}
		root = map[string]any{}
		if err := json.Unmarshal(raw, &root); err != nil {
			t.Fatal(err)
		}
		prefix := map[string]string{"common": "urn:nightshift:common:1#/$defs/", "record": "#/$defs/"}[format]
		for k, v := range root["$defs"].(map[string]any) {
			defs[prefix+k] = v
		}
	}
	seen := map[string]bool{}
	var walk func(path string, schema any)
	walk = func(path string, schema any) {
		s, _ := schema.(map[string]any)
		if ref, ok := s["$ref"].(string); ok {
			switch ref[strings.LastIndexByte(ref, '/')+1:] {
			case "span", "maybeSpan": // explained once, at the top
				return
			case "value", "maybeValue", "values":
				path = ""
			case "date":
				seen[path+".to"] = true
				return
			}
			walk(path, defs[ref])
			return
		}
		for k, v := range s {
			switch k {
			case "properties":
				for name, p := range v.(map[string]any) {
					full := strings.TrimPrefix(path+"."+name, "*")
					seen[full] = true
					walk(full, p)
				}
			case "items":
				walk(path, v)
			case "oneOf":
				for _, o := range v.([]any) {
					walk(path, o)
				}
			}
		}
	}
	for name, p := range root["properties"].(map[string]any) {
		seen[name] = true
		walk(name, p)
	}
	var out []string
	for f := range seen {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}
