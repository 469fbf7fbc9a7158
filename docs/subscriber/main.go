// Command subscriber keeps a folder of Nightshift's records up to date: an
// example to copy into whatever feeds your catalogue. It uses nats.go, and
// minio-go for records too long for a message; nothing of Nightshift's own.
//
//	subscriber --nats nats://host:4222 --filter 'records.Harbour.>' --out catalogue
//
// Stop it and start it again: it goes on where it was. Give it another --name:
// it begins at the first record there ever was.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// message is what RECORDS carries; docs/subscribers.md explains every field.
type message struct {
	Version  int             `json:"version"` // of the message's format: 1
	Status   string          `json:"status"`  // published, withdrawn
	Locator  string          `json:"locator"`
	Item     string          `json:"item"`
	Document int             `json:"document"`
	Number   int             `json:"number"` // of the version
	Bucket   string          `json:"bucket"`
	Key      string          `json:"key"`
	Record   json.RawMessage `json:"record"` // absent when it is over 512 KiB
}

// catalogue is the folder: one file a document.
type catalogue struct {
	dir string
	// fetch reads a record that was too long for its message.
	fetch func(ctx context.Context, bucket, key string) ([]byte, error)
}

// entry is a document in the folder. Number says which version it is of, so that a
// message that comes late or twice changes nothing.
type entry struct {
	Locator string          `json:"locator"`
	Number  int             `json:"number"`
	Gone    bool            `json:"gone,omitempty"` // withdrawn
	Record  json.RawMessage `json:"record,omitempty"`
}

// take brings the folder up to one message. It may see a message again: the
// last version wins, whatever the order.
func (c catalogue) take(ctx context.Context, m message) error {
	if m.Version != 1 {
		return fmt.Errorf("a message of format %d: upgrade this program", m.Version)
	}
	name := filepath.Join(c.dir, fmt.Sprintf("%s-%d.json", m.Item, m.Document)) // an item id is letters and digits
	var have entry
	if raw, err := os.ReadFile(name); err == nil {
		if err := json.Unmarshal(raw, &have); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if have.Number >= m.Number {
		return nil
	}
	now := entry{Locator: m.Locator, Number: m.Number, Gone: m.Status == "withdrawn", Record: m.Record}
	if !now.Gone && now.Record == nil {
		var err error
		if now.Record, err = c.fetch(ctx, m.Bucket, m.Key); err != nil {
			return err
		}
	}
	raw, err := json.MarshalIndent(now, "", " ")
	if err != nil {
		return err
	}
	tmp := name + ".new"
	return errors.Join(os.WriteFile(tmp, raw, 0o644), os.Rename(tmp, name))
}

// follow takes messages until ctx ends. A message is acknowledged when the
// folder has it; one that fails comes again a little later.
func follow(ctx context.Context, nc *nats.Conn, name, filter string, c catalogue) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	consumer, err := js.CreateOrUpdateConsumer(ctx, "RECORDS", jetstream.ConsumerConfig{
		Durable:       name, // NATS remembers under this name how far we came
		FilterSubject: filter,
		DeliverPolicy: jetstream.DeliverAllPolicy, // a new name begins at the beginning
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       time.Minute,
		MaxAckPending: 1, // one after the other, in order
	})
	if err != nil {
		return fmt.Errorf("consumer %s of RECORDS: %w", name, err)
	}
	messages, err := consumer.Messages()
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	for {
		msg, err := messages.Next()
		if errors.Is(err, jetstream.ErrMsgIteratorClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		var m message
		if err = json.Unmarshal(msg.Data(), &m); err == nil {
			err = c.take(ctx, m)
		}
		if err != nil {
			log.Printf("%s: %v", msg.Subject(), err)
			err = msg.NakWithDelay(10 * time.Second)
		} else {
			err = msg.DoubleAck(ctx)
		}
		if err != nil && ctx.Err() == nil {
			log.Printf("acknowledge: %v", err) // it comes again, and changes nothing then
		}
	}
}

// fetcher reads from an S3 store, given as http(s)://key:secret@host:port.
func fetcher(raw string) (func(context.Context, string, string) ([]byte, error), error) {
	if raw == "" {
		return func(_ context.Context, bucket, key string) ([]byte, error) {
			return nil, fmt.Errorf("the record at %s/%s is too long for a message: say where the store is with --s3", bucket, key)
		}, nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("--s3 is no URL")
	}
	secret, _ := u.User.Password()
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Secure: u.Scheme == "https"})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, bucket, key string) ([]byte, error) {
		o, err := client.GetObject(ctx, bucket, key, minio.GetObjectOptions{})
		if err != nil {
			return nil, err
		}
		defer o.Close()
		var record json.RawMessage
		err = json.NewDecoder(o).Decode(&record)
		return record, err
	}, nil
}

func main() {
	server := flag.String("nats", nats.DefaultURL, "URL of the NATS server")
	creds := flag.String("creds", "", "credentials file, or an NKey seed file ending in .nk")
	inbox := flag.String("inbox", "_INBOX", "prefix of answers, where the account may hear only its own: _INBOX_reader")
	s3 := flag.String("s3", "", "URL of the store with its keys, for records over 512 KiB")
	name := flag.String("name", "catalogue", "name under which NATS remembers how far this subscriber came")
	filter := flag.String("filter", "records.>", "subjects to follow: records.<collection>.<kind>")
	out := flag.String("out", "catalogue", "folder to keep up to date")
	flag.Parse()
	if err := run(*server, *creds, *inbox, *s3, *name, *filter, *out); err != nil {
		log.Fatal(err)
	}
}

func run(server, creds, inbox, s3, name, filter, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	fetch, err := fetcher(s3)
	if err != nil {
		return err
	}
	options := []nats.Option{nats.MaxReconnects(-1), nats.CustomInboxPrefix(inbox)}
	switch {
	case filepath.Ext(creds) == ".nk":
		key, err := nats.NkeyOptionFromSeed(creds)
		if err != nil {
			return err
		}
		options = append(options, key)
	case creds != "":
		options = append(options, nats.UserCredentials(creds))
	}
	nc, err := nats.Connect(server, options...)
	if err != nil {
		return err
	}
	defer nc.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return follow(ctx, nc, name, filter, catalogue{out, fetch})
}
