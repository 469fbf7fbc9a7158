package imaging

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
)

// mostFrames bounds the pictures of one GIF or HEIF file.
const mostFrames = 10000

// GIFFrames counts the pictures of a GIF by its blocks alone. A file that stops
// before its end has those that are whole.
func GIFFrames(b []byte) (int, error) {
	if len(b) < 13 {
		return 0, fmt.Errorf("%w: a GIF of %d bytes", ErrTruncated, len(b))
	}
	at := 13
	if b[10]&0x80 != 0 {
		at += 3 << (b[10]&7 + 1)
	}
	n := 0
	for at < len(b) && n < mostFrames {
		switch b[at] {
		case 0x3B:
			return n, nil
		case 0x21: // an extension: its label, then sub-blocks
			at += 2
		case 0x2C:
			if at+10 > len(b) {
				return n, nil
			}
			if flags := b[at+9]; flags&0x80 != 0 {
				at += 3 << (flags&7 + 1)
			}
			at += 11 // with the byte before the data
			whole, next := subBlocks(b, at)
			if !whole {
				return n, nil
			}
			n, at = n+1, next
			continue
		default:
			return n, nil
		}
		whole, next := subBlocks(b, at)
		if !whole {
			return n, nil
		}
		at = next
	}
	return n, nil
}

// subBlocks goes over data sub-blocks to what follows their end.
func subBlocks(b []byte, at int) (whole bool, next int) {
	for at < len(b) {
		n := int(b[at])
		at += 1 + n
		if n == 0 {
			return true, at
		}
	}
	return false, at
}

// frameOfGIF is picture index (from 1) of a GIF with many, as it is seen when its
// turn comes, on white.
func frameOfGIF(b []byte, index int, maxPixels int64) (*image.RGBA, error) {
	cfg, err := gif.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: GIF: %w", ErrUndecodable, err)
	}
	n, err := GIFFrames(b)
	if err != nil {
		return nil, err
	}
	// All are decoded at once, a byte a pixel.
	if err := CheckPixels(cfg.Width, cfg.Height*max(n, 4), maxPixels*2); err != nil {
		return nil, fmt.Errorf("%d pictures in a GIF: %w", n, err)
	}
	all, err := gif.DecodeAll(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: GIF: %w", ErrUndecodable, err)
	}
	if index < 1 || index > len(all.Image) {
		return nil, fmt.Errorf("%w: no picture %d in a GIF of %d", ErrUndecodable, index, len(all.Image))
	}
	white := image.NewUniform(color.White)
	canvas := image.NewRGBA(image.Rect(0, 0, cfg.Width, cfg.Height))
	draw.Draw(canvas, canvas.Bounds(), white, image.Point{}, draw.Src)
	for i, f := range all.Image[:index] {
		last := i == index-1
		var before *image.RGBA
		if all.Disposal[i] == gif.DisposalPrevious && !last {
			before = image.NewRGBA(canvas.Bounds())
			copy(before.Pix, canvas.Pix)
		}
		draw.Draw(canvas, f.Bounds(), f, f.Bounds().Min, draw.Over)
		switch {
		case last:
		case before != nil:
			canvas = before
		case all.Disposal[i] == gif.DisposalBackground:
			draw.Draw(canvas, f.Bounds(), white, image.Point{}, draw.Src)
		}
	}
	return canvas, nil
}
