// Package turns says whose turn it is: which stages are paused, which boxes are
// held or go first, and how boxes share what is read. The order lies in the
// work bucket as a numbered list whose last one is in force, so that it outlives
// every server; package runner carries it out.
package turns

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/store"
)

// Act is who gave an order, when and why.
type Act struct {
	Who   string    `json:"who"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"` // zero: until it is ended
	Why   string    `json:"why,omitempty"`
}

// Order is what is in force. The zero value holds nothing back.
type Order struct {
	Version int            `json:"version"` // of this format: 1
	Paused  map[string]Act `json:"paused"`  // by stage
	Held    map[string]Act `json:"held"`    // by box, or collection
	First   map[string]Act `json:"first"`   // likewise
	// Number is its place in the list, from 1; 0: none was given.
	Number int `json:"-"`
}

// covers is the entry for a box, or for the collection that it is in.
func covers(m map[string]Act, box string) (Act, bool) {
	if a, ok := m[box]; ok {
		return a, true
	}
	collection, _, ok := strings.Cut(box, "/")
	a, found := m[collection]
	return a, ok && found
}

// Holds tells whether the box of an item is held.
func (o Order) Holds(l archive.Locator) bool {
	_, held := covers(o.Held, l.Box())
	return held
}

// HoldsBox tells whether a box is held.
func (o Order) HoldsBox(box string) bool {
	_, held := covers(o.Held, box)
	return held
}

// IsFirst tells whether a box goes before the others.
func (o Order) IsFirst(box string) bool {
	_, first := covers(o.First, box)
	return first
}

// Admit says whose tasks are admitted to n free places, in order, a box once
// for each place. Boxes that go first have all they need; the others take turns, beginning
// after the box that was served last; those that are held have none. Waiting is
// how many tasks wait, by box.
func (o Order) Admit(waiting map[string]int, n int, last string) []string {
	left := maps.Clone(waiting)
	maps.DeleteFunc(left, func(box string, tasks int) bool { return tasks <= 0 || o.HoldsBox(box) })
	boxes := slices.Sorted(maps.Keys(left))
	if i, found := slices.BinarySearch(boxes, last); i < len(boxes) {
		if found {
			i++
		}
		boxes = slices.Concat(boxes[i:], boxes[:i])
	}
	var out []string
	for _, first := range []bool{true, false} {
		for served := true; served && len(out) < n; {
			served = false
			for _, box := range boxes {
				if left[box] > 0 && o.IsFirst(box) == first && len(out) < n {
					left[box]--
					out, served = append(out, box), true
				}
			}
		}
	}
	return out
}

// InForce reads the order in force.
func InForce(ctx context.Context, work *store.Bucket) (Order, error) {
	last := ""
	for info, err := range work.List(ctx, archive.TurnsPrefix) {
		if err != nil {
			return Order{}, fmt.Errorf("list the orders: %w", err)
		}
		if path.Ext(info.Key) == ".json" {
			last = max(last, info.Key)
		}
	}
	if last == "" {
		return Order{}, nil
	}
	var o Order
	if err := work.GetJSON(ctx, last, &o); err != nil {
		return Order{}, fmt.Errorf("read the order: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSuffix(path.Base(last), ".json"))
	if err != nil || o.Version != 1 {
		return Order{}, fmt.Errorf("the order at %s is of another version", last)
	}
	o.Number = n
	return o, nil
}

// races is how often two who give orders at once are let by each other.
const races = 10

// Change puts a changed order in force. Edit changes the maps in place and
// tells whether there is anything to change; it may be called again.
func Change(ctx context.Context, work *store.Bucket, edit func(*Order) bool) (changed bool, err error) {
	for range races {
		o, err := InForce(ctx, work)
		if err != nil {
			return false, err
		}
		for _, m := range []*map[string]Act{&o.Paused, &o.Held, &o.First} {
			if *m == nil {
				*m = map[string]Act{}
			}
		}
		if !edit(&o) {
			return false, nil
		}
		o.Version = 1
		_, err = work.PutJSON(ctx, archive.TurnsKey(o.Number+1), o)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return false, fmt.Errorf("give an order: %w", err)
		}
	}
	return false, errors.New("the orders keep changing")
}
