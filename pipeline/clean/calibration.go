package clean

import "math"

// applyAt and flagAt are the confidences above which a correction is made, or
// shown to a person.
const applyAt, flagAt = 0.95, 0.6

// curve gives the share of candidates of a rule that are right from their
// margin m in bits: 1/(1+exp(-(a+b*m))), at most top.
type curve struct{ a, b, top float64 }

// calibration was counted by internal/calibrate; docs/cleaning.md has the table.
var calibration = map[string]curve{
	"confused-characters": {0.8, 0.4, 0.995},
	"digit-for-letter":    {0, 0.6, 0.995},
	"lost-character":      {0.8, 0.39, 0.99},
	"one-word":            {1.6, 0.3, 0.995},
	"one-word-of-two":     {0, 0.45, 0.97},
	"two-words":           {0.6, 0.45, 0.995},
	"two-content-words":   {-0.8, 0.36, 0.98},
	"name-and-word":       {0, 0.4, 0.98},
}

// confidenceOf is the share of candidates of the rule with such a margin that
// are right.
func confidenceOf(rule string, margin float64) float64 {
	k := calibration[rule]
	return min(k.top, 1/(1+math.Exp(-(k.a+k.b*margin))))
}

// Weighed is a weighed candidate with its margin, for internal/calibrate.
type Weighed struct {
	Correction
	Margin float64 // bits over the text as it stands, or over the next best
}

// Weigh gives every candidate of the rules that weigh words, without regard to
// confidence.
func Weigh(in Input) []Weighed {
	c := newCleaner(in)
	c.all = true
	c.characters()
	c.settle()
	c.tokenize()
	c.words()
	var out []Weighed
	for _, m := range c.mends {
		if m.margin == 0 {
			continue
		}
		only := cleaner{text: c.text, mends: []edit{m}}
		for _, k := range only.corrections() {
			out = append(out, Weighed{k, m.margin})
		}
	}
	return out
}
