// Package agree puts an outside reader's text beside what the engine read on a
// page, and takes from it what the engine's reading supports. It is pure.
//
// Nothing of a text becomes a line: the engine's lines and their places stand.
// Each is looked for in the text, letter by letter and whatever the text's own
// line breaks are. Where it is found, words of the text stand in for words that
// the engine was unsure of and that are like them. Words that the engine lacks are not
// taken, and those that the text lacks are kept. Where digits differ the engine's
// word stays, in doubt, with the other beside it.
package agree
