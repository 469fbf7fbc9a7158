package record

import (
	"bytes"
	"encoding/json"
	"fmt"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
)

// Policy bounds, per kind of correction, what is applied at publishing. It is
// laid over the structurer's decisions; the zero Policy leaves them as they are.
type Policy struct {
	Version int                       `json:"version"` // 1
	Name    string                    `json:"name,omitempty"`
	Kinds   map[clean.Kind]Thresholds `json:"kinds,omitempty"` // "*" holds for kinds not named
}

// Thresholds of one kind, confidences from 0 to 1. A nil pointer is no bound.
type Thresholds struct {
	// Apply: corrections below it are only flagged.
	Apply *float64 `json:"apply,omitempty"`
	// Promote: flagged corrections from it on are applied.
	Promote *float64 `json:"promote,omitempty"`
	// Flag: corrections below it that are not applied are not shown either.
	Flag *float64 `json:"flag,omitempty"`
}

// DefaultPolicy is the structurer's own decision.
func DefaultPolicy() Policy { return Policy{Version: 1, Name: "default"} }

// ParsePolicy reads a policy file (JSON). Unknown fields, a version other than
// 1 and thresholds outside 0-1 are errors.
func ParsePolicy(raw []byte) (Policy, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var p Policy
	if err := dec.Decode(&p); err != nil {
		return Policy{}, fmt.Errorf("read policy: %w", err)
	}
	if p.Version != 1 {
		return Policy{}, fmt.Errorf("read policy: version %d, want 1", p.Version)
	}
	for kind, t := range p.Kinds {
		for _, v := range []*float64{t.Apply, t.Promote, t.Flag} {
			if v != nil && !(*v >= 0 && *v <= 1) {
				return Policy{}, fmt.Errorf("read policy: threshold %v of %s is not between 0 and 1", *v, kind)
			}
		}
	}
	return p, nil
}

// Digest names the policy's content.
func (p Policy) Digest() archive.Digest {
	raw, err := json.Marshal(p) // map keys are sorted
	if err != nil {
		return archive.DigestOfParts("policy", err.Error()) // no field of Policy can fail
	}
	return archive.DigestOfParts("policy", string(raw))
}

// decide gives the decision on c and whether c is shown at all.
func (p Policy) decide(c clean.Correction) (d clean.Decision, by string, shown bool) {
	t, ok := p.Kinds[c.Kind]
	if !ok {
		t = p.Kinds["*"]
	}
	d = c.Decision
	if d == clean.Applied && t.Apply != nil && c.Confidence < *t.Apply {
		d = clean.Flagged
	} else if d == clean.Flagged && t.Promote != nil && c.Confidence >= *t.Promote {
		d = clean.Applied
	}
	by = "structure"
	if d != c.Decision {
		by = "policy"
	}
	return d, by, d == clean.Applied || t.Flag == nil || c.Confidence >= *t.Flag
}
