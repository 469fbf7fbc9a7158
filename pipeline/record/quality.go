package record

import (
	"math"
	"unicode"

	"nightshift/pipeline/structure"
	"nightshift/pipeline/transcript"
)

// doubtBelow is the word confidence (0-100) below which a word is in doubt.
// Tesseract's confidences below 60 go with more wrong words than right ones.
const doubtBelow = 60

// Quality says how far the text as read can be trusted. Basis is recognition,
// or text-input for text that came as such, of which nothing is known.
type Quality struct {
	Basis          string   `json:"basis"`
	Words          int      `json:"words"`
	MeanConfidence *float64 `json:"meanConfidence"`     // 0-100, over words, weighed by length
	InDoubt        *float64 `json:"wordsInDoubt"`       // share of words with a confidence below 60
	ErrorRate      *float64 `json:"estimatedErrorRate"` // of characters, 0-1
	Grade          *string  `json:"grade"`              // A … E, from the error rate
	LowQuality     []int    `json:"lowQualityPages"`    // from 1
	WorstPage      *int     `json:"worstPage"`          // with the lowest confidence
}

// quality is what the words of doc, the i-th, told, and the estimates of its pages.
func (b *builder) quality(i int, doc structure.Document, pages []int) Quality {
	q := Quality{Basis: "text-input", LowQuality: []int{}, Words: countWords(b.text[doc.Start:doc.End])}
	read := b.estimate(&q, pages)
	if !read {
		return q
	}
	q.Basis = "recognition"
	if t := b.told.tallies[i]; t.weight > 0 {
		q.MeanConfidence, q.InDoubt = rounded(t.sum/t.weight, 2), rounded(t.doubt/t.words, 4)
	}
	return q
}

// estimate folds the pages' own estimates, weighed by their length, and tells
// whether any page was read from an image.
func (b *builder) estimate(q *Quality, pages []int) bool {
	var errs, chars float64
	read := false
	lowest := math.Inf(1)
	for _, n := range pages {
		t, p := b.Pages[n-1], b.Reading.Pages[n-1]
		if t.Text != nil || t.Parked != "" {
			continue
		}
		read = true
		if t.LowQuality {
			q.LowQuality = append(q.LowQuality, n)
		}
		if size := float64(p.End - p.Start); size > 0 {
			errs, chars = errs+t.ErrorRate*size, chars+size
			if t.MeanConfidence < lowest {
				lowest, q.WorstPage = t.MeanConfidence, &n
			}
		}
	}
	if chars > 0 {
		q.ErrorRate = rounded(errs/chars, 4)
		g := GradeOf(*q.ErrorRate)
		q.Grade = &g
	}
	return read
}

// GradeOf is the letter for an estimated character error rate (0-1): A up to
// 1%, fit to be quoted; B up to 3%, fit to be searched and read; C up to 8%;
// D up to 20%; E beyond, to be typed or scanned again.
func GradeOf(rate float64) string {
	for i, limit := range []float64{0.01, 0.03, 0.08, 0.20} {
		if rate <= limit {
			return string(rune('A' + i))
		}
	}
	return "E"
}

// rounded keeps so many decimals: figures that print the same everywhere.
func rounded(v float64, decimals int) *float64 {
	p := math.Pow10(decimals)
	v = math.Round(v*p) / p
	return &v
}

// countWords counts runs of anything but white space.
func countWords(rs []rune) int {
	n := 0
	in := false
	for _, r := range rs {
		space := unicode.IsSpace(r)
		if !space && !in {
			n++
		}
		in = !space
	}
	return n
}

// Overall is an item's mean confidence (0-100, weighed by text length), its
// page (from 1) with the lowest, and its grade; nil where no page was read
// from an image.
func Overall(pages []transcript.Page, spans []structure.ReadingPage) (confidence *float64, worst *int, grade *string) {
	var conf, errs, size float64
	lowest := math.Inf(1)
	for i, p := range pages {
		n := float64(spans[i].End - spans[i].Start)
		if p.Text != nil || p.Parked != "" || n == 0 {
			continue
		}
		conf, errs, size = conf+n*p.MeanConfidence, errs+n*p.ErrorRate, size+n
		if p.MeanConfidence < lowest {
			page := i + 1
			lowest, worst = p.MeanConfidence, &page
		}
	}
	if size == 0 {
		return nil, nil, nil
	}
	g := GradeOf(errs / size)
	return rounded(conf/size, 2), worst, &g
}
