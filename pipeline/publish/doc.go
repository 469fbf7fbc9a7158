// Package publish is stage publish: it makes the records of a structure, puts
// them and their renditions in the records bucket as an immutable version,
// moves current.json there, and announces them on RECORDS. It owns versions and
// messages; what stands in a record is package record's.
//
// Order of effects, each safe to repeat: the version's files under a folder
// named by what they were made from; versions/NNNN.json by put-if-absent, which
// is the moment of publishing; current.json by If-Match, never backwards; then
// the messages, whose ids make a second sending a duplicate.
package publish
