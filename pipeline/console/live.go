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

// live tells an open page, by server-sent events, that something changed. The
// page fetches itself anew and replaces the parts that differ, so that there is
// one way to make a page. The first event names this process: a page that sees
// another name knows that the console was started anew.
func (s *Server) live(w http.ResponseWriter, r *http.Request, _ visit) error {
	c := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	send := func(format string, args ...any) error {
		fmt.Fprintf(w, format, args...)
		return c.Flush()
	}
	if err := send("retry: 2000\nevent: hello\ndata: %s\n\n", s.tokens.of("process")[:12]); err != nil {
		return nil
	}
	heart := time.NewTicker(liveHeart)
	defer heart.Stop()
	for {
		changed := s.board.next()
		select {
		case <-r.Context().Done():
			return nil
		case <-heart.C:
			if send(": still here\n\n") != nil {
				return nil
			}
		case <-changed:
			if send("event: changed\ndata: %d\n\n", time.Now().UnixMilli()) != nil {
				return nil
			}
			pause(r.Context(), livePause)
		}
	}
}
