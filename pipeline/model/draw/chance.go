package draw

import (
	"math"
	"math/rand/v2"
)

func sqrt(v float64) float64 { return math.Sqrt(v) }

// chance reports true so many times in a hundred.
func chance(r *rand.Rand, percent float64) bool { return r.Float64()*100 < percent }

// within is a number from lo to hi.
func within(r *rand.Rand, lo, hi float64) float64 { return lo + r.Float64()*(hi-lo) }

// from is a whole number from lo to hi, both included.
func from(r *rand.Rand, lo, hi int) int { return lo + r.IntN(hi-lo+1) }

// one is one of those given; one given twice comes twice as often.
func one[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// round is the nearest whole number.
func round(v float64) int { return int(math.Floor(v + 0.5)) }
