package ocr

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
)

// ChildMain serves as an engine child and never returns, if this process was
// started as one; else it does nothing. It is the first line of every main.
func ChildMain() {
	cfg, ok, err := wire.ChildConfig()
	if !ok {
		return
	}
	if err == nil {
		err = serve(cfg)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve moves the protocol off the standard output first: C code may print
// there, which then lands among the diagnostics.
func serve(cfg wire.Config) error {
	out, err := unix.Dup(1)
	if err != nil {
		return fmt.Errorf("duplicate the output: %w", err)
	}
	unix.CloseOnExec(out)
	if err := unix.Dup3(2, 1, 0); err != nil {
		return fmt.Errorf("redirect the output: %w", err)
	}
	walls, err := tesseract.Confine(cfg)
	if err != nil {
		return err
	}
	if cfg.FillCache {
		return tesseract.FillCache(cfg)
	}
	return tesseract.Serve(cfg, walls, os.Stdin, os.NewFile(uintptr(out), "answers"), 2)
}
