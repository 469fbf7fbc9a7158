// Command publisher makes and publishes the records of structured items. Any
// number may run against one NATS and one store.
package main

import (
	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/ocr"
)

var version = "unknown"

func main() {
	ocr.ChildMain()
	program.Main(night.Service("publisher", version, night.Which{Publishing: true}))
}
