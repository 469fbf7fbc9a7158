package clean

// applyAt and flagAt are the confidences above which a correction is made, or
// shown to a person.
const applyAt, flagAt = 0.95, 0.6

// confidenceOf is the share of candidates with such a margin that are right.
func confidenceOf(f *candidate) float64 {
	m := min(f.margin, f.likely-f.second)
	switch {
	case m >= 6:
		return 0.98
	case m >= 3:
		return 0.8
	}
	return 0.5
}
