package night

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/clean"
	"nightshift/pipeline/store"
)

// lasting are the flags that decide what a text is. An embedded system keeps
// what it was told last: whoever replays in the morning must not read in other
// languages, or without the archive's rules, because nobody said them again.
// Limits are not among them: a replay may well be given more time.
var lasting = map[string]lastingFlag{
	"languages": {
		func(o *Stages) string { return strings.Join(o.Languages, "+") },
		func(o *Stages, v string) error { o.Languages = splitLanguages(v); return nil },
	},
	"language-rule": {
		func(o *Stages) string {
			var parts []string
			for _, r := range o.LanguageRules {
				parts = append(parts, r.Pattern+"="+strings.Join(r.Languages, "+"))
			}
			return strings.Join(parts, ";")
		},
		func(o *Stages, v string) (err error) {
			o.LanguageRules = nil
			if v != "" {
				o.LanguageRules, err = languageRules(v)
			}
			return err
		},
	},
	"take-ocr":        {(*Stages).ocrTaken, (*Stages).takeOCR},
	"read-again":      numberOf(func(o *Stages) *float64 { return &o.OCR.ReadAgain }),
	"model":           wordOf(func(o *Stages) *string { return &o.OCR.Model }),
	"tessdata":        wordOf(func(o *Stages) *string { return &o.OCR.TessdataDir }),
	"reader":          wordOf(func(o *Stages) *string { return &o.Outside.URL }),
	"reader-command":  wordOf(func(o *Stages) *string { return &o.Outside.Command }),
	"reader-model":    wordOf(func(o *Stages) *string { return &o.Outside.Model }),
	"reader-key-file": {func(o *Stages) string { return o.KeyFile }, (*Stages).readKey},
	"reader-below":    wordOf(func(o *Stages) *string { return &o.Outside.Below }),
	"reader-image":    countOf(func(o *Stages) *int { return &o.Outside.Longest }),
	"reader-tokens":   countOf(func(o *Stages) *int { return &o.Outside.MaxTokens }),
	"reader-round":    countOf(func(o *Stages) *int { return &o.Outside.Round }),
	"rules": {
		func(o *Stages) string { return o.Rules.Source() },
		func(o *Stages, v string) (err error) {
			o.Rules = nil
			if v != "" {
				o.Rules, err = clean.ParseRules([]byte(v))
			}
			return err
		},
	},
}

type lastingFlag struct {
	say  func(*Stages) string
	take func(*Stages, string) error
}

func numberOf(at func(*Stages) *float64) lastingFlag {
	return lastingFlag{
		func(o *Stages) string { return strconv.FormatFloat(*at(o), 'g', -1, 64) },
		func(o *Stages, v string) (err error) { *at(o), err = strconv.ParseFloat(v, 64); return err },
	}
}

func countOf(at func(*Stages) *int) lastingFlag {
	return lastingFlag{
		func(o *Stages) string { return strconv.Itoa(*at(o)) },
		func(o *Stages, v string) (err error) { *at(o), err = strconv.Atoi(v); return err },
	}
}

func wordOf(at func(*Stages) *string) lastingFlag {
	return lastingFlag{
		func(o *Stages) string { return *at(o) },
		func(o *Stages, v string) error { *at(o) = v; return nil },
	}
}

// toldBefore is what an embedded system was told last: values by flag, of rules
// the file's content.
type toldBefore struct {
	Version int               `json:"version"`
	Told    map[string]string `json:"told"`
}

// AsBefore gives the flags that decide what a text is, and that fs was not told,
// the values that the system was told last. Keep says that what fs was told holds
// from now on, which is so on an embedded system only: the stages of others are
// told by whoever starts them.
func (s *System) AsBefore(ctx context.Context, fs *flag.FlagSet, o *Stages, keep bool) error {
	before := toldBefore{Version: 1, Told: map[string]string{}}
	etag := ""
	info, err := s.Work.Stat(ctx, archive.ToldKey)
	if err == nil {
		etag = info.ETag
		err = s.Work.GetJSON(ctx, archive.ToldKey, &before)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read what was told before: %w", err)
	}
	if before.Version != 1 {
		return fmt.Errorf("what was told before (%s) is of another version; say the flags again with the program that wrote it", archive.ToldKey)
	}
	told := map[string]string{}
	maps.Copy(told, before.Told)
	explicit := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { explicit[f.Name] = true })
	for name, flag := range lasting {
		switch v, was := before.Told[name]; {
		case explicit[name]:
			told[name] = flag.say(o)
		case was:
			if err := flag.take(o, v); err != nil {
				return fmt.Errorf("--%s as before, %q: %w", name, v, err)
			}
			s.Log.Info("as before", "flag", name)
		}
	}
	if !keep || !s.Embedded() || maps.Equal(told, before.Told) {
		return nil
	}
	raw, err := json.Marshal(toldBefore{1, told})
	if err == nil {
		_, err = s.Work.Replace(ctx, archive.ToldKey, raw, "application/json", etag)
	}
	if err != nil {
		return fmt.Errorf("keep what was told: %w", err)
	}
	return nil
}
