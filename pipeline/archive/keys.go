package archive

import (
	"encoding/base32"
	"fmt"
	"strings"
)

// The three buckets, by their default names.
const (
	ScansBucket   = "scans"
	WorkBucket    = "work"
	RecordsBucket = "records"
)

// ScanID identifies one version of one scan: its key and its entity tag. It is
// known before the scan was read.
func ScanID(key, etag string) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(
		[]byte(DigestOfParts("scan", key, etag))[:40]))
}

// Keys in the work bucket. Every one is written once (put-if-absent).
//
//	scans/<scan id>.json                       what intake found: fixity, type, verdict
//	digests/<sha256>/<scan id>.json            a scan's claim to be the one with this digest
//	items/<item id>/inputs/0001.json           which manifest is current: the highest number
//	items/<item id>/<input>/manifest.json      the pages of the item, in reading order
//	items/<item id>/pages/<sha256>-0001/<config>.json.zst          a transcript page
//	items/<item id>/pages/<sha256>-0001/<config>.parked.json       the page failed for good
//	items/<item id>/<input>/settled/<digest>.json                  which page objects an item's text is made of
//	items/<item id>/<input>/settlements/0001.json                  which of them is current: the highest number
//	items/<item id>/<input>/structure/<digest>.json.zst            text as read and structure
//	items/<item id>/<input>/<stage>.parked.json                    the item failed for good in a stage
//	items/<item id>/<scan id>/plan.parked.json                     its scan could not be planned
//	below/<scan id>.json                                           a scan that the store does not list, below another
//	untaken/<scan id>.json                                         a scan that intake could not decide about
//	replaced/<digest>.json                     a person's word that a scan may be replaced by certain bytes
//	left-out/<folder>/000001.json              files of a folder that could not be put in; the highest number
//	reviews/<item id>/<when>-<random>.json                         a person's decision
//	publishing/0001.json, 0001.done                                terms of publishing; all items looked at for them
//	turns/0001.json                            orders to pause stages, hold boxes, put boxes first
//	reports/<slot>/try-1.json, sent.json       morning reports that were to be sent, and were
//	access/<sha256>/0001-2200                                      a page image for the screen, 2200 pixels long
//	reader/<sha256>-0001/<question>.json       what an outside reader answered about a page
//	reader/nights/2026-11-30/000001.json       the first page that it was asked about in a night

// ScanKeyFor is where intake's verdict on a scan version lies.
func ScanKeyFor(scanID string) string { return "scans/" + scanID + ".json" }

// BelowPrefix is the folder of marks of scans whose keys lie below another
// scan's: a store that takes such a scan (MinIO) lists it nowhere.
const BelowPrefix = "below/"

// BelowKey is where the mark of a scan version lies.
func BelowKey(scanID string) string { return BelowPrefix + scanID + ".json" }

// UntakenKey is where the mark (a ParkedMark) of a scan version lies that intake
// failed at for good. A verdict that comes later counts.
func UntakenKey(scanID string) string { return "untaken/" + scanID + ".json" }

// ReplacedKey is where a person's word (a Replaced) lies that the bytes with this
// digest are to count under the scan's key, whatever was there before.
func ReplacedKey(key string, d Digest) string {
	return "replaced/" + string(DigestOfParts("replaced", key, string(d))) + ".json"
}

// LeftOutPrefix is the folder of lists of files that could not be put in.
const LeftOutPrefix = "left-out/"

// LeftOutKey is the n-th list, from 1, of one folder; d digests where that lies and goes.
func LeftOutKey(d Digest, n int) string { return fmt.Sprintf("%s%s/%06d.json", LeftOutPrefix, d, n) }

// DigestPrefix is the folder of claims to a digest.
func DigestPrefix(d Digest) string { return "digests/" + string(d) + "/" }

// ItemPrefix is the folder of everything derived for an item.
func ItemPrefix(id ItemID) string { return "items/" + string(id) + "/" }

// InputsPrefix is the folder of an item's numbered inputs; the highest counts.
func InputsPrefix(id ItemID) string { return ItemPrefix(id) + "inputs/" }

// InputKey is the n-th input of the item, counted from 1.
func InputKey(id ItemID, n int) string { return fmt.Sprintf("%s%04d.json", InputsPrefix(id), n) }

// ManifestKey is the manifest with the given digest.
func ManifestKey(id ItemID, input Digest) string {
	return ItemPrefix(id) + string(input) + "/manifest.json"
}

// PagesPrefix is the folder of an item's transcript pages.
func PagesPrefix(id ItemID) string { return ItemPrefix(id) + "pages/" }

// Endings of keys in a page's folder.
const (
	PageSuffix   = ".json.zst"
	ParkedSuffix = ".parked.json"
)

// PageFolder holds what was made of one page, whatever the configuration.
func PageFolder(id ItemID, scan Digest, index int) string {
	return fmt.Sprintf("%s%s-%04d/", PagesPrefix(id), scan, index)
}

// PageKey is a transcript page: page index (from 1) within the scan that has
// the given digest, read with the given configuration.
func PageKey(id ItemID, scan Digest, index int, config Digest) string {
	return PageFolder(id, scan, index) + config.Short() + PageSuffix
}

// PageParkedKey marks that page as failed for good.
func PageParkedKey(id ItemID, scan Digest, index int, config Digest) string {
	return PageFolder(id, scan, index) + config.Short() + ParkedSuffix
}

// AccessKey is the image for the screen of page index (from 1) of the scan with
// that digest, at most longest pixels wide and high. The 2 counts changes to how such
// images are made: those made before are not taken for these.
func AccessKey(scan Digest, index, longest int) string {
	return fmt.Sprintf("access/%s/%04d-%d-2", scan, index, longest)
}

// ReaderAnswerKey is what an outside reader answered when it was asked a question
// about page index (from 1) of the scan with that digest.
func ReaderAnswerKey(scan Digest, index int, question Digest) string {
	return fmt.Sprintf("reader/%s-%04d/%s.json", scan, index, question.Short())
}

// ReaderNightPrefix is the folder of the pages asked about in a night.
func ReaderNightPrefix(night string) string { return "reader/nights/" + night + "/" }

// ReaderNightKey is the n-th page, from 1, of a night.
func ReaderNightKey(night string, n int) string {
	return fmt.Sprintf("%s%06d.json", ReaderNightPrefix(night), n)
}

// SettledKey says how the pages of an input were settled; d digests its content.
func SettledKey(id ItemID, input, d Digest) string {
	return fmt.Sprintf("%s%s/settled/%s.json", ItemPrefix(id), input, d)
}

// SettlementsPrefix is the folder of an input's numbered settlements.
func SettlementsPrefix(id ItemID, input Digest) string {
	return ItemPrefix(id) + string(input) + "/settlements/"
}

// SettlementKey is the n-th settlement of an input, counted from 1.
func SettlementKey(id ItemID, input Digest, n int) string {
	return fmt.Sprintf("%s%04d.json", SettlementsPrefix(id, input), n)
}

// StructureKey is a structure; d digests its inputs and the rules' version.
func StructureKey(id ItemID, input, d Digest) string {
	return fmt.Sprintf("%s%s/structure/%s.json.zst", ItemPrefix(id), input, d)
}

// GroupMark stands for the scan id where a group of pages could not be planned.
const GroupMark = "group"

// StageParkedKey marks an item as failed for good in a stage. Of is the input
// digest, or for stage plan, which makes the input, the scan id it was asked
// for or GroupMark.
func StageParkedKey(id ItemID, of, stage string) string {
	return ItemPrefix(id) + of + "/" + stage + ".parked.json"
}

// AllReviews is the folder of people's decisions.
const AllReviews = "reviews/"

// ReviewsPrefix is the folder of people's decisions on an item, in the work
// bucket; keys sort by the time of the decision.
func ReviewsPrefix(id ItemID) string { return AllReviews + string(id) + "/" }

// TermsPrefix is the folder of the terms of publishing; the highest number is
// in force.
const TermsPrefix = "publishing/"

// TermsKey is the n-th terms of publishing, counted from 1.
func TermsKey(n int) string { return fmt.Sprintf("%s%04d.json", TermsPrefix, n) }

// TermsDoneKey says that every item published before was looked at for them.
func TermsDoneKey(n int) string { return fmt.Sprintf("%s%04d.done", TermsPrefix, n) }

// TurnsPrefix is the folder of orders about stages and boxes; the highest number
// is in force.
const TurnsPrefix = "turns/"

// TurnsKey is the n-th order, counted from 1.
func TurnsKey(n int) string { return fmt.Sprintf("%s%06d.json", TurnsPrefix, n) }

// ToldKey holds the flags that an embedded system was told last, of those that
// decide what a text is.
const ToldKey = "told.json"

// ReportTryKey claims the n-th try, from 1, to send the report of a slot: a time
// of day, or the end of some work.
func ReportTryKey(slot string, n int) string { return fmt.Sprintf("reports/%s/try-%d.json", slot, n) }

// ReportSentKey says that the report of the slot was sent.
func ReportSentKey(slot string) string { return "reports/" + slot + "/sent.json" }

// RecordPrefix is the folder of an item in the records bucket.
func RecordPrefix(l Locator) string { return string(l) + "/" }

// Keys in the records bucket, below RecordPrefix.
//
//	<made from>/record-1.json, text.txt, …   one immutable version's files; <made from> digests
//	                                         structure, policy and reviews (12 characters)
//	versions/0001.json                       put-if-absent: publishes a version
//	current.json                             moved by If-Match to the newest version

// VersionKey is the n-th version of the item's records, counted from 1.
func VersionKey(l Locator, n int) string {
	return fmt.Sprintf("%sversions/%04d.json", RecordPrefix(l), n)
}

// CurrentKey is the one object that moves.
func CurrentKey(l Locator) string { return RecordPrefix(l) + "current.json" }
