// Package validity holds the tests that run the program over the sample box and
// over shared material, and have every file that it publishes checked by the
// validators of its standard: xmllint, jing, JSON Schemas, poppler. They carry
// the build tag shared.
package validity
