package archive

import (
	"maps"
	"slices"
)

// Reason is a code of the closed list of why something was parked, ignored or
// flagged. Codes are stable: operators write them in replay selectors.
type Reason string

// The reasons. Each is explained to the operator by Explain.
const (
	Undecodable     Reason = "undecodable"      // the bytes are no image, PDF or text that can be read
	Truncated       Reason = "truncated"        // the file ends before its pages do
	NeedsPassword   Reason = "needs-password"   // an encrypted PDF
	TooLarge        Reason = "too-large"        // over the limit of bytes, pixels or pages
	NoPages         Reason = "no-pages"         // a container without a page
	DeadlineHit     Reason = "deadline"         // the child did not finish in time
	MemoryHit       Reason = "memory"           // the child went over its memory limit
	EngineCrash     Reason = "engine-crash"     // the child died of a signal
	ForbiddenCall   Reason = "forbidden-call"   // the child made a system call that it may not
	EngineRefused   Reason = "engine-refused"   // the engine gave an error, or an empty page that is not blank
	LanguageMissing Reason = "language-missing" // the traineddata of a language is not installed
	ScanMissing     Reason = "scan-missing"     // the scan is no longer in the bucket
	ScanChanged     Reason = "scan-changed"     // the scan's bytes are not those taken in
	FixityFailed    Reason = "fixity-failed"    // an object of ours does not match its digest
	BadTask         Reason = "bad-task"         // a message that cannot be decoded
	NewerFormat     Reason = "newer-format"     // a message or object of a newer version of Nightshift
	TriesExhausted  Reason = "tries-exhausted"  // failed every try; the last error is the detail
	Internal        Reason = "internal"         // a fault of ours: a panic in a stage
	BadText         Reason = "bad-text"         // a text file that decodes as no known encoding
	BadManifest     Reason = "bad-manifest"     // an item.json that cannot be followed
	BelowScan       Reason = "below-scan"       // the scan's key lies below another scan's, as if that were a folder
	BadStructure    Reason = "bad-structure"    // a structure whose corrections cannot be undone
)

// Reasons of scans that are not taken in. They are not failures.
const (
	NotAScan     Reason = "not-a-scan"    // a file type we do not read
	EmptyFile    Reason = "empty-file"    // no bytes
	HiddenFile   Reason = "hidden-file"   // a system file such as .DS_Store or Thumbs.db
	ControlFile  Reason = "control-file"  // item.json, _COMPLETE: orders to us, not scans
	NotInItem    Reason = "not-in-item"   // beside an item.json that does not list it
	DuplicateOf  Reason = "duplicate"     // same digest as a named scan
	SupersededBy Reason = "superseded-by" // a later version of the same key
	CopyOfPage   Reason = "copy-of-page"  // the same page in another format, by its name; the better one is read
)

// Reasons to look at something by hand though nothing failed: what came out may not
// be all that was put in.
const (
	UnreadKind  Reason = "unread-kind"    // a file that a person would call a scan, of a kind that is not read
	PageMissing Reason = "page-missing"   // a numbered page is missing from a sequence
	PageTwice   Reason = "page-twice"     // one page is published as text twice, or two files claim to be it
	NotGrouped  Reason = "not-grouped"    // names look like pages of one item, and were taken as items
	LeftOut     Reason = "left-out"       // a file of the folder could not be put in
	TextLost    Reason = "text-lost"      // OCR that was given holds text of which none arrived
	CopyUnread  Reason = "copy-of-unread" // the page whose copy this is could not be read
	WrittenOver Reason = "written-over"   // other bytes were put over the scan; the scan counts as it was
)

// Reasons for a person to look at a page that was published all the same.
const (
	InkUnread       Reason = "ink-not-read"     // there is ink on the page, and no text came of it
	EmbeddedFiles   Reason = "embedded-files"   // the PDF holds files; what was made of them is in the detail
	PlaceholderPage Reason = "placeholder-page" // the page stands in for content that another program shows
	NotesOnPage     Reason = "notes-on-page"    // notes stuck to a PDF's page, which no viewer prints
	GuessedEncoding Reason = "guessed-encoding" // the text is in an encoding that was guessed
)

var explanations = map[Reason][2]string{
	Undecodable:     {"The file is not a readable image, PDF or text.", "Scan it again, or open it in a viewer to see what it is."},
	Truncated:       {"The file ends before its pages do.", "Copy it again from the scanner; if it is short there too, scan it again."},
	NeedsPassword:   {"The PDF is encrypted and needs a password.", "Save a copy without a password and put it in under the same name."},
	TooLarge:        {"The file is over a limit of bytes, pixels or pages.", "Raise the limit named in the detail, then replay."},
	NoPages:         {"The file holds no page.", "Scan it again."},
	DeadlineHit:     {"Reading the page took longer than allowed.", "Replay with a longer --page-deadline, or look at the image."},
	MemoryHit:       {"Reading the page needed more memory than allowed.", "Replay with a larger --child-memory, or look at the image."},
	EngineCrash:     {"The recognition process died on this page.", "Replay once; if it dies again, convert the image to PNG and put it in."},
	ForbiddenCall:   {"The recognition process tried what reading a page does not need, and was ended: the file may attack it.", "Keep the file apart and have it looked at; if many files end so, a library of this machine is newer than Nightshift: report the detail."},
	EngineRefused:   {"The engine could not read the page.", "Look at the image; replay after mending it."},
	LanguageMissing: {"The language data for this page is not installed.", "Run `nightshift doctor`, install what it names, then replay."},
	ScanMissing:     {"The scan is no longer in the bucket.", "Put it back under the same name; it is taken up by itself."},
	ScanChanged:     {"The scan changed while it was being worked on.", "Nothing: the new version is taken in as such. Replay if it is not."},
	FixityFailed:    {"A stored object does not match its digest.", "Check the store's disks, then replay the stage that made the object."},
	BadTask:         {"A message could not be understood.", "Report it; the sweep makes the right message again."},
	NewerFormat:     {"A message or object comes from a newer version.", "Upgrade the programs of this stage; the work goes on by itself."},
	TriesExhausted:  {"Every try failed.", "Read the detail, mend the cause, then replay."},
	Internal:        {"A fault in Nightshift.", "Report the detail; replay after an upgrade."},
	BadText:         {"The text file is in no known encoding.", "Save it as UTF-8 and put it in again."},
	BadManifest:     {"The item.json beside the pages cannot be followed.", "Correct it as the detail says and put it in again."},
	BelowScan:       {"The scan's name lies below another scan's, as if that were a folder; the store does not list it.", "Put it in again under a name beside the other scan, and remove this one."},
	BadStructure:    {"The structure found is not reversible, so it was not used.", "Report it; replay after an upgrade."},
	NotAScan:        {"Not a file type that Nightshift reads.", "Nothing, or convert it to TIFF, JPEG, PNG or PDF."},
	EmptyFile:       {"The file has no bytes.", "Copy it again from the scanner."},
	HiddenFile:      {"A system file.", "Nothing."},
	ControlFile:     {"A manifest or marker, read as an order and not as a scan.", "Nothing."},
	NotInItem:       {"The item.json of this folder does not list the file.", "Add it to item.json if it belongs there."},
	DuplicateOf:     {"The same bytes as another scan.", "Nothing; the records of the other scan stand for both."},
	CopyOfPage:      {"The same page in another format, by its name; the better of the two is read.", "Nothing; rename one of them if they are two pages."},
	UnreadKind:      {"Files of a kind that is not read.", "Convert it as the detail says, and put the result in."},
	PageMissing:     {"Numbered pages are missing from an item.", "Look for them among the originals and put them in; nothing, if the numbers were left out on purpose."},
	PageTwice:       {"A page may be published twice.", "Compare the two, and take one of them out of the folder."},
	NotGrouped:      {"Names that look like pages of one item were taken as items of their own.", "If they are one item, put an item.json beside them that lists them in order."},
	LeftOut:         {"A file of the folder was not put in.", "Mend it as the detail says, and run the same command again."},
	TextLost:        {"The file holds text of another program's OCR, of which nothing arrived.", "Put the page image in instead, or report the file's dialect."},
	CopyUnread:      {"This is a copy of a page that could not be read.", "Take the one that could not be read out of the folder, or replace it; then this one is read."},
	WrittenOver:     {"Another file was put over the scan, under its name. The scan counts as it was.", "Find out who did it. If the other file is the better scan, put it in with `nightshift ingest --replace`."},
	SupersededBy:    {"A later version of this scan was put in.", "Nothing."},
	InkUnread:       {"There is ink on the page, but no text was read.", "Look at the page: if it has writing, type it in as a correction or scan it darker."},
	EmbeddedFiles:   {"The PDF holds files besides its pages.", "Read the detail; put in by itself what was not taken."},
	PlaceholderPage: {"The page only says that another program shows the content.", "Open the file in that program, print it to a PDF, and put that in."},
	NotesOnPage:     {"Notes are stuck to the page of the PDF that are not printed on it; the detail has their words.", "Read them; type them in as a note of the page if they matter."},
	GuessedEncoding: {"The text file says nothing of its encoding, which was guessed.", "Look at its accents; where they are wrong, save it as UTF-8 and put it in again."},
}

// Explain says in one sentence what r means and in another what to do.
// An unknown reason explains itself by its code and asks for an upgrade.
func (r Reason) Explain() (what, todo string) {
	if e, ok := explanations[r]; ok {
		return e[0], e[1]
	}
	return "Unknown reason " + string(r) + ".", "Upgrade this program."
}

// needNewFile are the reasons that no replay can mend.
var needNewFile = map[Reason]bool{
	Undecodable: true, Truncated: true, NeedsPassword: true, NoPages: true, EmptyFile: true, BadText: true, BadManifest: true, BelowScan: true,
}

// NeedsNewFile tells whether only another file in place of the scan helps: a
// replay of the same bytes ends the same way.
func (r Reason) NeedsNewFile() bool { return needNewFile[r] }

// Reasons is the closed list, in order.
func Reasons() []Reason { return slices.Sorted(maps.Keys(explanations)) }

// Known tells whether r is of the closed list.
func (r Reason) Known() bool { _, ok := explanations[r]; return ok }
