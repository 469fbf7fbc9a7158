package teach

import (
	"context"
	"math/rand/v2"

	"nightshift/pipeline/model/draw"
	"nightshift/pipeline/model/lines"
)

// How often a line comes: as it is, and in worn copies, more of them where lines are
// few; and beside them drawn lines, so that what the archive does not have is not
// unlearned.
const (
	aimWorn             = 1500 // over all lines
	leastWorn, mostWorn = 2, 8 // of one line
	drawnShare          = 3    // one drawn line beside so many others
)

// exercises are what a training learns from.
func exercises(ctx context.Context, real []lines.Line, jobs int) (*lines.Set, error) {
	d, err := draw.Carried()
	if err != nil {
		return nil, err
	}
	var each []func(*rand.Rand) lines.Line
	copies := min(max(aimWorn/max(len(real), 1), leastWorn), mostWorn)
	for _, l := range real {
		each = append(each, func(*rand.Rand) lines.Line { return l })
		for range copies {
			each = append(each, func(r *rand.Rand) lines.Line { return draw.Wear(r, l) })
		}
	}
	for i := range len(each) / drawnShare {
		one := d.Typed
		if i%2 == 1 {
			one = d.Printed
		}
		each = append(each, one)
	}
	return draw.Set(ctx, each, seed, 0, jobs)
}
