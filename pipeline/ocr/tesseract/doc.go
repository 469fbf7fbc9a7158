// Package tesseract is the engine child: a process that decodes, cleans and
// reads one page after the other with one warm engine, asked over its standard
// input. It owns everything that may crash, hang or eat memory, and the limits of
// memory and time that it puts on itself. What it may call, open and reach is
// package confine's; who starts, times and replaces it is package ocr.
package tesseract

// Settings is the version of how pages are cleaned and read. It is part of the
// configuration digest: raise it when a change may alter what is read.
const Settings = "13"
