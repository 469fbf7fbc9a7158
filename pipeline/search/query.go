package search

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// Query says what to find. Empty fields ask for nothing.
type Query struct {
	// Words that must all be there; "words in quotes" as a phrase, -word must
	// not be there, wor* is a beginning, word~ allows for a letter misread.
	Words       string
	From, To    string // first and last day, ISO 8601, possibly reduced
	Kind        string
	Participant string // words of a participant's name or role
	Box         string // locator of a collection, box or folder
	Skip, Most  int    // hits to pass over, and how many to give; Most 0: 20
}

// most bounds the hits of one answer.
const most = 1000

// wordFields are searched by words, and what a hit there is worth beside one in
// the text.
var wordFields = map[string]float64{"title": 4, "number": 3, "participants": 2, "about": 2, "text": 1}

// build makes bleve's query.
func (q Query) build() (query.Query, error) {
	terms, err := parse(q.Words)
	if err != nil {
		return nil, err
	}
	all := bleve.NewBooleanQuery()
	all.AddMust(bleve.NewMatchAllQuery())
	for _, t := range terms {
		if t.not {
			all.AddMustNot(t.query())
		} else {
			all.AddMust(t.query())
		}
	}
	if q.Kind != "" {
		all.AddMust(in("kind", bleve.NewTermQuery(q.Kind)))
	}
	if q.Participant != "" {
		m := bleve.NewMatchQuery(q.Participant)
		m.SetOperator(query.MatchQueryOperatorAnd)
		all.AddMust(in("participants", m))
	}
	if q.Box != "" {
		box := strings.TrimSuffix(q.Box, "/")
		all.AddMust(bleve.NewDisjunctionQuery(in("box", bleve.NewTermQuery(box)), in("locator", bleve.NewTermQuery(box))))
	}
	return all, q.dates(all)
}

// dates asks for documents whose days overlap From to To.
func (q Query) dates(all *query.BooleanQuery) error {
	if q.From == "" && q.To == "" {
		return nil
	}
	from, to := 1.0, math.Inf(1)
	for _, d := range []struct {
		text string
		last bool
		into *float64
	}{{q.From, false, &from}, {q.To, true, &to}} {
		if d.text == "" {
			continue
		}
		if *d.into = day(d.text, d.last); *d.into == 0 {
			return fmt.Errorf("%w: %q is no date such as 1961-02-03, 1961-02 or 1961", ErrQuery, d.text)
		}
	}
	yes := true
	all.AddMust(in("to", bleve.NewNumericRangeInclusiveQuery(&from, nil, &yes, nil)))
	all.AddMust(in("from", bleve.NewNumericRangeInclusiveQuery(&least, &to, &yes, &yes)))
	return nil
}

// least is below every day: undated documents are at 0.
var least = 1.0

// fielder is a query that looks in one field.
type fielder interface {
	query.Query
	SetField(string)
}

func in(field string, q fielder) query.Query {
	q.SetField(field)
	return q
}

// term is one word or phrase of a query.
type term struct {
	text          string
	not           bool
	phrase        bool
	prefix, fuzzy bool
}

// query looks for the term in every field of words.
func (t term) query() query.Query {
	any := bleve.NewDisjunctionQuery()
	for field, worth := range wordFields {
		var q interface {
			fielder
			SetBoost(float64)
		}
		switch {
		case t.phrase:
			q = bleve.NewMatchPhraseQuery(t.text)
		case t.prefix:
			q = bleve.NewPrefixQuery(strings.ToLower(t.text))
		default: // one word to the person may be several to the analyser: co-operate
			m := bleve.NewMatchQuery(t.text)
			m.SetOperator(query.MatchQueryOperatorAnd)
			if t.fuzzy {
				m.SetFuzziness(1)
			}
			q = m
		}
		q.SetBoost(worth)
		any.AddQuery(in(field, q))
	}
	return any
}

// maxTerms bounds a query's words.
const maxTerms = 50

// parse reads the words of a query. Only a quote that is not closed, and too
// many words, are errors: anything else is looked for as it stands.
func parse(s string) ([]term, error) {
	var out []term
	rest := []rune(s)
	for len(rest) > 0 {
		if unicode.IsSpace(rest[0]) {
			rest = rest[1:]
			continue
		}
		var t term
		if rest[0] == '-' && len(rest) > 1 && !unicode.IsSpace(rest[1]) {
			t.not, rest = true, rest[1:]
		}
		if rest[0] == '"' {
			end := 1
			for end < len(rest) && rest[end] != '"' {
				end++
			}
			if end == len(rest) {
				return nil, fmt.Errorf("%w: a quotation mark is not closed", ErrQuery)
			}
			t.text, t.phrase, rest = string(rest[1:end]), true, rest[end+1:]
		} else {
			end := 0
			for end < len(rest) && !unicode.IsSpace(rest[end]) && rest[end] != '"' {
				end++
			}
			t.text, rest = string(rest[:end]), rest[end:]
			if cut, ok := strings.CutSuffix(t.text, "*"); ok && cut != "" {
				t.text, t.prefix = cut, true
			} else if cut, ok := strings.CutSuffix(t.text, "~"); ok && cut != "" {
				t.text, t.fuzzy = cut, true
			}
		}
		if strings.ContainsFunc(t.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
			out = append(out, t)
		}
	}
	if len(out) > maxTerms {
		return nil, fmt.Errorf("%w: more than %d words", ErrQuery, maxTerms)
	}
	return out, nil
}
