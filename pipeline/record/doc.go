// Package record makes the published form of a document: record.json with the
// clean reading text, everything taken out of it kept beside it, and every
// correction with its places, and the renditions made from it. It owns the
// record's format, its JSON Schema, policy and reviews. It is pure: it reads no
// file, store or network (package publish does), and it finds no structure and
// no corrections (packages structure and clean do).
//
// Equal inputs give equal bytes: nothing published holds a time of making, a
// random value or a store's entity tag.
package record
