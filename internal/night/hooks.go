package night

import (
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/runner"
)

// Hooks are no settings: no program sets them. The zero value does nothing.
type Hooks struct {
	// Reader stands in for the engine children where pages are read.
	Reader ocr.Reader
	// At is called at the named points of a task's way; see runner.Options.At.
	At func(stage, point string)
}

// observe is what is told of every try.
func (o Stages) observe() func(runner.Try) {
	if o.Signals == nil {
		return nil
	}
	return o.Signals.Observe
}

func (o Stages) at(stage string) func(string) {
	if o.Hooks.At == nil {
		return nil
	}
	return func(point string) { o.Hooks.At(stage, point) }
}
