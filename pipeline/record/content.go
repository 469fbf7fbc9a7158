package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/structure"
)

// Encode spells v as the project's published JSON: indented, keys in a fixed
// order, no escaping of < > &, one newline at the end. Equal values give equal
// bytes.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("spell %T: %w", v, err)
	}
	return b.Bytes(), nil
}

// Content digests what a reader sees in the records of an item, and the names
// of the renditions offered. What only says how they came about (digests of
// inputs, versions of tools) does not count: equal content makes no new version.
func Content(rs []Record, renditions []string) (archive.Digest, error) {
	parts := append([]string{"content", Format}, slices.Sorted(slices.Values(renditions))...)
	for _, r := range rs {
		r.Identity.Made, r.Identity.Input, r.Identity.Structure, r.Identity.Policy = "", "", "", ""
		r.Source.Tools = nil
		r.Source.Pages = slices.Clone(r.Source.Pages)
		for i := range r.Source.Pages {
			r.Source.Pages[i].Transcript = ""
		}
		raw, err := json.Marshal(r)
		if err != nil {
			return "", fmt.Errorf("digest the content of document %d: %w", r.Identity.Document, err)
		}
		parts = append(parts, string(raw))
	}
	return archive.DigestOfParts(parts...), nil
}

// CleanText is text.txt: the item's text as read with the applied corrections
// made, and nothing taken out.
func CleanText(text string, rs []Record) string {
	var edits []edit
	for _, r := range rs {
		for _, c := range r.Corrections {
			if c.Decision == clean.Applied {
				edits = append(edits, edit{start: c.Read.Start, end: c.Read.End, after: c.After})
			}
		}
	}
	out, _ := compose([]rune(text), edits)
	return out
}

// Published is structure.json: the structure with the decisions of policy and
// reviews in its corrections.
func Published(s structure.Structure, rs []Record) structure.Structure {
	type key struct {
		start, end int
		kind       clean.Kind
	}
	decided := map[key]Correction{}
	cs := []clean.Correction{}
	for _, r := range rs {
		for _, c := range r.Corrections {
			decided[key{c.Read.Start, c.Read.End, c.Kind}] = c
			if c.Rule == ruleReview {
				cs = append(cs, clean.Correction{Start: c.Read.Start, End: c.Read.End, Before: c.Before, After: c.After, Kind: c.Kind,
					Rule: c.Rule, Evidence: c.Evidence, Confidence: c.Confidence, Decision: c.Decision, Page: c.Page, Box: c.Box})
			}
		}
	}
	for _, c := range s.Corrections {
		if d, ok := decided[key{c.Start, c.End, c.Kind}]; ok {
			c.Decision, c.Page, c.Box, c.After = d.Decision, d.Page, d.Box, d.After
			cs = append(cs, c)
		}
	}
	slices.SortStableFunc(cs, func(a, b clean.Correction) int { return a.Start - b.Start })
	s.Corrections = cs
	return s
}
