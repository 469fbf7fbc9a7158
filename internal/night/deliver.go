package night

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"nightshift/pipeline/report"
)

// Delivery says where the morning report is sent. Empty fields send nothing.
type Delivery struct {
	Webhook string // URL that report.json is posted to
	SMTP    string // smtp://user:password@host:port, or smtps:// for TLS from the start
	From    string
	To      string // comma-separated
}

// Register adds the flags.
func (d *Delivery) Register(fs *flag.FlagSet) {
	fs.StringVar(&d.Webhook, "report-webhook", d.Webhook, "`URL` that the report is posted to as JSON")
	fs.StringVar(&d.SMTP, "report-smtp", d.SMTP, "mail server for the report: smtp://user:password@host:587 (STARTTLS) or smtps://host:465; best set in the environment")
	fs.StringVar(&d.From, "report-from", d.From, "sender's `address` of the mail")
	fs.StringVar(&d.To, "report-to", d.To, "comma-separated `addresses` that the report is mailed to")
}

// Wanted tells whether the report is sent anywhere.
func (d Delivery) Wanted() bool { return d.Webhook != "" || d.SMTP != "" }

// deliverWithin bounds one way of sending.
const deliverWithin = 30 * time.Second

// Send sends the report both ways where both are set. An error says which
// failed and never repeats a password.
func (d Delivery) Send(ctx context.Context, r report.Report) error {
	var errs []error
	if d.Webhook != "" {
		if err := d.post(ctx, r); err != nil {
			errs = append(errs, fmt.Errorf("report not posted: %w", err))
		}
	}
	if d.SMTP != "" {
		if err := d.mail(ctx, r); err != nil {
			errs = append(errs, fmt.Errorf("report not mailed: %w", err))
		}
	}
	return errors.Join(errs...)
}

func (d Delivery) post(ctx context.Context, r report.Report) error {
	raw, err := r.JSON()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, deliverWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Webhook, bytes.NewReader(raw))
	if err != nil {
		return errors.New("the webhook's URL cannot be read")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the URL, which may hold a token
		}
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the webhook answered %s", resp.Status)
	}
	return nil
}

func (d Delivery) mail(ctx context.Context, r report.Report) error {
	u, err := url.Parse(d.SMTP)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return errors.New("write --report-smtp as smtp://user:password@host:port or smtps://")
	}
	to := strings.FieldsFunc(d.To, func(r rune) bool { return r == ',' || r == ' ' })
	if d.From == "" || len(to) == 0 {
		return errors.New("--report-from and --report-to are needed")
	}
	msg, err := d.message(r, to)
	if err != nil {
		return err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"smtp": "587", "smtps": "465"}[u.Scheme]
	}
	dialer := net.Dialer{Timeout: deliverWithin}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(deliverWithin))
	security := &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	if u.Scheme == "smtps" {
		conn = tls.Client(conn, security)
	}
	return submit(conn, u, security, d.From, to, msg)
}

// submit speaks SMTP. A password is only ever sent over TLS (net/smtp sees to
// that, but for a server on this machine).
func submit(conn net.Conn, u *url.URL, security *tls.Config, from string, to []string, msg []byte) error {
	c, err := smtp.NewClient(conn, u.Hostname())
	if err != nil {
		return err
	}
	defer c.Close()
	if ok, _ := c.Extension("STARTTLS"); ok && u.Scheme == "smtp" {
		if err := c.StartTLS(security); err != nil {
			return err
		}
	}
	if password, ok := u.User.Password(); ok {
		if err := c.Auth(smtp.PlainAuth("", u.User.Username(), password, u.Hostname())); err != nil {
			return err
		}
	}
	if err := c.Mail(from); err != nil {
		return err
	}
	for _, t := range to {
		if err := c.Rcpt(t); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(msg); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// message is the mail: the report as text, with report.html attached.
func (d Delivery) message(r report.Report, to []string) ([]byte, error) {
	html, err := r.HTML()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	header := func(lines ...string) {
		for i := 0; i < len(lines); i += 2 {
			fmt.Fprintf(&b, "%s: %s\r\n", lines[i], strings.NewReplacer("\r", " ", "\n", " ").Replace(lines[i+1]))
		}
	}
	header("From", d.From, "To", strings.Join(to, ", "), "Date", r.Made.Format(time.RFC1123Z),
		"Subject", mime.QEncoding.Encode("utf-8", r.Subject()), "MIME-Version", "1.0",
		"Content-Type", "multipart/mixed; boundary="+w.Boundary())
	b.WriteString("\r\n")
	for _, part := range []struct {
		kind, disposition string
		body              []byte
	}{
		{"text/plain; charset=utf-8", "inline", []byte(r.Text())},
		{"text/html; charset=utf-8", `attachment; filename="report.html"`, html},
	} {
		pw, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {part.kind}, "Content-Disposition": {part.disposition}, "Content-Transfer-Encoding": {"base64"}})
		if err != nil {
			return nil, err
		}
		code := base64.StdEncoding.EncodeToString(part.body)
		for len(code) > 0 {
			n := min(76, len(code))
			fmt.Fprintf(pw, "%s\r\n", code[:n])
			code = code[n:]
		}
	}
	err = w.Close()
	return b.Bytes(), err
}
