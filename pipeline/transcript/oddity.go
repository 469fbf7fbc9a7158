package transcript

import "nightshift/pipeline/archive"

// NoText says why a page that is not blank has no text. Empty where it has some,
// where it is blank, and where it could not be read.
type NoText string

// The ways in which a page has no writing.
const (
	NoTextPicture NoText = "picture" // tones cover it: a photograph, a colour target
	NoTextDrawing NoText = "drawing" // lines and shapes: a plan, a seal, a form with nothing on it
	NoTextMarks   NoText = "marks"   // a few marks that are no letters: specks, strokes, a stain
)

// Oddity is what a person should look at on a page that was published all the
// same. Reason is one of archive's, Detail says it of this page.
type Oddity struct {
	Reason archive.Reason `json:"reason"`
	Detail string         `json:"detail"`
}

// Odd adds an oddity to p.
func (p *Page) Odd(r archive.Reason, detail string) {
	p.Oddities = append(p.Oddities, Oddity{r, detail})
}
