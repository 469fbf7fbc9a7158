// Package console is the place where an operator stands in the morning and an
// archivist reviews: web pages over a night, and the JSON API beneath them. It
// owns pages, sign-in and what is kept ready for showing; what it does (replay,
// review, upload) is done by the same calls as the commands of nightshift, and
// it decides nothing about scans itself.
//
// Pages are made on the server from html/template and work without scripts for
// reading. What was read from a scan, and every name, goes into a page as text
// only; the Content-Security-Policy allows no script or style but the console's
// own two files.
package console
