package tei

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nightshift/pipeline/record"
)

// header states what the document is, what it was made from and by what rules.
func (d *document) header(in record.Input) {
	w, r := d.w, d.r
	w.Open("teiHeader")
	w.Open("fileDesc")
	w.Open("titleStmt")
	title := value(r.Title)
	if title == "" {
		title = fmt.Sprintf("%s, document %d", r.Identity.Locator, r.Identity.Document)
	}
	w.Leaf("title", title)
	d.responsibility()
	w.Close()
	w.Open("publicationStmt")
	w.Leaf("authority", "nightshift")
	w.Leaf("idno", string(r.Identity.Locator)+"#"+strconv.Itoa(r.Identity.Document), "type", "record")
	w.Leaf("idno", r.Identity.Made, "type", "version")
	w.Close()
	d.notesStatement()
	d.source()
	w.Close()
	w.Open("encodingDesc")
	w.Open("editorialDecl")
	w.Open("correction", "method", "markup")
	w.Leaf("p", "Stray characters of recognition and digitisation are mended: sic is what was read, corr what is to stand there, "+
		"cert the share of such corrections that are right. Where a person is asked, both readings stand as unclear.")
	w.Close()
	w.Open("normalization")
	w.Leaf("p", "Page marks stand as pb, note marks as the notes themselves, running heads as fw.")
	w.Close()
	w.Close()
	w.Close()
	d.profile()
	w.Close()
}

// responsibility names who corrects: the program, and each person who reviewed.
func (d *document) responsibility() {
	d.w.Open("respStmt", "xml:id", d.id+"program")
	var tools []string
	for k, v := range d.r.Source.Tools {
		tools = append(tools, k+" "+v)
	}
	slices.Sort(tools)
	d.w.Leaf("resp", "recognition, structure and correction: "+strings.Join(tools, "; "))
	d.w.Leaf("name", "nightshift")
	d.w.Close()
	for _, o := range d.r.Outside {
		d.w.Open("respStmt")
		d.w.Leaf("resp", fmt.Sprintf("outside reader (%s): words of %d lines of page %d, %d words in doubt for what it has there; answer sha256:%s",
			o.Reader, len(o.Lines), o.Page, len(o.Doubts), o.Answer))
		d.w.Leaf("name", o.Model)
		d.w.Close()
	}
	for i, v := range d.r.Reviews {
		d.w.Open("respStmt", "xml:id", d.id+"review"+strconv.Itoa(i+1))
		d.w.Leaf("resp", "review: "+v.Outcome)
		d.w.Leaf("name", v.Who)
		d.w.Close()
		d.reviewers[v.ID] = "#" + d.id + "review" + strconv.Itoa(i+1)
	}
}

// notesStatement says how far the text can be trusted.
func (d *document) notesStatement() {
	q := d.r.Quality
	d.w.Open("notesStmt")
	if q.MeanConfidence != nil {
		d.w.Leaf("note", fmt.Sprintf("Mean confidence of recognition %s of 100.", number(*q.MeanConfidence)), "type", "quality")
	} else {
		d.w.Leaf("note", "The text came as text; nothing is known of its confidence.", "type", "quality")
	}
	if !d.r.Complete {
		d.w.Leaf("note", fmt.Sprintf("Incomplete: %d pages could not be read. %s", len(d.r.Parked), d.r.Missing), "type", "incomplete")
	}
	d.w.Close()
}

func (d *document) source() {
	w, r := d.w, d.r
	w.Open("sourceDesc")
	w.Open("bibl")
	w.Leaf("idno", string(r.Identity.Locator), "type", "locator")
	if n := r.SourceNote; n != nil {
		w.Leaf("note", n.Text, "type", "source")
		if n.File != "" {
			w.Leaf("idno", n.File, "type", "file")
		}
	}
	for _, p := range r.Source.Pages {
		w.Open("relatedItem", "type", "scan")
		w.Open("bibl")
		w.Leaf("idno", p.Scan, "type", "key")
		w.Leaf("idno", string(p.SHA256), "type", "sha256")
		w.Leaf("biblScope", strconv.Itoa(p.Index), "unit", "page")
		w.Close()
		w.Close()
	}
	w.Close()
	w.Close()
}

// profile states the descriptive values.
func (d *document) profile() {
	w, r := d.w, d.r
	w.Open("profileDesc")
	if r.Date != nil || r.Place != nil {
		w.Inline("creation")
		if r.Date != nil {
			w.Leaf("date", shown(r.Date.Value), d.dateAttributes()...)
		}
		if r.Place != nil {
			w.Leaf("placeName", r.Place.Value)
		}
		w.Close()
	}
	if r.From != nil || r.To != nil {
		w.Open("correspDesc")
		for _, a := range []struct {
			kind string
			who  *record.Value
		}{{"sent", r.From}, {"received", r.To}} {
			if a.who != nil {
				w.Open("correspAction", "type", a.kind)
				w.Leaf("name", a.who.Value)
				w.Close()
			}
		}
		w.Close()
	}
	w.Open("textClass")
	w.Open("keywords")
	w.Leaf("term", r.Kind, "type", "kind")
	for _, s := range r.Subjects {
		w.Leaf("term", s.Value, "type", "subject")
	}
	if r.Classification != nil {
		w.Leaf("term", r.Classification.Value, "type", "classification")
	}
	w.Close()
	w.Close()
	d.participants()
	w.Close()
}

func (d *document) participants() {
	if len(d.r.Participants) == 0 {
		return
	}
	w := d.w
	w.Open("particDesc")
	w.Open("listPerson")
	for _, p := range d.r.Participants {
		w.Open("person", "role", "participant")
		w.Leaf("persName", p.Name)
		if p.Role != "" {
			w.Leaf("occupation", p.Role)
		}
		if p.Side != nil {
			w.Leaf("affiliation", *p.Side)
		}
		w.Close()
	}
	w.Close()
	w.Close()
}

// shown is the value as it is read; an inferred one as it was inferred.
func shown(v record.Value) string {
	if v.AsRead != "" && v.Read != nil {
		return v.AsRead
	}
	return v.Value
}

// w3c are the dates that TEI's when can hold.
var w3c = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d)?)?)?$`)

// minutes are times without seconds, which XML Schema wants.
var minutes = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d$`)

func w3cDate(s string) string {
	if minutes.MatchString(s) {
		s += ":00"
	}
	if !w3c.MatchString(s) {
		return ""
	}
	return s
}

// dateAttributes are those of the document's date: when, or from and to, and
// for an inferred date how it was inferred.
func (d *document) dateAttributes() []string {
	v := d.r.Date
	var a []string
	if to := w3cDate(v.To); to != "" && w3cDate(v.Value.Value) != "" {
		a = append(a, "from", w3cDate(v.Value.Value), "to", to)
	} else {
		a = append(a, "when", w3cDate(v.Value.Value))
	}
	if v.Read == nil {
		a = append(a, "evidence", "conjecture", "resp", "#"+d.id+"program")
	}
	return a
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
