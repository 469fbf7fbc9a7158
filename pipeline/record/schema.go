package record

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed schema/*.schema.json
var schemas embed.FS

// The formats that have a JSON Schema, by the names Schema knows them under.
var Formats = []string{"record", "structure", "transcript", "current", "message", "common"}

// Schema is the JSON Schema (2020-12) of a format; its $id is
// urn:nightshift:<format>:1, and it refers to the one called common.
func Schema(format string) ([]byte, error) {
	raw, err := fs.ReadFile(schemas, "schema/"+format+".schema.json")
	if err != nil {
		return nil, fmt.Errorf("no schema of format %q", format)
	}
	return raw, nil
}
