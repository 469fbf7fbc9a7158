package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// Terms are what all publishers of a system go by, beside an item's own
// structure and reviews. They lie in the work bucket as a numbered list; the
// last ones are in force, so that every publisher makes the same of an item,
// and a change of them publishes anew what they change.
type Terms struct {
	Version    int           `json:"version"` // of this format: 1
	Policy     record.Policy `json:"policy"`
	Renditions []string      `json:"renditions"` // in the order of AllRenditions
	// RecordsURL is where the archive serves its records, for the renditions that
	// name things by address (IIIF, annotations); see UnknownURL.
	RecordsURL string `json:"recordsURL"`
	ImageSize  int    `json:"imageSize"` // longer side of page images in PDFs, in pixels
	Format     string `json:"format"`    // of records
	Writers    string `json:"writers"`   // of renditions; see writersVersion
	// Number is their place in the list, from 1; 0: not in force anywhere.
	Number int `json:"-"`
}

// UnknownURL stands where nobody said under which address the archive serves
// its records: a domain that is reserved never to exist (RFC 2606).
const UnknownURL = "https://records.invalid"

// writersVersion counts changes to the bytes of renditions, so that files of
// one version are never the work of two programs. Raise it with every change of
// what a writer below package record writes.
const writersVersion = "2"

// DefaultTerms leave the structurer's decisions as they are and make every
// rendition.
func DefaultTerms() Terms {
	return Terms{Version: 1, Policy: record.DefaultPolicy(), Renditions: Every().Names(), RecordsURL: UnknownURL, ImageSize: record.DefaultImageSize}
}

// Changes are what somebody wants of the terms; a zero field leaves what is in
// force.
type Changes struct {
	Policy     *record.Policy
	Renditions Renditions
	RecordsURL string
	ImageSize  int
}

// with lays c over t, in the formats that this program writes.
func (t Terms) with(c Changes) Terms {
	if c.Policy != nil {
		t.Policy = *c.Policy
	}
	if c.Renditions != nil {
		t.Renditions = c.Renditions.Names()
	}
	if c.RecordsURL != "" {
		t.RecordsURL = strings.TrimSuffix(c.RecordsURL, "/")
	}
	if c.ImageSize > 0 {
		t.ImageSize = c.ImageSize
	}
	t.Version, t.Format, t.Writers = 1, record.Format, writersVersion
	if t.Renditions == nil {
		t.Renditions = []string{}
	}
	return t
}

// digest names the terms' content.
func (t Terms) digest() archive.Digest {
	raw, err := json.Marshal(t)
	if err != nil {
		return archive.DigestOfParts("terms", err.Error()) // no field of Terms can fail
	}
	return archive.DigestOfParts("terms", string(raw))
}

// on tells which renditions to make.
func (t Terms) on() Renditions {
	r := Renditions{}
	for _, n := range t.Renditions {
		r[n] = true
	}
	return r
}

// InForce reads the terms in force; DefaultTerms with Number 0 if there are
// none yet.
func InForce(ctx context.Context, work *store.Bucket) (Terms, error) {
	t := DefaultTerms().with(Changes{})
	last := ""
	for info, err := range work.List(ctx, archive.TermsPrefix) {
		if err != nil {
			return t, fmt.Errorf("list the terms of publishing: %w", err)
		}
		if path.Ext(info.Key) == ".json" {
			last = max(last, info.Key)
		}
	}
	if last == "" {
		return t, nil
	}
	t = Terms{}
	if err := work.GetJSON(ctx, last, &t); err != nil {
		return t, fmt.Errorf("read the terms of publishing: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSuffix(path.Base(last), ".json"))
	if err != nil || t.Version < 1 {
		return t, fmt.Errorf("the terms of publishing at %s are of another version", last)
	}
	t.Number = n
	return t, nil
}

// Agree puts the changes in force, unless the terms in force are so already.
// Fresh: items published under earlier terms are to be looked at; see Outdated.
func Agree(ctx context.Context, work *store.Bucket, c Changes) (t Terms, fresh bool, err error) {
	for range races {
		now, err := InForce(ctx, work)
		if err != nil {
			return t, false, err
		}
		t = now.with(c)
		if now.Number > 0 && t.digest() == now.digest() {
			_, err := work.Stat(ctx, archive.TermsDoneKey(now.Number))
			if errors.Is(err, store.ErrNotFound) {
				return now, true, nil // whoever put them in force did not come to the end
			}
			return now, false, err
		}
		t.Number = now.Number + 1
		_, err = work.PutJSON(ctx, archive.TermsKey(t.Number), t)
		if err == nil {
			return t, true, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return t, false, fmt.Errorf("put terms of publishing in force: %w", err)
		}
	}
	return t, false, errors.New("the terms of publishing keep changing")
}

// Done notes that every item was looked at for the terms.
func Done(ctx context.Context, work *store.Bucket, t Terms) error {
	_, err := work.PutJSON(ctx, archive.TermsDoneKey(t.Number), struct{}{})
	return err
}
