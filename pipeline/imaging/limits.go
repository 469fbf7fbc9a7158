package imaging

import "fmt"

// CheckPixels tells whether an image of width by height is within maxPixels
// (0: no limit). Errors wrap ErrTooLarge or, for no pixels at all,
// ErrUndecodable.
func CheckPixels(width, height int, maxPixels int64) error {
	if width <= 0 || height <= 0 {
		return fmt.Errorf("%w: %d by %d pixels", ErrUndecodable, width, height)
	}
	if maxPixels > 0 && int64(width) > maxPixels/int64(height) {
		return fmt.Errorf("%w: %d by %d pixels, allowed are %d in all", ErrTooLarge, width, height, maxPixels)
	}
	return nil
}
