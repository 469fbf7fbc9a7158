package draw

import "math"

// shifts are how far each of w columns moves down for a slope about the middle,
// in 256ths of a pixel.
func shifts(w int, slope float64) []int {
	s, step := make([]int, w), int(slope*65536)
	for x := range s {
		s[x] = (x - w/2) * step >> 8
	}
	return s
}

// shear moves each column down by its shift: a line that is not level.
func shear(a ink, shift []int) ink {
	b := newInk(a.w, a.h)
	for y := range a.h {
		to := b.row(y)
		for x := range to {
			from := y<<8 - shift[x]
			at, part := from>>8, from&255
			var up, down int
			if at >= 0 && at < a.h {
				up = int(a.p[at*a.w+x])
			}
			if at+1 >= 0 && at+1 < a.h {
				down = int(a.p[(at+1)*a.w+x])
			}
			to[x] = uint8((up*(256-part) + down*part) >> 8)
		}
	}
	return b
}

// turn turns a small picture about its middle.
func turn(a ink, degrees float64) ink {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	si, co := int(sin*65536), int(cos*65536)
	b := newInk(a.w, a.h)
	for y := range a.h {
		dy := 2*y - a.h + 1
		for x := range a.w {
			dx := 2*x - a.w + 1
			fx := (dx*co+dy*si)>>1 + (a.w-1)<<15
			fy := (dy*co-dx*si)>>1 + (a.h-1)<<15
			ix, iy := fx>>16, fy>>16
			if ix < 0 || iy < 0 || ix+1 >= a.w || iy+1 >= a.h {
				continue
			}
			px, py := fx>>8&255, fy>>8&255
			i := iy*a.w + ix
			up := int(a.p[i])*(256-px) + int(a.p[i+1])*px
			down := int(a.p[i+a.w])*(256-px) + int(a.p[i+a.w+1])*px
			b.p[y*a.w+x] = uint8((up*(256-py) + down*py) >> 16)
		}
	}
	return b
}

// resize scales a picture: by the mean of what a pixel covers when it becomes
// smaller, between neighbours when it becomes larger.
func resize(a ink, w, h int) ink {
	w, h = max(w, 1), max(h, 1)
	if w == a.w && h == a.h {
		return a
	}
	wide := newInk(w, a.h)
	left, parts := taps(a.w, w)
	for y := range a.h {
		from, to := a.row(y), wide.row(y)
		for x := range to {
			sum := 128
			for i, part := range parts[x] {
				sum += part * int(from[left[x]+i])
			}
			to[x] = uint8(sum >> 8)
		}
	}
	b := newInk(w, h)
	top, parts := taps(a.h, h)
	sum := make([]int32, w)
	for y := range h {
		for x := range sum {
			sum[x] = 128
		}
		for i, part := range parts[y] {
			from := wide.row(top[y] + i)
			for x, v := range from {
				sum[x] += int32(part) * int32(v)
			}
		}
		settle(b.row(y), sum)
	}
	return b
}

// taps are for each of m pixels the first of n that it is made of and the parts,
// in 256ths, that those from there on have in it.
func taps(n, m int) (first []int, parts [][]int) {
	first, parts = make([]int, m), make([][]int, m)
	wide := max(n<<16/m, 1<<16) // what a pixel covers, in 65536ths
	for i := range m {
		middle := (2*i + 1) * n << 15 / m
		from, to := middle-wide/2, middle+wide/2
		a, b := max(from>>16, 0), min((to-1)>>16, n-1)
		first[i] = a
		rest := 256
		for j := a; j <= b; j++ {
			part := min(256*(min(to, (j+1)<<16)-max(from, j<<16))/wide, rest)
			if j == b {
				part = rest
			}
			parts[i] = append(parts[i], part)
			rest -= part
		}
	}
	return first, parts
}
