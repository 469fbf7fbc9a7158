package store

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
)

// What an operator writes is read the same way after it was written again, and
// an error never repeats a secret.
func FuzzParseURL(f *testing.F) {
	for _, s := range []string{
		"http://key:secret@127.0.0.1:9000", "https://k%3A:s%40%2F@minio.example:443?region=eu-west-1&ca=%2Fetc%2Fca.pem",
		"https://host", "ftp://key:hunter2@host", "http://key:hunter2@host/path", "http://key:hunter2@host?x=y", "http://[::1]:9000", "://", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseURL(s)
		if err != nil {
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("secret in %v", err)
			}
			return
		}
		again, err := ParseURL(c.URL())
		if err != nil || again != c {
			t.Errorf("%q: %+v, again %+v, %v", s, c, again, err)
		}
	})
}

// Any bytes found where JSON should be are read or refused.
func FuzzDecodeJSON(f *testing.F) {
	plain, _ := json.Marshal(map[string]string{"a": "ä"})
	f.Add(plain, false)
	f.Add(packer.EncodeAll(plain, nil), true)
	f.Add([]byte("not packed"), true)
	f.Fuzz(func(t *testing.T, raw []byte, packed bool) {
		key := "x.json"
		if packed {
			key += ".zst"
		}
		var v, again any
		if err := decodeJSON(key, raw, &v); err != nil {
			return
		}
		spelled, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if packed {
			spelled = packer.EncodeAll(spelled, nil)
		}
		if err := decodeJSON(key, spelled, &again); err != nil || !reflect.DeepEqual(v, again) {
			t.Errorf("%q came back as %v, %v", raw, again, err)
		}
	})
}

// Whatever a server answers is one of the errors, or none of them, and never
// both down and denied.
func FuzzClassify(f *testing.F) {
	for code := range codes {
		f.Add(code, 400)
	}
	f.Add("SlowDown", 503)
	f.Add("", 200)
	f.Fuzz(func(t *testing.T, code string, status int) {
		err := classifyResponse(minio.ErrorResponse{Code: code, StatusCode: status})
		if err == nil {
			t.Fatal("no error")
		}
		for _, of := range []error{ErrNotFound, ErrNoBucket, ErrChanged, ErrFixity, ErrDenied, ErrBadKey} {
			if IsDown(err) && errors.Is(err, of) {
				t.Errorf("%s %d is both away and %v", code, status, of)
			}
		}
	})
}

// Keys that pass hold no level that a file system reads otherwise.
func FuzzCheckKey(f *testing.F) {
	for _, k := range []string{"a/b.tif", "../a", "a//b", "", "\xff", "a\x00b", strings.Repeat("é", 128)} {
		f.Add(k)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if checkKey(key) != nil {
			return
		}
		if path := "/" + key + "/"; strings.Contains(path, "//") || strings.Contains(path, "/../") || strings.Contains(path, "/./") || len(key) > longestKey {
			t.Errorf("%q passes", key)
		}
	})
}
