package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/runner"
)

// watch follows the ledger: a line for everything that happens, until it is
// stopped or, with --until-idle, until nothing waits for any stage.
func watch(ctx context.Context, c call) error {
	var a asked
	fs := c.flags()
	a.register(fs)
	box := fs.String("box", "", "only what lies below this `prefix`")
	since := fs.Duration("since", 0, "begin with what happened this long ago")
	ends := fs.Bool("until-idle", false, "end when nothing waits for any stage")
	if _, err := c.parse(fs, 0); err != nil {
		return err
	}
	if *since < 0 {
		return program.Exit(program.Usage, "--since takes a time span such as 2h, not %s", *since)
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	from := time.Now().Add(-*since)
	idle := make(chan error, 1)
	if *ends {
		go func() {
			idle <- untilIdle(ctx, s)
			stop()
		}()
	}
	enc := json.NewEncoder(c.stdout)
	enc.SetEscapeHTML(false)
	for e := range runner.Watch(ctx, s.JS, from) {
		if *box != "" && !below(*box, string(e.Locator)) {
			continue
		}
		if a.json {
			err = enc.Encode(e)
		} else {
			err = printEvent(c.stdout, e)
		}
		if err != nil {
			return err
		}
	}
	if *ends {
		if err := <-idle; err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return nil
}

// below tells whether key lies below a prefix of whole levels.
func below(prefix, key string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	return key == prefix || strings.HasPrefix(key, prefix+"/")
}

// printEvent is one line: time, what, where, why.
func printEvent(w io.Writer, e archive.Event) error {
	where := string(e.Locator)
	if where == "" {
		where = e.Scan
	}
	if where == "" && e.Stage != "" && e.Kind.ByAPerson() {
		where = "stage " + e.Stage
	}
	if e.Page > 0 {
		where = fmt.Sprintf("%s page %d", where, e.Page)
	}
	var why []string
	for _, s := range []string{string(e.Reason), e.Detail} {
		if s != "" {
			why = append(why, s)
		}
	}
	if e.Who != "" && e.Kind.ByAPerson() {
		why = append(why, "by "+e.Who)
	}
	line := fmt.Sprintf("%s  %-12s  %s", e.Time.Local().Format("15:04:05"), e.Kind, where)
	if len(why) > 0 {
		line += "  " + strings.Join(why, ": ")
	}
	_, err := fmt.Fprintln(w, strings.TrimSpace(line))
	return err
}
