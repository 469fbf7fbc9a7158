package reader

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"nightshift/pipeline/archive"
)

// Config is an outside reader and its bounds. Every field is a documented flag.
type Config struct {
	URL       string        // of a server that speaks the chat-completions form; "" for none
	Command   string        // or a command with its arguments: image on standard input, text on standard output
	Model     string        // that the server is asked for; of a command only a name
	Key       string        // sent as a bearer token; in no digest, log or object
	Below     string        // pages of a worse grade than this are asked about, A-D
	Budget    int           // pages a night; 0: no limit
	Timeout   time.Duration // for one answer
	MaxAnswer int64         // bytes
	MaxTokens int           // of an answer, asked of a server
	AtOnce    int           // pages
	Rest      time.Duration // after failuresInARow, without asking
	Longest   int           // pixels of the image's longer side
	Round     int           // counted up to ask anew about pages that were not
}

// Defaults of the bounds, with no reader.
func Defaults() Config {
	return Config{
		Below: "C", Budget: 100, Timeout: 2 * time.Minute, MaxAnswer: 256 << 10, MaxTokens: 4096,
		AtOnce: 1, Rest: 5 * time.Minute, Longest: 2000, Round: 1,
	}
}

// On reports whether there is a reader.
func (c Config) On() bool { return c.URL != "" || c.Command != "" }

// Check says what is wrong with the configuration.
func (c Config) Check() error {
	switch {
	case !c.On():
		return nil
	case c.URL != "" && c.Command != "":
		return fmt.Errorf("--reader and --reader-command exclude each other")
	case len(c.Below) != 1 || c.Below < "A" || c.Below > "D":
		return fmt.Errorf("--reader-below %q is none of A, B, C, D", c.Below)
	case c.Budget < 0 || c.Timeout <= 0 || c.MaxAnswer <= 0 || c.MaxTokens <= 0 || c.AtOnce <= 0 || c.Rest < 0 || c.Longest <= 0 || c.Round <= 0:
		return fmt.Errorf("the bounds of the outside reader must be positive")
	case c.Command != "" && len(strings.Fields(c.Command)) == 0:
		return fmt.Errorf("--reader-command names no command")
	case c.Command != "":
		return nil
	case c.Model == "":
		return fmt.Errorf("--reader needs --reader-model, the name that its server gives the model")
	}
	_, err := c.endpoint()
	return err
}

// endpoint is where questions go: the URL named, with chat/completions after it
// unless it ends so.
func (c Config) endpoint() (string, error) {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return "", fmt.Errorf("--reader: no URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "", fmt.Errorf("--reader: %q is no http or https URL with a host", u.Redacted())
	case u.User != nil:
		return "", fmt.Errorf("--reader: a key belongs into the file of --reader-key-file, not into the URL")
	}
	if !strings.HasSuffix(u.Path, "/chat/completions") {
		u = u.JoinPath("chat/completions")
	}
	return u.String(), nil
}

// kind is how transcripts name the way of asking.
func (c Config) kind() string {
	if c.Command != "" {
		return "command"
	}
	return "chat"
}

// model names the model; a command that has none is its own.
func (c Config) model() string {
	if c.Model == "" && c.Command != "" {
		return strings.Fields(c.Command)[0]
	}
	return c.Model
}

// question is the digest of everything beside the page that decides an answer.
func (c Config) question() archive.Digest {
	return archive.DigestOfParts("reader", c.URL, c.Command, c.Model, prompt, strconv.Itoa(c.Longest), strconv.Itoa(c.MaxTokens))
}

// Identity is what the reader adds to the configuration's digest; "" where
// there is none. Bounds of time and number are not in it.
func (c Config) Identity() archive.Digest {
	if !c.On() {
		return ""
	}
	return archive.DigestOfParts(string(c.question()), c.Below, strconv.Itoa(c.Round))
}

// prompt is what a server is asked. What is printed on a page may well look like
// orders to a model: nothing follows from that, since an answer is only text.
const prompt = "Transcribe all text on this page exactly as it stands, line by line, in reading order, with its spelling, punctuation and numbers. " +
	"Do not correct, translate, explain or add anything. Where a word cannot be read, leave it out. Answer with the text alone."
