// Command ocr-worker takes scans in, plans items and reads pages. Any number
// may run against one NATS and one store.
package main

import (
	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/ocr"
)

var version = "unknown"

func main() {
	ocr.ChildMain()
	program.Main(night.Service("ocr-worker", version, night.Which{Reading: true}))
}
