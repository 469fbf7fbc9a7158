// Package store is the S3 side of Nightshift: objects that are written once
// (PutNew), one small object that moves (Replace), scans that stream in
// (Upload) and are read in pieces (Open), and listings. Every byte it writes is
// sent with its SHA-256, which the server checks, and kept with it as metadata,
// which Get checks.
//
// It knows S3 and nothing of keys, stages or NATS; it deletes nothing, on
// purpose: no stage may. It keeps no state beside connections, so a Client may
// be shared by everything in a process.
//
// Errors are sorted once, here: ErrNotFound, ErrConflict, ErrChanged,
// ErrFixity, ErrDenied, ErrTooLarge, ErrFull, and IsDown for a store that is
// away. Keys are any UTF-8 of up to 1,024 bytes with no level over 255 bytes
// (what MinIO and the embedded server can both hold).
package store
