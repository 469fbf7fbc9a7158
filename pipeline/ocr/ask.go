package ocr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"syscall"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/wire"
)

// answered marks the error of a child that said what is wrong and lives on.
type answered struct{ error }

func (a answered) Unwrap() error { return a.error }

// ask sends one order and serves ranges of src until the answer comes. The
// child is killed when ctx ends.
func (c *process) ask(ctx context.Context, src io.ReaderAt, o wire.Order, want wire.Kind) ([]byte, error) {
	stop := context.AfterFunc(ctx, c.kill)
	defer stop()
	if err := wire.WriteJSON(c.in, wire.Request, o); err != nil {
		return nil, c.broken(ctx, err)
	}
	var buf []byte
	c.srcErr = nil
	for {
		k, content, err := wire.Read(c.r)
		if err != nil {
			return nil, c.broken(ctx, err)
		}
		switch k {
		case want:
			if c.srcErr != nil { // a decoder that made do with what it got
				return nil, answered{c.srcErr}
			}
			return content, nil
		case wire.Failure:
			if c.srcErr != nil { // the store's fault, not the scan's: give it back as it came
				return nil, answered{c.srcErr}
			}
			return nil, answered{faultError(content)}
		case wire.Ranges:
			if buf, err = c.serve(src, o.Size, content, buf); err != nil {
				return nil, c.broken(ctx, err)
			}
		default:
			return nil, c.broken(ctx, fmt.Errorf("%w: a %c as answer", wire.ErrFrame, k))
		}
	}
}

// serve answers one range; buf is reused.
func (c *process) serve(src io.ReaderAt, size int64, content, buf []byte) ([]byte, error) {
	off, n, err := wire.DecodeRange(content, size)
	if err != nil {
		return buf, err
	}
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	if got, err := src.ReadAt(buf[:n], off); got < n {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		c.srcErr = err
		return buf, wire.Write(c.in, wire.NoData, []byte(err.Error()))
	}
	return buf, wire.Write(c.in, wire.Data, buf[:n])
}

// broken is the error for a child that did not answer; it has ended, or is
// ended now.
func (c *process) broken(ctx context.Context, cause error) error {
	if !errors.Is(cause, io.EOF) && !errors.Is(cause, syscall.EPIPE) && ctx.Err() == nil {
		c.kill()
	}
	<-c.ended
	if c.srcErr != nil {
		return c.srcErr // what it died of
	}
	return c.death(ctx, cause)
}

// faultError turns a child's fault into what a stage returns.
func faultError(content []byte) error {
	var f wire.Fault
	if err := json.Unmarshal(content, &f); err != nil {
		return pipeline.Fail(archive.EngineCrash, "decode the engine child's fault: %w", err)
	}
	if !f.Final || !f.Reason.Known() {
		return errors.New(f.Detail)
	}
	return pipeline.Reject(f.Reason, "%s", f.Detail)
}

func decode(k, want wire.Kind, content []byte, into any) error {
	if k != want {
		return fmt.Errorf("%w: %c instead of %c", wire.ErrFrame, k, want)
	}
	return json.Unmarshal(content, into)
}
