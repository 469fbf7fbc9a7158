package console

import (
	"fmt"
	"net/http"
	"time"
)

// livePause is the least time between two calls to look again.
const livePause = time.Second

// liveHeart keeps proxies from closing a silent stream.
const liveHeart = 20 * time.Second

// liveLook is between two looks whether the listener may still listen.
const liveLook = 3 * time.Second

// live tells an open page, by server-sent events, that something changed. The
// page fetches itself anew and replaces the parts that differ, so that there is
// one way to make a page. The first event names this process: a page that sees
// another name knows that the console was started anew. The stream ends with
// the session, or when who it is for is no longer who they were.
func (s *Server) live(w http.ResponseWriter, r *http.Request, v visit) error {
	leave, err := s.asStream(r, v)
	if err != nil {
		return err
	}
	defer leave()
	c := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	send := func(format string, args ...any) error {
		_ = c.SetWriteDeadline(time.Now().Add(liveHeart)) // who does not read is no listener
		fmt.Fprintf(w, format, args...)
		return c.Flush()
	}
	if err := send("retry: 2000\nevent: hello\ndata: %s\n\n", s.tokens.of("process")[:12]); err != nil {
		return nil
	}
	heart := time.NewTicker(liveHeart)
	defer heart.Stop()
	look := time.NewTicker(liveLook)
	defer look.Stop()
	for {
		changed := s.board.next()
		select {
		case <-r.Context().Done():
			return nil
		case <-v.ended:
			return nil
		case <-look.C:
			if v.still != nil && !v.still() {
				return nil
			}
		case <-heart.C:
			if send(": still here\n\n") != nil {
				return nil
			}
		case <-changed:
			if send("event: changed\ndata: %d\n\n", time.Now().UnixMilli()) != nil {
				return nil
			}
			pause(r.Context(), livePause)
			if v.still != nil && !v.still() {
				return nil
			}
		}
	}
}
