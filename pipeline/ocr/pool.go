package ocr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"
	"time"

	"nightshift/pipeline"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/ocr/tesseract"
	"nightshift/pipeline/ocr/wire"
	"nightshift/pipeline/transcript"
)

// Source is a scan's bytes. A child asks for ranges as it needs them, so that a
// file of many pages is never fetched or held whole.
type Source interface {
	io.ReaderAt
	Size() int64
}

// PagePlan is one page of a scan as its container tells it.
type PagePlan = wire.PagePlan

// PoolConfig configures a pool. Zero values mean the defaults given.
type PoolConfig struct {
	Command     []string      // how to start a child; nil: this program again
	Children    int           // processes at once; 0: one a core
	Deadline    time.Duration // processor time of the child for one page; the clock may go on WallFactor times as long; 0: 120 s
	MemoryLimit int64         // bytes resident of one child; 0: 2 GiB
	MaxPixels   int64         // of one page; 0: 250 million
	MaxBytes    int64         // of one image file; 0: 4 GiB
	MaxPages    int           // of one scan; 0: 5000
	Recycle     int           // pages after which a child is replaced; 0: 200
	Languages   []string      // of pages whose settings name none; nil: eng
	TessdataDir string        // "": where Tesseract is usually installed
	Model       string        // what English is read with: "" or StockModel: what is installed; OwnModel: the model that the program carries; or a file
	Own         string        // file that OwnModel is, of an archive that has taught one; "": the model that the program carries
	ImagesOnly  bool          // no engine and no language data: Plan and Image only
	ReadAgain   float64       // mean confidence of words, 0-100, under which a page is read again, cleaned; 0: 80; negative: never
	TextLayers  bool          // take the text layer of a PDF page, where there is a sound one, rather than read the page
	CacheDir    string        // for compiled WebAssembly; "": nightshift below the user's cache directory
	Log         *slog.Logger  // nil: none
}

func (c PoolConfig) withDefaults() PoolConfig {
	if c.Children <= 0 {
		c.Children = runtime.NumCPU()
	}
	if c.Deadline <= 0 {
		c.Deadline = 120 * time.Second
	}
	if c.MemoryLimit <= 0 {
		c.MemoryLimit = 2 << 30
	}
	if c.MaxPixels <= 0 {
		c.MaxPixels = 250e6
	}
	if c.MaxBytes <= 0 {
		c.MaxBytes = 4 << 30
	}
	if c.MaxPages <= 0 {
		c.MaxPages = 5000
	}
	if c.ReadAgain == 0 {
		c.ReadAgain = 80
	}
	if c.Recycle <= 0 {
		c.Recycle = 200
	}
	if len(c.Languages) == 0 {
		c.Languages = []string{"eng"}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Pool is a set of warm engine children. Its methods may be called from many
// goroutines; each call waits for a free child.
type Pool struct {
	cfg       PoolConfig
	command   []string
	data      *languageData
	engine    transcript.Engine
	starter   *starter
	cache     *cache
	isolation string
	lacks     []string
	slots     chan *process // nil: a child is to be started when needed
	forget    func()        // takes away what was laid out for this pool alone
	closing   sync.Once
}

// NewPool starts one child, which shows that the engine and its language data
// are there, and the others when they are needed. The error for missing data
// is a rejection with archive.LanguageMissing.
func NewPool(ctx context.Context, cfg PoolConfig) (*Pool, error) {
	cfg = cfg.withDefaults()
	p := &Pool{cfg: cfg, command: cfg.Command, data: &languageData{}, slots: make(chan *process, cfg.Children)}
	if len(p.command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this program to start engine children: %w", err)
		}
		p.command = []string{self}
	}
	var err error
	if p.cache, err = openCache(cfg.CacheDir); err != nil {
		cfg.Log.Warn("no cache for compiled code: each child compiles pdfium anew", "error", err)
	}
	p.forget = func() {}
	if !cfg.ImagesOnly {
		if err := p.openData(); err != nil {
			p.forget()
			return nil, err
		}
	}
	p.starter = newStarter()
	first, err := p.spawn(ctx)
	if err != nil {
		p.starter.stop()
		p.forget()
		return nil, err
	}
	p.engine = transcript.Engine{
		Name: "tesseract", Version: first.hello.Version, Languages: cfg.Languages,
		Settings: map[string]string{"leptonica": first.hello.Leptonica, "settings": tesseract.Settings},
	}
	p.isolation, p.lacks = first.hello.Isolation, first.hello.Lacks
	for _, lack := range p.lacks {
		cfg.Log.Warn("engine children are less confined: this kernel has no "+lack, "confined by", p.isolation)
	}
	p.slots <- first
	for range cfg.Children - 1 {
		p.slots <- nil
	}
	return p, nil
}

// openData finds the language data and lays the model out among them.
func (p *Pool) openData() error {
	data, err := openLanguageData(p.cfg.TessdataDir)
	if err != nil {
		return err
	}
	p.data = data
	m, err := openModel(p.cfg)
	if err != nil {
		return err
	}
	if m != nil {
		var dir string
		if dir, p.forget, err = modelDir(p.cache.dir); err != nil {
			return err
		}
		if p.data, err = data.with(m, dir); err != nil {
			return err
		}
	}
	return p.data.check(p.cfg.Languages)
}

// Close waits for calls under way and ends every child.
func (p *Pool) Close() error {
	p.closing.Do(func() {
		for range p.cfg.Children {
			if c := <-p.slots; c != nil {
				c.retire()
			}
		}
		p.starter.stop()
		p.forget()
	})
	return nil
}

// Isolation says what keeps children from the rest of the system here, such as
// "rlimits, no new privileges, landlock 7, seccomp".
func (p *Pool) Isolation() string { return p.isolation }

// Lacks says what this kernel cannot do of it, and what a child that was taken over
// could do for that.
func (p *Pool) Lacks() []string { return p.lacks }

// Engine says what reads the pages, with the default languages.
func (p *Pool) Engine() transcript.Engine { return p.engineOf(p.cfg.Languages) }

// engineOf is the engine with the languages, and the digests of the models that it
// reads them with.
func (p *Pool) engineOf(languages []string) transcript.Engine {
	e := p.engine
	e.Languages = languages
	e.Settings = maps.Clone(e.Settings)
	for _, l := range languages {
		e.Settings["model "+l] = string(p.data.digest(l))
	}
	return e
}

// Settings choose how a page is read.
type Settings struct {
	Languages []string // nil: the pool's default
}

func (p *Pool) languages(s Settings) []string {
	if len(s.Languages) == 0 {
		return p.cfg.Languages
	}
	return s.Languages
}

// Check tells whether the data of the languages is there; if not, the error is a
// rejection with archive.LanguageMissing.
func (p *Pool) Check(languages []string) error { return p.data.check(languages) }

// Config is the digest of everything beside the image that decides what is
// read: engine, versions, languages and their data, settings.
func (p *Pool) Config(s Settings) archive.Digest {
	parts := []string{p.engine.Name, p.engine.Version, p.engine.Settings["leptonica"], tesseract.Settings}
	parts = append(parts, fmt.Sprintf("again under %g", max(p.cfg.ReadAgain, 0)))
	if p.cfg.TextLayers {
		parts = append(parts, "text layers of PDFs taken")
	}
	for _, l := range p.languages(s) {
		parts = append(parts, l, string(p.data.digest(l)))
	}
	return archive.DigestOfParts(parts...)
}

// Plan lists the pages of a scan, without decoding one. mediaType may be "".
// Rejections: undecodable, truncated, needs-password, too-large, no-pages.
func (p *Pool) Plan(ctx context.Context, src Source, name, mediaType string) ([]PagePlan, error) {
	var plans []PagePlan
	err := p.ask(ctx, src, wire.Order{Op: "plan", Name: name, Type: mediaType, Size: src.Size(), Languages: p.cfg.Languages}, wire.Plan, &plans)
	return plans, err
}

// Read reads page index (from 1) of a scan. Scan, Digest and Index of the
// page's Image are the caller's to set. Rejections are those of Plan,
// language-missing and engine-refused; deadline, memory and engine-crash may
// pass on another try.
func (p *Pool) Read(ctx context.Context, src Source, name, mediaType string, index int, s Settings) (transcript.Page, error) {
	var page transcript.Page
	langs := p.languages(s)
	if err := p.data.check(langs); err != nil {
		return page, err
	}
	err := p.ask(ctx, src, wire.Order{Op: "read", Name: name, Type: mediaType, Size: src.Size(), Index: index, Languages: langs}, wire.Page, &page)
	if err != nil {
		return transcript.Page{}, err
	}
	page.Engine = p.engineOf(langs)
	return page, nil
}

// ask is request for an answer in JSON.
func (p *Pool) ask(ctx context.Context, src Source, o wire.Order, want wire.Kind, into any) error {
	content, err := p.request(ctx, src, o, want)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return pipeline.Fail(archive.EngineCrash, "decode the engine child's answer: %w", err)
	}
	return nil
}

// request sends an order to a free child and returns its answer.
func (p *Pool) request(ctx context.Context, src Source, o wire.Order, want wire.Kind) ([]byte, error) {
	if o.Type == "application/pdf" || strings.EqualFold(path.Ext(o.Name), ".pdf") {
		p.fillCache(ctx)
	}
	var c *process
	select {
	case c = <-p.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { p.slots <- c }()
	if c == nil {
		started, err := p.spawn(ctx)
		if err != nil {
			return nil, err
		}
		c = started
	}
	ctx, cancel := context.WithTimeoutCause(ctx, WallFactor*p.cfg.Deadline, errWall)
	defer cancel()
	ctx, stop := c.bounded(ctx, p.cfg.Deadline)
	content, err := c.ask(ctx, src, o, want)
	stop()
	if err != nil {
		if c.dead(err) {
			p.cfg.Log.Warn("engine child ended", "scan", o.Name, "page", o.Index, "error", err)
			c = nil
		}
		return nil, err
	}
	// A large page leaves a large child, with too little room for the next.
	if c.pages++; c.pages >= p.cfg.Recycle || c.resident() > p.cfg.MemoryLimit/2 {
		c.retire()
		c = nil
	}
	return content, nil
}

// dead ends the child unless it answered in good order, with a fault.
func (c *process) dead(err error) bool {
	var f answered
	if errors.As(err, &f) {
		return false
	}
	c.kill()
	<-c.ended
	c.release()
	return true
}
