package ocr

import (
	"os/exec"
	"runtime"
)

// starter starts processes from one thread that lives as long as the pool: the
// kernel sends a child its death signal when the thread that started it ends,
// not the process, and Go ends threads as it sees fit.
type starter struct {
	jobs chan startJob
	done chan struct{}
}

type startJob struct {
	cmd *exec.Cmd
	err chan<- error
}

func newStarter() *starter {
	s := &starter{jobs: make(chan startJob), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		runtime.LockOSThread()
		for j := range s.jobs {
			j.err <- j.cmd.Start()
		}
	}()
	return s
}

func (s *starter) start(cmd *exec.Cmd) error {
	err := make(chan error, 1)
	s.jobs <- startJob{cmd, err}
	return <-err
}

// stop ends the thread; children still alive die with it.
func (s *starter) stop() {
	close(s.jobs)
	<-s.done
}
