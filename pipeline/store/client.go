package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Config says where the store is and how patient to be. Zero values take the
// defaults named here.
type Config struct {
	Endpoint  string // host:port
	AccessKey string
	SecretKey string
	Region    string // default "us-east-1", which is also MinIO's
	TLS       bool
	CAFile    string // PEM file of the authority to trust beside the system's

	DialTimeout   time.Duration // default 5 s
	AnswerTimeout time.Duration // from the end of a request to its answer's headers; default 60 s
	Tries         int           // of one request, before the error is handed on; default 3
	Connections   int           // kept open while idle; default 64
	MaxObject     int64         // the most Get holds in memory; default 256 MiB
	PartSize      int64         // Upload goes in parts of this size, and at once below it; default 16 MiB, at least 5 MiB
	BlockSize     int64         // of the cache of Open; default 256 KiB
	CacheSize     int64         // bytes of it per Object; default 16 MiB
	Unversioned   bool          // the store keeps no versions: Versions lists none but what is there
	Recent        int64         // bytes of what PutJSON stored within a minute that GetJSON gives without asking; default 4 MiB
}

// String leaves the secrets out, so that a Config may be logged.
func (c Config) String() string {
	scheme := "http"
	if c.TLS {
		scheme = "https"
	}
	return scheme + "://" + c.Endpoint
}

// URL is the form ParseURL reads. It holds the secret key.
func (c Config) URL() string {
	u := url.URL{Scheme: "http", Host: c.Endpoint, User: url.UserPassword(c.AccessKey, c.SecretKey)}
	if c.TLS {
		u.Scheme = "https"
	}
	q := url.Values{}
	if c.Region != "" {
		q.Set("region", c.Region)
	}
	if c.CAFile != "" {
		q.Set("ca", c.CAFile)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// ParseURL reads "http://key:secret@host:port" or https, with the optional
// parameters region and ca (a PEM file). Key and secret may also be left out
// and set by the caller. Errors never repeat the URL, which may hold a secret.
func ParseURL(raw string) (Config, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return Config{}, errors.New("store URL cannot be read; write http://key:secret@host:port, with %-escapes in key and secret")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return Config{}, errors.New("store URL must begin with http:// or https://")
	}
	if u.Hostname() == "" || (u.Path != "" && u.Path != "/") {
		return Config{}, errors.New("store URL must be scheme, host and port, without a path")
	}
	c := Config{Endpoint: u.Host, TLS: u.Scheme == "https"}
	if u.User != nil {
		c.AccessKey = u.User.Username()
		c.SecretKey, _ = u.User.Password()
	}
	for name, values := range u.Query() {
		switch name {
		case "region":
			c.Region = values[0]
		case "ca":
			c.CAFile = values[0]
		default:
			return Config{}, fmt.Errorf("store URL has an unknown parameter %s", strconv.Quote(name))
		}
	}
	return c, nil
}

func (c Config) withDefaults() Config {
	def := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	size := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	def(&c.DialTimeout, 5*time.Second)
	def(&c.AnswerTimeout, time.Minute)
	size(&c.MaxObject, 256<<20)
	size(&c.PartSize, 16<<20)
	size(&c.BlockSize, 256<<10)
	size(&c.CacheSize, 16<<20)
	size(&c.Recent, 4<<20)
	c.PartSize = max(c.PartSize, 5<<20) // S3's least part size
	c.CacheSize = max(c.CacheSize, c.BlockSize)
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Tries == 0 {
		c.Tries = 3
	}
	if c.Connections == 0 {
		c.Connections = 64
	}
	return c
}

// Client is a connection to one store. It is safe for concurrent use.
type Client struct {
	cfg    Config
	api    *minio.Core
	http   *http.Transport
	recent recent
}

// Open makes a client. It asks the store nothing; use Ping for that.
func Open(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	if cfg.AccessKey == "" || cfg.SecretKey == "" {
		return nil, fmt.Errorf("open store %s: no access key or no secret key given", cfg)
	}
	tr, err := transport(cfg)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", cfg, err)
	}
	api, err := minio.NewCore(cfg.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
		Secure:       cfg.TLS,
		Transport:    tr,
		Region:       cfg.Region,
		BucketLookup: minio.BucketLookupPath,
		MaxRetries:   cfg.Tries,
	})
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", cfg, err)
	}
	return &Client{cfg: cfg, api: api, http: tr, recent: recent{max: cfg.Recent}}, nil
}

func transport(cfg Config) (*http.Transport, error) {
	tr := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: cfg.DialTimeout, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:   cfg.DialTimeout,
		ResponseHeaderTimeout: cfg.AnswerTimeout,
		MaxIdleConns:          cfg.Connections,
		MaxIdleConnsPerHost:   cfg.Connections,
		IdleConnTimeout:       time.Minute,
		DisableCompression:    true, // bytes as stored, whatever Content-Encoding says
	}
	if !cfg.TLS {
		return tr, nil
	}
	tr.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if cfg.CAFile != "" {
		pem, err := os.ReadFile(cfg.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read certificate authority: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("certificate authority %s: no certificate in it", cfg.CAFile)
		}
		tr.TLSClientConfig.RootCAs = pool
	}
	return tr, nil
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Ping asks the store for a bucket list, which takes one request and reads no
// object. It does not retry. ErrDenied counts as being there: a service may
// have no right to list buckets; ErrClocks does not, for everything is refused then.
func (c *Client) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.cfg.DialTimeout, errPing)
	defer cancel()
	_, err := c.api.BucketExists(ctx, "nightshift-ping")
	if err == nil {
		return nil
	}
	if context.Cause(ctx) == errPing {
		return fmt.Errorf("ping %s: %w", c.cfg, away{errPing})
	}
	if err = classify(ctx, err); errors.Is(err, ErrDenied) {
		_, err = c.api.ListObjectsV2("nightshift-ping", "", "", "", "/", 1) // the answer to HEAD does not say why
		if err = classify(ctx, err); !errors.Is(err, ErrClocks) && !IsDown(err) {
			return nil
		}
	}
	return fmt.Errorf("ping %s: %w", c.cfg, err)
}

var errPing = errors.New("no answer in time")

// EnsureBucket makes the bucket if it is not there.
func (c *Client) EnsureBucket(ctx context.Context, name string) error {
	ok, err := c.api.BucketExists(ctx, name)
	if err == nil && ok {
		return nil
	}
	if err == nil {
		err = c.api.MakeBucket(ctx, name, minio.MakeBucketOptions{Region: c.cfg.Region})
	}
	var resp minio.ErrorResponse
	if errors.As(err, &resp) && (resp.Code == "BucketAlreadyOwnedByYou" || resp.Code == "BucketAlreadyExists") {
		return nil // another process was faster
	}
	if err != nil {
		return fmt.Errorf("make bucket %s: %w", name, classify(ctx, err))
	}
	return nil
}

// CheckBucket wraps ErrNoBucket if the bucket is not there, ErrUnknownKey or
// ErrClocks if the store refuses whoever asks. A client that merely has no right
// to ask is told nothing: what it may do shows when it does it.
func (c *Client) CheckBucket(ctx context.Context, name string) error {
	ok, err := c.api.BucketExists(ctx, name)
	if err != nil {
		err = classify(ctx, err)
		if errors.Is(err, ErrDenied) { // the answer to HEAD may not say why
			_, err = c.api.ListObjectsV2(name, "", "", "", "/", 1)
			err = classify(ctx, err)
		}
		if err == nil || errors.Is(err, ErrDenied) && !errors.Is(err, ErrUnknownKey) && !errors.Is(err, ErrClocks) {
			return nil
		}
		return fmt.Errorf("look for bucket %s: %w", name, err)
	}
	if !ok {
		return fmt.Errorf("bucket %s: %w", name, ErrNoBucket)
	}
	return nil
}

// ClockOff is how far the store's clock is before this machine's, to about a
// second, told from any answer: it needs no rights.
func (c *Client) ClockOff(ctx context.Context) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, c.api.EndpointURL().String(), nil)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	resp, err := c.http.RoundTrip(req)
	if err != nil {
		return 0, fmt.Errorf("ask %s for its time: %w", c.cfg, classify(ctx, err))
	}
	resp.Body.Close()
	at, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, fmt.Errorf("ask %s for its time: %w", c.cfg, err)
	}
	return at.Sub(begin), nil
}

// Notifies tells whether the store tells anybody of what is put into the bucket.
// It needs the right s3:GetBucketNotification.
func (b *Bucket) Notifies(ctx context.Context) (bool, error) {
	n, err := b.client.api.GetBucketNotification(ctx, b.name)
	if err != nil {
		return false, fmt.Errorf("look for notifications of %s: %w", b.name, classify(ctx, err))
	}
	return len(n.QueueConfigs)+len(n.TopicConfigs)+len(n.LambdaConfigs) > 0, nil
}

// Bucket is the bucket with that name, which need not exist yet.
func (c *Client) Bucket(name string) *Bucket { return &Bucket{client: c, name: name} }

// Bucket is one bucket. It is safe for concurrent use.
type Bucket struct {
	client *Client
	name   string
}

// Name is the bucket's name.
func (b *Bucket) Name() string { return b.name }

// Endpoint is the store's address, host:port.
func (c *Client) Endpoint() string { return c.cfg.Endpoint }
