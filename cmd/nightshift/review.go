package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"nightshift/internal/night"
	"nightshift/internal/program"
	"nightshift/pipeline/archive"
	"nightshift/pipeline/record"
	"nightshift/pipeline/review"
)

// reviewItems lists what asks for a person, in all items or in one, or decides it.
func reviewItems(ctx context.Context, c call) error {
	var a asked
	var x decided
	fs := c.flags()
	a.register(fs)
	box := fs.String("box", "", "without an item: only items below this `locator`")
	version := fs.Int("version", 0, "the `number` of the version that was looked at; the current one if not given")
	who := fs.String("who", night.Person(), "`name` of the person who decides")
	wait := fs.Bool("wait", true, "on an idle system: publish before ending")
	fs.Func("accept", "make these corrections: a comma-separated `list` of document.correction, e.g. 1.4,1.7; or all", x.corrections(true))
	fs.Func("reject", "do not make these corrections: a comma-separated `list`; or all", x.corrections(false))
	fs.Func("edit", "make a correction otherwise: `document.correction=text`, e.g. 1.4=the ferry", x.edit)
	fs.Func("set", "set a field: `field=value`, or document.field=value, e.g. date=1961-02-03 or 2.title=…; an empty value is none; fields are "+strings.Join(record.ReviewFields, ", "), x.field)
	fs.StringVar(&x.comment, "comment", "", "why")
	rest, err := program.Parse(fs, c.argv)
	if err != nil {
		return err
	}
	if len(rest) > 1 || len(rest) == 0 && !x.empty() {
		fs.Usage()
		return program.Exit(program.Usage, "review takes one item to decide on")
	}
	s, _, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	if len(rest) == 0 {
		return listDoubtful(ctx, c, s, *box, a.json)
	}
	l, err := located(ctx, s, rest[0])
	if err != nil {
		return err
	}
	it, err := s.Reviews().Open(ctx, l, *version)
	if err != nil {
		return missing(err)
	}
	if x.empty() {
		return listDoubts(c, it, a.json)
	}
	if err := x.decide(ctx, c, s, it, *who); err != nil {
		return err
	}
	if s.Embedded() && *wait {
		return workOff(ctx, s, night.Which{Publishing: true}, night.Defaults())
	}
	return nil
}

// decided are the decisions on the command line.
type decided struct {
	list    []review.Decision
	all     []bool // accept, or reject, everything that is in doubt
	comment string
}

func (x *decided) empty() bool { return len(x.list)+len(x.all) == 0 }

// corrections reads a list of document.correction.
func (x *decided) corrections(accept bool) func(string) error {
	return func(list string) error {
		for one := range strings.SplitSeq(list, ",") {
			if one = strings.TrimSpace(one); one == "all" {
				x.all = append(x.all, accept)
				continue
			}
			doc, n, ok := strings.Cut(one, ".")
			d, err := strconv.Atoi(doc)
			m, err2 := strconv.Atoi(n)
			if !ok || errors.Join(err, err2) != nil {
				return fmt.Errorf("%q is no correction such as 1.4", one)
			}
			x.list = append(x.list, review.Decision{Document: d, Correction: m, Accept: accept})
		}
		return nil
	}
}

// edit reads document.correction=text.
func (x *decided) edit(s string) error {
	which, text, ok := strings.Cut(s, "=")
	if !ok {
		return fmt.Errorf("%q is not document.correction=text", s)
	}
	if err := x.corrections(true)(which); err != nil {
		return err
	}
	x.list[len(x.list)-1].Instead = &text
	return nil
}

// field reads [document.]field=value.
func (x *decided) field(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok {
		return fmt.Errorf("%q is not field=value", s)
	}
	d := review.Decision{Document: 1, Field: name, Value: value}
	if doc, field, ok := strings.Cut(name, "."); ok {
		n, err := strconv.Atoi(doc)
		if err != nil {
			return fmt.Errorf("%q does not begin with the number of a document", name)
		}
		d.Document, d.Field = n, field
	}
	x.list = append(x.list, d)
	return nil
}

func (x *decided) decide(ctx context.Context, c call, s *night.System, it review.Item, who string) error {
	for _, accept := range x.all {
		for _, d := range it.Doubts() {
			if d.Flag != nil {
				x.list = append(x.list, review.Decision{Document: d.Document, Correction: d.Correction, Accept: accept})
			}
		}
	}
	if len(x.list) == 0 {
		return program.Exit(program.Nothing, "nothing in %s is in doubt", it.Version.Locator)
	}
	for i := range x.list {
		x.list[i].Comment = x.comment
	}
	done, err := s.Reviews().Decide(ctx, who, it, x.list...)
	if errors.Is(err, review.ErrDecision) {
		return &program.Error{Code: program.Usage, Err: err}
	}
	if err == nil {
		fmt.Fprintf(c.stdout, "%s stored; the records of %s are published anew\n", plural(len(done), "decision"), it.Version.Locator)
	}
	return err
}

// listDoubtful lists the items that have something in doubt.
func listDoubtful(ctx context.Context, c call, s *night.System, box string, asJSON bool) error {
	list := []review.Summary{}
	for x, err := range review.Doubtful(ctx, s.Records, box) {
		if err != nil {
			return err
		}
		list = append(list, x)
	}
	if asJSON {
		return printJSON(c.stdout, list)
	}
	if len(list) == 0 {
		fmt.Fprintln(c.stdout, "nothing is in doubt")
		return nil
	}
	t := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "flagged\tvalues\tsecond look\tgrade\titem")
	for _, x := range list {
		fmt.Fprintf(t, "%d\t%d\t%d\t%s\t%s\n", x.Flagged, x.Values, x.SecondLook, x.Grade, x.Locator)
	}
	return t.Flush()
}

// listDoubts lists what is in doubt in one item.
func listDoubts(c call, it review.Item, asJSON bool) error {
	doubts := it.Doubts()
	if asJSON {
		return printJSON(c.stdout, struct {
			Locator archive.Locator `json:"locator"`
			Version int             `json:"version"`
			Doubts  []review.Doubt  `json:"doubts"`
		}{it.Version.Locator, it.Version.Number, doubts})
	}
	fmt.Fprintf(c.stdout, "%s, version %d\n", it.Version.Locator, it.Version.Number)
	if len(doubts) == 0 {
		fmt.Fprintln(c.stdout, "nothing is in doubt")
	}
	for _, d := range doubts {
		printDoubt(c.stdout, d)
	}
	return nil
}

func printDoubt(w io.Writer, d review.Doubt) {
	if d.Review != nil {
		fmt.Fprintf(w, "\ndocument %d: a decision by %s of %s needs a second look: %s\n", d.Document, d.Review.Who, d.Review.When.Format("2 January 2006"), d.Review.Detail)
		return
	}
	if v := d.Value; v != nil {
		fmt.Fprintf(w, "\n%d.%s  %s (%.0f%%)\n     found with doubt; --set %d.%s=… sets it, to the same value where it is right\n", d.Document, v.Field, strconv.Quote(v.Value), 100*v.Confidence, d.Document, v.Field)
		return
	}
	f := d.Flag
	page := ""
	if f.Page != nil {
		page = fmt.Sprintf(", page %d", *f.Page)
	}
	fmt.Fprintf(w, "\n%d.%d  %s%s: %s → %s (%.0f%%)\n", d.Document, d.Correction, f.Kind, page, strconv.Quote(f.Before), strconv.Quote(f.After), 100*f.Confidence)
	fmt.Fprintf(w, "     …%s[%s]%s…\n", oneLine(d.Left), oneLine(f.Before), oneLine(d.Right))
	if len(f.Evidence) > 0 {
		fmt.Fprintf(w, "     %s: %s\n", f.Rule, strings.Join(f.Evidence, "; "))
	}
}

// oneLine shows text on one line: line and page ends as ¶.
func oneLine(s string) string {
	return strings.NewReplacer("\n", "¶", "\f", "¶", "\t", " ").Replace(s)
}
