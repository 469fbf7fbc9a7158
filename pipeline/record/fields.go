package record

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// ReviewFields are the fields of a record that a person may set.
var ReviewFields = []string{"kind", "number", "title", "date", "place", "classification", "from", "to"}

// Field is the value of the named field, "" for null; an error for a field that
// nobody may set.
func (r *Record) Field(name string) (string, error) {
	value := func(v *Value) string {
		if v == nil {
			return ""
		}
		return v.Value
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	switch name {
	case "kind":
		return r.Kind, nil
	case "number":
		return text(r.Number), nil
	case "title":
		return text(r.Title), nil
	case "date":
		if r.Date == nil {
			return "", nil
		}
		return r.Date.Value.Value, nil
	case "place":
		return value(r.Place), nil
	case "classification":
		return value(r.Classification), nil
	case "from":
		return value(r.From), nil
	case "to":
		return value(r.To), nil
	}
	return "", fmt.Errorf("%q is no field to set; there are %s", name, strings.Join(ReviewFields, ", "))
}

// dateForm is the schema's, without times of day.
var dateForm = regexp.MustCompile(`^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$`)

// CheckField tells whether the named field may be set to value; "" is null.
func CheckField(name, value string) error {
	if !slices.Contains(ReviewFields, name) {
		return fmt.Errorf("%q is no field to set; there are %s", name, strings.Join(ReviewFields, ", "))
	}
	switch {
	case name == "kind" && !slices.Contains(Kinds(), value):
		return fmt.Errorf("%q is no kind of document; there are %s", value, strings.Join(Kinds(), ", "))
	case name == "date" && value != "" && !dateForm.MatchString(value):
		return fmt.Errorf("%q is no date such as 1961-02-03, 1961-02 or 1961", value)
	}
	return nil
}

// Kinds are the kinds of document, as the schema lists them.
var Kinds = sync.OnceValue(func() []string {
	var common struct {
		Defs struct {
			Kind struct{ Enum []string } `json:"documentKind"`
		} `json:"$defs"`
	}
	raw, err := Schema("common")
	if err == nil {
		err = json.Unmarshal(raw, &common)
	}
	if err != nil {
		panic(err) // the schema is part of the program
	}
	return common.Defs.Kind.Enum
})
