// Command structurer finds the structure of read items. Any number may run
// against one NATS and one store. With --text it structures text files instead
// and needs neither.
package main

import (
	"context"
	"io"

	"nightshift/internal/night"
	"nightshift/internal/program"
)

var version = "unknown"

func main() {
	program.Main(func(ctx context.Context, args []string, stdout, stderr io.Writer) error {
		if wantsText(args) {
			return structureText(ctx, args, stdout, stderr)
		}
		return night.Service("structurer", version, night.Which{Structuring: true})(ctx, args, stdout, stderr)
	})
}
