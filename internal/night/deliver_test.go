package night

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"nightshift/pipeline/ledger"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/report"
)

func morning() report.Report {
	return report.New(time.Unix(1e9, 0), []progress.ScanStanding{{Key: "c/b/été.tif", Standing: progress.Parked, Reason: "truncated"}}, nil, nil, ledger.NewNight(), nil, "")
}

func TestReportIsPosted(t *testing.T) {
	var got []byte
	status := http.StatusNoContent
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		w.WriteHeader(status)
	}))
	defer srv.Close()
	d := Delivery{Webhook: srv.URL + "/?token=secret"}
	if err := d.Send(t.Context(), morning()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), `"parked": 1`) {
		t.Errorf("posted %s", got)
	}
	status = http.StatusForbidden
	if err := d.Send(t.Context(), morning()); err == nil {
		t.Error("a refusal was no error")
	}
	srv.Close()
	if err := d.Send(t.Context(), morning()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("the error is %v", err)
	}
}

// TestReportIsMailed speaks SMTP with a server that writes down what it hears.
func TestReportIsMailed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	heard := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		heard <- listen(c)
	}()
	d := Delivery{SMTP: "smtp://" + l.Addr().String(), From: "night@example.org", To: "a@example.org, b@example.org"}
	if err := d.Send(context.Background(), morning()); err != nil {
		t.Fatal(err)
	}
	said := <-heard
	for _, want := range []string{"MAIL FROM:<night@example.org>", "RCPT TO:<b@example.org>"} {
		if !strings.Contains(said, want) {
			t.Errorf("not said: %s", want)
		}
	}
	_, body, _ := strings.Cut(said, "DATA\r\n")
	m, err := mail.ReadMessage(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Header.Get("Subject"); !strings.Contains(s, "0 of 1 scans published, 1 parked") {
		t.Errorf("subject %q", s)
	}
	raw, _ := io.ReadAll(m.Body)
	text := base64.StdEncoding.EncodeToString([]byte(morning().Text()))[:60]
	if !strings.Contains(string(raw), text) || !strings.Contains(string(raw), `filename="report.html"`) {
		t.Errorf("the mail is\n%s", raw)
	}
}

func listen(c net.Conn) string {
	var b strings.Builder
	r := bufio.NewReader(c)
	io.WriteString(c, "220 here\r\n")
	for data := false; ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return b.String()
		}
		b.WriteString(line)
		switch {
		case data && line == ".\r\n":
			data = false
			io.WriteString(c, "250 taken\r\n")
		case data:
		case strings.HasPrefix(line, "DATA"):
			data = true
			io.WriteString(c, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			io.WriteString(c, "221 bye\r\n")
			return b.String()
		default:
			io.WriteString(c, "250 ok\r\n")
		}
	}
}
