package ocr

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/custody"
	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
)

// cache is where compiled code lies: pdfium, which takes seconds to compile. It is
// filled by a child that sees no scan; those that read scans may only read it.
type cache struct {
	dir, key string // "": none
	fill     sync.Mutex
	done     bool // filled, or tried in vain
}

// openCache makes the directory; "" is the user's. One that others may write to is
// refused: what lies there runs as our code.
func openCache(dir string) (*cache, error) {
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return &cache{}, err
		}
		dir = filepath.Join(base, "nightshift", "wasm")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return &cache{}, err
	}
	if err := custody.Make(dir); err != nil {
		return &cache{}, err
	}
	key, err := cacheKey()
	if err != nil {
		return &cache{}, err
	}
	return &cache{dir: dir, key: key}, nil
}

// cacheKey names what was compiled: pdfium and its compiler by their versions, where
// the program knows them, or else by the program; and the processor by what it can do.
func cacheKey() (string, error) {
	var parts []string
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/tetratelabs/wazero" || m.Path == "github.com/klippa-app/go-pdfium" {
				parts = append(parts, m.Path, m.Version, m.Sum)
			}
		}
	}
	if parts == nil { // a test's program
		self, err := os.Executable()
		if err != nil {
			return "", err
		}
		f, err := os.Stat(self)
		if err != nil {
			return "", err
		}
		parts = append(parts, self, fmt.Sprint(f.Size(), f.ModTime().UnixNano()))
	}
	processor, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "", err
	}
	for line := range bytes.Lines(processor) {
		if bytes.HasPrefix(line, []byte("flags")) || bytes.HasPrefix(line, []byte("Features")) {
			parts = append(parts, string(line))
			break
		}
	}
	return string(archive.DigestOfParts(parts...))[:16], nil
}

// fillDeadline is for compiling pdfium on a slow machine with too much to do.
const fillDeadline = 5 * time.Minute

// fillCache sees to it that the cache is filled, once; callers wait for the first. What
// goes wrong costs time only: children compile for themselves.
func (p *Pool) fillCache(ctx context.Context) {
	c := p.cache
	c.fill.Lock()
	defer c.fill.Unlock()
	if c.done || c.dir == "" || ctx.Err() != nil {
		return
	}
	c.done = true
	cfg := wire.Config{Cache: c.dir, CacheKey: c.key, MemoryLimit: p.cfg.MemoryLimit, FillCache: true}
	if _, err := os.Stat(tesseract.CacheMark(cfg)); err == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fillDeadline) // for all pages to come
	defer cancel()
	if err := p.compile(ctx, cfg); err != nil {
		p.cfg.Log.Warn("the cache of compiled code was not filled: each child compiles pdfium anew", "error", err)
	}
}

func (p *Pool) compile(ctx context.Context, cfg wire.Config) error {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, p.command[0], p.command[1:]...) // #nosec G204 -- this program itself
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Env, cmd.Dir = p.environ(cfg), "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = 5 * time.Second
	if err := p.starter.start(cmd); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
}
