package reader

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"nightshift/pipeline/transcript"
)

// Image is a page for the reader: JPEG or PNG, with its media type.
type Image struct {
	Data []byte
	Type string
}

// trouble is why there is no answer. Another time may bring one.
type trouble struct {
	why transcript.OutsideRefusal
	err error // nil: it was not asked
}

func (t trouble) Error() string { return strings.TrimSuffix(string(t.why)+": "+t.notes(), ": ") }
func (t trouble) Unwrap() error { return t.err }

func (t trouble) notes() string {
	if t.err == nil {
		return ""
	}
	return t.err.Error()
}

// client asks about one image and returns the answer's bytes as they came; text
// is the text in them.
type client interface {
	ask(ctx context.Context, img Image) ([]byte, error)
	text(answer []byte) (string, error)
}

// chat is a server that speaks the chat-completions form.
type chat struct {
	cfg      Config
	endpoint string
	http     *http.Client
}

func newChat(c Config) (*chat, error) {
	endpoint, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	return &chat{cfg: c, endpoint: endpoint, http: &http.Client{
		// A page's image goes to the host named, by no proxy and no redirection; what
		// comes back is bounded as it comes, so that nothing may unpack it first.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: nil, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: c.AtOnce,
			DialContext: (&net.Dialer{}).DialContext,
		},
	}}, nil
}

func (c *chat) ask(ctx context.Context, img Image) ([]byte, error) {
	body, err := json.Marshal(c.request(img))
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, trouble{transcript.OutsideAway, err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if c.cfg.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.cfg.Key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, gone(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, trouble{transcript.OutsideAway, fmt.Errorf("it answered %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))}
	}
	answer, err := bounded(resp.Body, c.cfg.MaxAnswer)
	if err != nil {
		return nil, gone(ctx, err)
	}
	return answer, nil
}

func (*chat) text(answer []byte) (string, error) { return completed(answer) }

func (c *chat) request(img Image) any {
	type part map[string]any
	return map[string]any{
		"model": c.cfg.Model, "temperature": 0, "seed": 1, "stream": false, "max_tokens": c.cfg.MaxTokens,
		"messages": []any{map[string]any{"role": "user", "content": []part{
			{"type": "text", "text": prompt},
			{"type": "image_url", "image_url": part{"url": "data:" + img.Type + ";base64," + base64.StdEncoding.EncodeToString(img.Data)}},
		}}},
	}
}

var errTooLong = errors.New("the answer is longer than allowed")

// bounded reads all of r, which may be limit bytes.
func bounded(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errTooLong
	}
	return b, err
}

// gone sorts an error on the way.
func gone(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, errTooLong):
		return trouble{transcript.OutsideLong, err}
	case ctx.Err() != nil:
		return trouble{transcript.OutsideSlow, errors.New("no whole answer within the time")}
	}
	return trouble{transcript.OutsideAway, err}
}
