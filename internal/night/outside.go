package night

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/reader"
)

// registerOutside adds the flags of the outside reader; docs/reader.md.
func (o *Stages) registerOutside(fs *flag.FlagSet) {
	r := &o.Outside
	fs.Func("reader", "`URL` of an outside reader for the worst pages: a server of a vision model that speaks the chat-completions form, e.g. http://localhost:8000/v1; images of those pages are sent there; none for none (the default); see docs/reader.md", func(s string) error {
		if r.URL = s; s == "none" {
			r.URL = ""
		}
		return nil
	})
	fs.Func("reader-command", "`command` that reads the worst pages instead of a server: image on standard input, text on standard output; none for none", func(s string) error {
		if r.Command = s; s == "none" {
			r.Command = ""
		}
		return nil
	})
	fs.StringVar(&r.Model, "reader-model", r.Model, "`name` of the outside reader's model, as its server knows it")
	fs.Func("reader-key-file", "`file` with the key that the outside reader's server wants, if it wants one", o.readKey)
	fs.StringVar(&r.Below, "reader-below", r.Below, "`grade`, A-D: the outside reader is asked about pages of a worse one")
	fs.IntVar(&r.Budget, "reader-budget", r.Budget, "pages that the outside reader is asked about in a night, from noon to noon; 0: no limit")
	fs.DurationVar(&r.Timeout, "reader-timeout", r.Timeout, "time for one answer of the outside reader")
	fs.Int64Var(&r.MaxAnswer, "reader-max-answer", r.MaxAnswer, "`bytes` that one answer of the outside reader may have")
	fs.IntVar(&r.MaxTokens, "reader-tokens", r.MaxTokens, "tokens that one answer of the outside reader's server may have")
	fs.IntVar(&r.AtOnce, "reader-at-once", r.AtOnce, "pages that the outside reader is asked about at once")
	fs.DurationVar(&r.Rest, "reader-rest", r.Rest, "time that the outside reader is left alone after it failed three times in a row")
	fs.IntVar(&r.Longest, "reader-image", r.Longest, "`pixels` of the longer side of the images that the outside reader gets")
	fs.IntVar(&r.Round, "reader-round", r.Round, "`number` to count up for replay --stage ocr to ask about pages again that got no answer")
}

// readKey reads the key's file.
func (o *Stages) readKey(name string) error {
	o.KeyFile, o.Outside.Key = "", ""
	if name == "" || name == "none" {
		return nil
	}
	if err := program.Paths(&name); err != nil {
		return err
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	key := strings.TrimSpace(string(raw))
	if key == "" || strings.ContainsAny(key, "\r\n\x00") {
		return fmt.Errorf("%s holds no key in one line", name)
	}
	o.KeyFile, o.Outside.Key = name, key
	return nil
}

// outside is the outside reader, nil where none is named.
func (s *System) outside(o Stages) (*reader.Reader, error) {
	if err := o.Outside.Check(); err != nil {
		return nil, program.Exit(program.Usage, "%w", err)
	}
	if !o.Outside.On() {
		return nil, nil
	}
	return reader.New(o.Outside, s.Work, time.Now, s.Log)
}

// withOutside is a reading's configuration with an outside reader's, if there is one.
func withOutside(engine archive.Digest, c reader.Config) archive.Digest {
	if !c.On() {
		return engine
	}
	return archive.DigestOfParts(string(engine), string(c.Identity()))
}
