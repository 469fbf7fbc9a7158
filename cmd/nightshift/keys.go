package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"nightshift/internal/night"
	"nightshift/internal/program"
)

// Who gets keys: for NATS an NKey, for the store a user and a secret. The names
// are those of deploy/nats/permissions.conf and deploy/minio/policies.
var keyHolders = []struct {
	name        string
	nats, store bool
}{
	{"ocr-worker", true, true}, {"structurer", true, true}, {"publisher", true, true},
	{"operator", true, true}, {"admin", true, true}, {"reader", true, true},
	{"minio", true, false}, {"scanner", false, true},
}

// makeKeys writes the keys of a new installation. It never writes over any.
func makeKeys(_ context.Context, c call) error {
	fs := c.flags()
	out := fs.String("out", "", "`folder` to write to")
	at := fs.String("at", "", "`folder` under which the programs will find the keys; default OUT")
	natsURL := fs.String("nats", "tls://localhost:4222", "`URL` of the NATS server")
	natsCA := fs.String("nats-ca", "", "PEM `file` of the authority that signed NATS's certificate")
	storeURL := fs.String("s3", "https://localhost:9000", "`URL` of the store, without keys")
	storeCA := fs.String("s3-ca", "", "PEM `file` of the authority that signed the store's certificate")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if *out == "" {
		return needs("--out DIR")
	}
	s3, err := url.Parse(*storeURL)
	if err != nil || s3.Host == "" || s3.User != nil {
		return program.Exit(program.Usage, "--s3 must be scheme, host and port, without keys")
	}
	if err := program.Paths(out, at); err != nil {
		return err
	}
	if *at == "" {
		*at = *out
	}
	if err := os.MkdirAll(*out, 0o700); err != nil {
		return program.Exit(program.Missing, "make the folder: %w", err)
	}
	var public, users strings.Builder
	for _, h := range keyHolders {
		var env strings.Builder
		if h.nats {
			seed, pub, err := night.NewNKey()
			if err != nil {
				return err
			}
			if err := writeKey(*out, h.name+".nk", seed); err != nil {
				return err
			}
			fmt.Fprintf(&public, "NKEY_%s=%s\n", strings.ToUpper(strings.ReplaceAll(h.name, "-", "_")), pub)
			setting(&env, "NIGHTSHIFT_NATS", *natsURL)
			setting(&env, "NIGHTSHIFT_NATS_CREDS", filepath.Join(*at, h.name+".nk"))
			setting(&env, "NIGHTSHIFT_NATS_CA", *natsCA)
		}
		if h.store {
			secret := rand.Text() + rand.Text()[:14] // 40 characters, the most that MinIO takes
			fmt.Fprintf(&users, "%s %s\n", h.name, secret)
			own := *s3
			own.User = url.UserPassword(h.name, secret)
			setting(&env, "NIGHTSHIFT_S3", own.String())
			setting(&env, "NIGHTSHIFT_S3_CA", *storeCA)
			if err := writeKey(*out, h.name+".env", env.String()); err != nil {
				return err
			}
		}
	}
	if err := writeKey(*out, "nats.env", public.String()); err != nil {
		return err
	}
	if err := writeKey(*out, "minio.users", users.String()); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "keys of %d services written to %s: nats.env for the NATS server, minio.users for deploy/minio/setup.sh, NAME.env for each program\n", len(keyHolders), *out)
	return nil
}

// setting writes one line of an environment file, unless the value is empty.
func setting(w *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(w, "%s=%s\n", name, value)
	}
}

// writeKey writes a file that only its user may read and that is not there yet.
func writeKey(dir, name, content string) error {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return program.Exit(program.Missing, "keys are never written over: %w", err)
	}
	if _, err = f.WriteString(content); err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
