// Package pipeline says what a stage is: a typed function over a task, whose
// returned error decides what happens to the message. It owns the tasks that
// flow between stages, their subjects and message ids. It moves nothing itself:
// package runner does.
//
// The tree below it:
//
//	archive     words: locators, keys, identifiers, events, reasons
//	transcript  what OCR read: pages, lines, words, and the text as read   (pure)
//	structure   documents, sections, marks, notes                          (pure)
//	clean       corrections, lexicon, evidence                             (pure)
//	record      the record and its renditions                              (pure)
//	intake      stages intake and plan; the sweep
//	imaging     decode, split, clean up page images                        (cgo)
//	custody     whose a folder is
//	ocr         stage ocr; the pool of engine children
//	ocr/tesseract  the engine child                                        (cgo)
//	ocr/confine    the walls about it
//	ocr/vote       one reading of several of a page                        (pure)
//	ocr/reader     an outside reader for the worst pages
//	model       what the engine knows letters by: networks, lines, drawing, training; the model that the programs carry
//	structuring stage structure
//	publish     stage publish
//	runner      the JetStream loop of all stages
//	store       S3
//	ledger      events to status and reports
//	console     web pages
//	embedded    NATS and S3 in process
package pipeline
