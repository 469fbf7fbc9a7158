// Package shipped is the recognition model that the programs carry, for --model own:
// Debian's, taught typewriting, print and copies of both. make model makes it;
// docs/model.md is its card.
package shipped

import _ "embed"

// Language is what the model reads, by Tesseract's name.
const Language = "eng"

// English is the model as a traineddata file. It is not to be written to.
//
//go:embed eng.traineddata
var English []byte
