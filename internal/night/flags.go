package night

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"strings"

	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/ocr"
	"nightshift/pipeline/publish"
	"nightshift/pipeline/record"
)

// Register adds the flags that say where to work.
func (a *Addresses) Register(fs *flag.FlagSet) {
	fs.StringVar(&a.Data, "data", a.Data, "`directory` of an embedded system, running or idle")
	a.RegisterRoom(fs)
	a.RegisterServers(fs)
}

// RegisterRoom adds the flag of an embedded system's disk.
func (a *Addresses) RegisterRoom(fs *flag.FlagSet) {
	fs.Int64Var(&a.MinFree, "min-free", minFree, "`bytes` that the disk of the data directory must keep free; below it run ends and services wait")
}

// RegisterListen adds the flags that say where an embedded system listens.
func (a *Addresses) RegisterListen(fs *flag.FlagSet) {
	fs.StringVar(&a.ListenNATS, "listen-nats", "", "`host:port` for the embedded NATS server; any free port of this machine if empty")
	fs.StringVar(&a.ListenS3, "listen-s3", "", "`host:port` for the embedded S3 server, whose keys are in DATA/keys.json; any free port of this machine if empty")
}

// RegisterServers adds the flags of real servers only.
func (a *Addresses) RegisterServers(fs *flag.FlagSet) {
	fs.StringVar(&a.NATS, "nats", a.NATS, "`URL` of the NATS server, e.g. nats://host:4222 or tls://host:4222")
	fs.StringVar(&a.NATSCreds, "nats-creds", a.NATSCreds, "credentials `file`, or an NKey seed file ending in .nk")
	fs.StringVar(&a.NATSCA, "nats-ca", a.NATSCA, "PEM `file` of the authority that signed NATS's certificate")
	fs.StringVar(&a.S3, "s3", a.S3, "`URL` of the store with its keys: http://key:secret@host:port; best set in the environment, or without them and with --s3-secret-file")
	fs.StringVar(&a.S3Secret, "s3-secret-file", a.S3Secret, "`file` with the store's key and secret, as key:secret in one line; --s3 then names host and port alone")
	fs.StringVar(&a.S3CA, "s3-ca", a.S3CA, "PEM `file` of the authority that signed the store's certificate")
	fs.IntVar(&a.Replicas, "replicas", 0, "replicas of the streams: 3 on a cluster of three; 0: as they are, 1 for new ones")
	fs.DurationVar(&a.AckWait, "ack-wait", 0, "time without a heartbeat after which a task is given to another worker; 0: as it is, 30s for a new system, 6s on a data directory")
	fs.DurationVar(&a.Dedupe, "dedupe", 0, "time in which NATS drops a message that it has already; 0: as it is, 10m for a new system")
	fs.StringVar(&a.Scans, "bucket-scans", "scans", "`name` of the bucket of scans")
	fs.StringVar(&a.Work, "bucket-work", "work", "`name` of the bucket of work")
	fs.StringVar(&a.Records, "bucket-records", "records", "`name` of the bucket of records")
}

// RegisterReading adds the flags of stages intake, plan and ocr.
func (o *Stages) RegisterReading(fs *flag.FlagSet) {
	fs.IntVar(&o.OCR.Children, "children", o.OCR.Children, "engine processes at once; as many as processor cores is best")
	fs.DurationVar(&o.OCR.Deadline, "page-deadline", o.OCR.Deadline, "processor time that one page may take to decode and read; by the clock three times as much")
	fs.Int64Var(&o.OCR.MemoryLimit, "child-memory", o.OCR.MemoryLimit, "`bytes` of memory that one engine process may use")
	fs.Int64Var(&o.OCR.MaxPixels, "max-pixels", o.OCR.MaxPixels, "pixels that one page may have")
	fs.IntVar(&o.OCR.Recycle, "recycle", o.OCR.Recycle, "pages after which an engine process is replaced")
	fs.Func("tessdata", "`directory` of Tesseract's language data; its own default if empty", absolute(&o.OCR.TessdataDir))
	fs.Func("model", "what English is read with: own (the default without --tessdata) for the model that the program carries, stock for what is installed, or a `file` LANGUAGE.traineddata; docs/model.md", func(s string) error {
		o.OCR.Model = s
		if s == "" || s == ocr.StockModel || s == ocr.OwnModel {
			return nil
		}
		return program.Paths(&o.OCR.Model)
	})
	fs.Float64Var(&o.OCR.ReadAgain, "read-again", o.OCR.ReadAgain, "mean confidence of a page's words, 0-100, under which it is read once more, cleaned of specks, slant and shadows, and its lines are taken from the surer reading; negative: never")
	fs.Func("languages", "languages to read, e.g. eng or eng+fra (default eng)", func(s string) error {
		o.Languages = splitLanguages(s)
		return nil
	})
	fs.Func("language-rule", "`PATTERN=LANGUAGES`: languages of the items whose key, or a folder they are in, matches, e.g. 'Paris/*=fra+eng'; * stays within a folder; the first rule that matches counts, and an item.json before it; several with a semicolon between them, or the flag again; none for none", func(s string) error {
		if s == "none" {
			o.LanguageRules = nil
			return nil
		}
		rules, err := languageRules(s)
		o.LanguageRules = append(o.LanguageRules, rules...)
		return err
	})
	fs.Func("take-ocr", "OCR that is there already and is taken instead of reading: a comma-separated `list` of hocr, alto and page (files, each an item) and pdf (the text layer of PDF pages that have one)", o.takeOCR)
	o.registerOutside(fs)
	fs.DurationVar(&o.Quiet, "quiet", o.Quiet, "time without a new page after which a group of pages is complete; 0: never without a marker")
	fs.DurationVar(&o.Sweep, "sweep", o.Sweep, "time between sweeps for what notifications missed; 0: only at the start")
	fs.Int64Var(&o.MaxBytes, "max-bytes", o.MaxBytes, "`bytes` that one scan may have")
	fs.IntVar(&o.MaxPages, "max-pages", o.MaxPages, "pages that one item may have")
	fs.IntVar(&o.Backlog, "backlog", o.Backlog, "items that may wait for the structurer and the publisher before no more pages are read; 0: no limit")
}

// absolute sets a directory, which the embedded store's change of working
// directory must not move.
func absolute(at *string) func(string) error {
	return func(s string) error {
		*at = s
		if s == "none" {
			return nil
		}
		return program.Paths(at)
	}
}

// ocrTaken is the list that takeOCR read.
func (o *Stages) ocrTaken() string {
	var list []string
	for _, g := range o.Given {
		switch g {
		case archive.TypeHOCR:
			list = append(list, "hocr")
		case archive.TypeALTO:
			list = append(list, "alto")
		case archive.TypePAGE:
			list = append(list, "page")
		}
	}
	if o.OCR.TextLayers {
		list = append(list, "pdf")
	}
	return strings.Join(list, ",")
}

func (o *Stages) takeOCR(list string) error {
	o.Given, o.OCR.TextLayers = nil, false
	for _, s := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		switch s {
		case "hocr":
			o.Given = append(o.Given, archive.TypeHOCR)
		case "alto":
			o.Given = append(o.Given, archive.TypeALTO)
		case "page":
			o.Given = append(o.Given, archive.TypePAGE)
		case "pdf":
			o.OCR.TextLayers = true
		default:
			return fmt.Errorf("%q is none of hocr, alto, page, pdf", s)
		}
	}
	return nil
}

// RegisterCommon adds the flags that all stages have.
func (o *Stages) RegisterCommon(fs *flag.FlagSet) {
	fs.IntVar(&o.MaxTries, "tries", o.MaxTries, "tries of a task before it is parked")
	fs.IntVar(&o.SlowTries, "slow-tries", o.SlowTries, "tries of a task that is not done within its time, before it is parked")
	fs.IntVar(&o.Workers, "workers", o.Workers, "structure and publish tasks at once")
	fs.Func("renditions", "forms made beside record, text and structure: a comma-separated `list` of "+strings.Join(publish.AllRenditions, ", ")+"; or all, none (default: as before, all at first)", func(s string) (err error) {
		o.Terms.Renditions, err = publish.ParseRenditions(s)
		return err
	})
	fs.Func("policy", "`file` with the cleaning policy, or default (default: as before)", func(s string) error {
		p, err := policy(s)
		o.Terms.Policy = &p
		return err
	})
	fs.StringVar(&o.Terms.RecordsURL, "records-url", "", "`URL` under which the archive serves its records, for IIIF and annotations (default: as before)")
	o.RegisterImages(fs)
	fs.Func("rules", "`file` with the archive's own words and rules of cleaning, or none; see docs/cleaning.md", func(s string) (err error) {
		o.Rules = nil
		if s != "none" {
			o.Rules, err = Rules(s)
		}
		return err
	})
	fs.Int64Var(&o.MaxText, "max-text", o.MaxText, "`bytes` that one text input may have")
}

// RegisterImages adds the flags of page images for the screen.
func (o *Stages) RegisterImages(fs *flag.FlagSet) {
	fs.IntVar(&o.Terms.ImageSize, "image-size", 0, fmt.Sprintf("`pixels` of the longer side of page images for the screen and in PDFs; black-and-white pages may have twice as many (default: as before, %d at first)", record.DefaultImageSize))
}

// Rules reads a file of an archive's own rules of cleaning.
func Rules(name string) (*clean.Rules, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r, err := clean.ParseRules(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// policy reads a policy file; "default" is the structurer's own decisions.
func policy(name string) (record.Policy, error) {
	if name == "default" {
		return record.DefaultPolicy(), nil
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return record.Policy{}, err
	}
	return record.ParsePolicy(raw)
}

// redact leaves the password out of a URL.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(unreadable URL)"
	}
	return u.Redacted()
}
