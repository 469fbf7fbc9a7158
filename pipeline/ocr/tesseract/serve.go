//go:build cgo

package tesseract

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/imaging/pdf"
	"nightshift/pipeline/ocr/confine"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// child is the state of an engine process between requests.
type child struct {
	cfg    wire.Config
	in     *bufio.Reader
	out    *bufio.Writer
	diag   *diagnostics
	engine *engine     // nil in a child for images only
	pdfium *pdf.Engine // nil until the first PDF
}

// Serve answers requests until in ends. walls are what Confine returned; diag is the file descriptor that C code
// writes its messages to, -1 for none.
func Serve(cfg wire.Config, walls confine.Walls, in io.Reader, out io.Writer, diag int) error {
	c := &child{cfg: cfg, in: bufio.NewReaderSize(in, 64<<10), out: bufio.NewWriterSize(out, 64<<10), diag: &diagnostics{fd: diag}}
	hello := wire.Greeting{Leptonica: imaging.LeptonicaVersion(), Isolation: walls.String(), Lacks: walls.Lacks}
	if !cfg.ImagesOnly {
		var err error
		if c.engine, err = newEngine(cfg); err != nil {
			return err
		}
		defer c.engine.close()
		if err := c.engine.warm(); err != nil {
			return c.send(wire.Failure, wire.Fault{Reason: archive.LanguageMissing, Detail: err.Error(), Final: true})
		}
		hello.Version = c.engine.version()
	}
	if err := c.send(wire.Hello, hello); err != nil {
		return err
	}
	for {
		k, content, err := wire.Read(c.in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var o wire.Order
		if k != wire.Request || json.Unmarshal(content, &o) != nil || o.Size < 0 {
			return fmt.Errorf("%w: a %c where a request was due", wire.ErrFrame, k)
		}
		if err := c.answer(o); err != nil {
			return err
		}
	}
}

func (c *child) send(k wire.Kind, v any) error {
	if err := wire.WriteJSON(c.out, k, v); err != nil {
		return err
	}
	return c.out.Flush()
}

// answer does what is asked and sends what came of it. An error is one of the
// pipe: the child ends.
func (c *child) answer(o wire.Order) error {
	budget(c.cfg.Deadline)
	c.diag.reset()
	src := newSource(c.in, c.out, o.Size)
	var v any
	var err error
	kind := wire.Page
	var raw []byte
	switch {
	case o.Op == "read" && c.engine != nil:
		v, err = c.read(src, o)
	case o.Op == "plan":
		kind = wire.Plan
		v, err = c.plan(src, o)
	case o.Op == "image":
		raw, err = c.image(src, o)
	default:
		err = fmt.Errorf("no request %q", o.Op)
	}
	if src.failed != nil {
		err = src.failed
	}
	if err != nil {
		f := faultOf(err)
		if d := c.diag.lines(); len(d) > 0 {
			f.Detail += " (" + d[0] + ")"
		}
		return c.send(wire.Failure, f)
	}
	if raw != nil {
		if err := wire.Write(c.out, wire.Image, raw); err != nil {
			return err
		}
		return c.out.Flush()
	}
	return c.send(kind, v)
}

// faultOf gives an error its reason.
func faultOf(err error) wire.Fault {
	f := wire.Fault{Reason: archive.EngineRefused, Detail: err.Error(), Final: true}
	switch {
	case errors.Is(err, errSource):
		f.Reason, f.Final = "", false
	case errors.Is(err, imaging.ErrTooLarge), errors.Is(err, pdf.ErrTooLarge), errors.Is(err, errTooManyBytes):
		f.Reason = archive.TooLarge
	case errors.Is(err, imaging.ErrTruncated):
		f.Reason = archive.Truncated
	case errors.Is(err, imaging.ErrUndecodable), errors.Is(err, pdf.ErrBroken):
		f.Reason = archive.Undecodable
	case errors.Is(err, transcript.ErrGiven):
		f.Reason = archive.BadText
	case errors.Is(err, pdf.ErrPassword):
		f.Reason = archive.NeedsPassword
	case errors.Is(err, errNoPages):
		f.Reason = archive.NoPages
	case errors.Is(err, errLanguage):
		f.Reason = archive.LanguageMissing
	}
	return f
}
