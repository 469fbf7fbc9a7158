package train

import (
	"regexp"
	"strconv"
	"time"
)

// Progress is where a stage stands.
type Progress struct {
	Stage          string
	Iterations, Of int
	// Errors is the share of letters that were wrong lately among the lines that
	// it learns from, 0-1, as the trainer tells it: damaged copies of them, too.
	Errors float64
	// Left is the time to the end at the pace so far; 0 until that is known.
	Left time.Duration
}

// meter makes progress out of what the trainer says.
type meter struct {
	stage  Stage
	tell   func(Progress)
	now    func() time.Time
	begun  time.Time
	before int // iterations done at begun
}

func (t *Trainer) meter(s Stage, done int) *meter {
	m := &meter{stage: s, tell: t.Progress, now: t.Now, before: done}
	if m.now == nil {
		m.now = time.Now
	}
	m.begun = m.now()
	return m
}

// "At iteration 92/200/200, mean rms=0.6%, delta=1.2%, BCER train=3.9%, …": lines
// that taught something, lines learned, lines looked at.
var said = regexp.MustCompile(`^At iteration \d+/(\d+)/\d+, .*(?:BCER|char) train=([0-9.]+)%`)

// read takes a line of the trainer's; false if it tells no progress.
func (m *meter) read(line string) bool {
	found := said.FindStringSubmatch(line)
	if found == nil {
		return false
	}
	done, err := strconv.Atoi(found[1])
	percent, err2 := strconv.ParseFloat(found[2], 64)
	if err != nil || err2 != nil || m.tell == nil {
		return true
	}
	p := Progress{Stage: m.stage.Name, Iterations: done, Of: m.stage.Iterations, Errors: percent / 100}
	if learned := done - m.before; learned > 0 {
		p.Left = m.now().Sub(m.begun) / time.Duration(learned) * time.Duration(max(m.stage.Iterations-done, 0))
	}
	m.tell(p)
	return true
}
