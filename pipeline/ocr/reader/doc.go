// Package reader asks an outside reader, a model that sees the page's image and
// is none of ours, about pages that read badly. It owns the asking: the two ways
// to do it (a server that speaks the chat-completions form, a command), their
// bounds, the night's budget, and the answers, which are kept in the work bucket
// so that no page is asked about twice. What of an answer comes into a page is
// package agree's.
//
// A page's image goes to the URL named and nowhere else: no proxy of the
// environment is used and no redirection followed. Whatever the reader does, the
// page stands as the engine read it, or better.
package reader
