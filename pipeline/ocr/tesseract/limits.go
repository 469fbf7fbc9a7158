package tesseract

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"nightshift/pipeline/ocr/confine"
	"nightshift/pipeline/ocr/wire"
)

// Confine puts the limits on this process that need no rights: no core dumps,
// no large files, few descriptors, a watch over its memory, and what the kernel
// offers to shut the rest of the system off. It is called once, before anything
// from outside is read, and returns what is in force.
func Confine(cfg wire.Config) (confine.Walls, error) {
	loadCodecs()
	limits := map[int]uint64{
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_FSIZE:  64 << 20, // a file in memory that libtiff reads; pdfium's compiled code, about 20 MB
		unix.RLIMIT_NOFILE: 64,
	}
	if cfg.MemoryLimit > 0 {
		// The watch below is what acts; this only stops a single huge
		// allocation before it is touched. Go and WebAssembly reserve more
		// than they use, so it is wider.
		limits[unix.RLIMIT_DATA] = uint64(2*cfg.MemoryLimit) + 512<<20
	}
	for which, v := range limits {
		if err := unix.Setrlimit(which, &unix.Rlimit{Cur: v, Max: v}); err != nil {
			return confine.Walls{}, fmt.Errorf("set limit %d: %w", which, err)
		}
	}
	if cfg.MemoryLimit > 0 {
		f, err := os.Open("/proc/self/statm") // before files are shut off
		if err != nil {
			return confine.Walls{}, fmt.Errorf("watch memory: %w", err) // better no child than an unwatched one
		}
		go watchMemory(f, cfg.MemoryLimit)
	}
	go endAtBudget()
	walls, err := confine.Enclose(files(cfg))
	walls.Hold = append([]string{"rlimits"}, walls.Hold...)
	return walls, err
}

// files are what a child opens: language data, and code that was compiled before. The
// child that fills the cache reads nothing from outside, and is the only one to write
// it: what ran as the code of one page could otherwise lie in wait for the next.
func files(cfg wire.Config) (f confine.Files) {
	for _, dir := range []string{cfg.Tessdata, cfg.LinkedTessdata, cfg.Cache} {
		if dir != "" && !cfg.FillCache {
			f.Read = append(f.Read, dir)
		}
	}
	if cfg.FillCache {
		f.Write = []string{cfg.Cache}
	}
	return f
}

// watchEvery is how often memory is looked at: touching a page of memory takes
// some 0.2 µs, so that 10 ms let through about 200 MB.
const watchEvery = 10 * time.Millisecond

// watchMemory ends the process when it holds more than limit bytes. It is a
// goroutine of its own for the life of the process.
func watchMemory(f *os.File, limit int64) {
	b := make([]byte, 128)
	for {
		time.Sleep(watchEvery)
		n, _ := f.ReadAt(b, 0)
		fields := strings.Fields(string(b[:n]))
		if len(fields) < 2 {
			continue
		}
		pages, err := strconv.ParseInt(fields[1], 10, 64)
		if err == nil && pages*int64(os.Getpagesize()) > limit {
			os.Exit(wire.ExitMemory)
		}
	}
}

// endAtBudget ends the process when the kernel says that its processor time is used
// up, which Go by itself takes no notice of. It is a goroutine of its own for the
// life of the process.
func endAtBudget() {
	over := make(chan os.Signal, 1)
	signal.Notify(over, unix.SIGXCPU)
	<-over
	os.Exit(wire.ExitTime)
}

// budget lets the process use 2 d and 10 s more of processor time, should the pool
// that keeps the deadline be stopped.
func budget(d time.Duration) {
	if d <= 0 {
		return
	}
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return
	}
	used := uint64(u.Utime.Sec + u.Stime.Sec)
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: used + 2*uint64(d.Seconds()) + 10, Max: unix.RLIM_INFINITY})
}
