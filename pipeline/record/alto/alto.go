// Package alto writes a page's text layer as ALTO 4.4, as viewers and newspaper
// systems read it: clean words at their places, what was read there as
// ALTERNATIVE, halves of broken words as substitutions, section kinds as tags.
package alto

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/record"
	"nightshift/pipeline/record/layer"
	"nightshift/pipeline/record/markup"
	"nightshift/pipeline/transcript"
)

// Namespace and Version of the standard.
const (
	Namespace = "http://www.loc.gov/standards/alto/ns-v4#"
	Version   = "4.4"
)

// Write writes page p of the item. A page without words has an empty print
// space; a text input has no size.
func Write(out io.Writer, in record.Input, p layer.Page) error {
	w := writer{Writer: markup.New(out, markup.Declaration), page: p}
	w.Open("alto", "xmlns", Namespace, "SCHEMAVERSION", Version)
	w.description(in)
	w.tags()
	w.Open("Layout")
	w.layout(in)
	w.Close()
	return w.End()
}

type writer struct {
	*markup.Writer
	page layer.Page
	word int // running number, for ids
}

func (w *writer) description(in record.Input) {
	m := in.Manifest.Pages[w.page.Number-1]
	w.Open("Description")
	w.Leaf("MeasurementUnit", "pixel")
	w.Open("sourceImageInformation")
	w.Leaf("fileName", m.Scan)
	w.Leaf("fileIdentifier", "sha256:"+string(m.SHA256))
	w.Leaf("documentIdentifier", string(in.Manifest.Locator))
	w.Close()
	t := w.page.Transcript
	if t.Engine.Name != "" {
		w.Open("Processing", "ID", "recognition")
		w.Leaf("processingCategory", "contentGeneration")
		w.Leaf("processingStepDescription", "text recognition")
		w.Leaf("processingStepSettings", settings(t.Engine))
		w.software(t.Engine.Name, t.Engine.Version)
		w.Close()
	}
	if o := t.Outside; o != nil && o.Taken+o.Doubtful > 0 {
		w.Open("Processing", "ID", "outside-reading")
		w.Leaf("processingCategory", "contentModification")
		w.Leaf("processingStepDescription", fmt.Sprintf("words of %d lines by an outside reader, %d words in doubt for what it has there", o.Taken, o.Doubtful))
		w.Leaf("processingStepSettings", "answer sha256:"+string(o.Answer))
		w.software(o.Model, o.Reader)
		w.Close()
	}
	w.Open("Processing", "ID", "correction")
	w.Leaf("processingCategory", "contentModification")
	w.Leaf("processingStepDescription", "corrections of stray characters; what was read stands as ALTERNATIVE")
	w.software("nightshift", strings.Join(versions(in.Reading.Structure.Rules), ", "))
	w.Close()
	w.Close()
}

func (w *writer) software(name, version string) {
	w.Open("processingSoftware")
	w.Leaf("softwareName", name)
	w.Leaf("softwareVersion", version)
	w.Close()
}

// settings spells an engine's settings in a fixed order.
func settings(e transcript.Engine) string {
	parts := []string{"languages=" + strings.Join(e.Languages, "+")}
	return strings.Join(append(parts, versions(e.Settings)...), "; ")
}

func versions(m map[string]string) []string {
	var out []string
	for k, v := range m {
		out = append(out, k+"="+v)
	}
	slices.Sort(out)
	return out
}

// tags declares the section and correction kinds that the page uses.
func (w *writer) tags() {
	var kinds []string
	var corrections []clean.Kind
	for _, b := range w.page.Blocks {
		if b.Kind != "" && !slices.Contains(kinds, b.Kind) {
			kinds = append(kinds, b.Kind)
		}
		for _, l := range b.Lines {
			for _, word := range l.Words {
				for _, k := range word.Kinds {
					if !slices.Contains(corrections, k) {
						corrections = append(corrections, k)
					}
				}
			}
		}
	}
	if len(kinds)+len(corrections) == 0 {
		return
	}
	slices.Sort(kinds)
	slices.Sort(corrections)
	w.Open("Tags")
	for _, k := range kinds {
		w.Leaf("StructureTag", "", "ID", "section-"+k, "TYPE", "section", "LABEL", k)
	}
	for _, k := range corrections {
		w.Leaf("OtherTag", "", "ID", "correction-"+string(k), "TYPE", "correction", "LABEL", string(k))
	}
	w.Close()
}

func (w *writer) layout(in record.Input) {
	t := w.page.Transcript
	attributes := []string{"ID", "page", "PHYSICAL_IMG_NR", strconv.Itoa(w.page.Number)}
	if t.Image.Width > 0 {
		attributes = append(attributes, "WIDTH", strconv.Itoa(t.Image.Width), "HEIGHT", strconv.Itoa(t.Image.Height))
	}
	switch {
	case t.Parked != "":
		attributes = append(attributes, "QUALITY", "Missing", "QUALITY_DETAIL", t.Parked)
	case t.Blank:
		attributes = append(attributes, "QUALITY_DETAIL", "blank")
	case t.NoText != "":
		attributes = append(attributes, "QUALITY_DETAIL", "no text: "+string(t.NoText))
	case len(w.page.Blocks) > 0:
		attributes = append(attributes, "PC", share(t.MeanConfidence/100), "ACCURACY", share(100*(1-t.ErrorRate)))
	}
	w.Open("Page", attributes...)
	if t.Image.Width > 0 {
		w.Open("PrintSpace", place(w.printSpace())...)
	} else {
		w.Open("PrintSpace")
	}
	for i, b := range w.page.Blocks {
		w.block(i, b)
	}
	w.Close()
	w.Close()
}

func (w *writer) printSpace() transcript.Box {
	t := w.page.Transcript
	if len(w.page.Blocks) == 0 {
		return transcript.Box{0, 0, t.Image.Width, t.Image.Height}
	}
	box := w.page.Blocks[0].Box
	for _, b := range w.page.Blocks[1:] {
		box = box.Union(b.Box)
	}
	return box
}

func (w *writer) block(i int, b layer.Block) {
	id := "b" + strconv.Itoa(i+1)
	tag := ""
	if b.Kind != "" {
		tag = "section-" + b.Kind
	}
	w.Open("TextBlock", append([]string{"ID", id, "TAGREFS", tag}, place(b.Box)...)...)
	for j, l := range b.Lines {
		if len(l.Words) == 0 {
			continue
		}
		w.Open("TextLine", append([]string{"ID", id + "l" + strconv.Itoa(j+1)}, place(l.Box)...)...)
		for k, word := range l.Words {
			if k > 0 {
				w.Leaf("SP", "")
			}
			w.string(word)
		}
		if last := l.Words[len(l.Words)-1]; last.Part == layer.FirstHalf {
			w.Leaf("HYP", "", "CONTENT", "-")
		}
		w.Close()
	}
	w.Close()
}

func (w *writer) string(word layer.Word) {
	w.word++
	a := append([]string{"ID", "w" + strconv.Itoa(w.word)}, place(word.Box)...)
	a = append(a, "WC", share(word.Confidence/100), "CC", doubts(word))
	switch word.Part {
	case layer.FirstHalf:
		a = append(a, "SUBS_TYPE", "HypPart1", "SUBS_CONTENT", word.Whole)
	case layer.SecondHalf:
		a = append(a, "SUBS_TYPE", "HypPart2", "SUBS_CONTENT", word.Whole)
	}
	if word.Reviewed {
		a = append(a, "CS", "true")
	}
	var tags []string
	for _, k := range word.Kinds {
		tags = append(tags, "correction-"+string(k))
	}
	a = append(a, "TAGREFS", strings.Join(tags, " "))
	if word.AsRead != "" {
		a = append(a, "PROCESSINGREFS", "correction")
	}
	content := word.Text
	if content == "" {
		content = markup.Blank
	}
	w.Open("String", append(a, "CONTENT", content)...)
	if word.AsRead != "" {
		w.Leaf("ALTERNATIVE", word.AsRead, "PURPOSE", "as read")
	}
	w.Close()
}

// doubts are the characters' confidences as ALTO counts them: 0 sure, 9 unsure.
func doubts(word layer.Word) string {
	var out []string
	for _, c := range word.CharConf {
		out = append(out, strconv.Itoa(int(math.Round(9*(1-float64(min(max(c, 0), 100))/100)))))
	}
	return strings.Join(out, " ")
}

// place spells a box as position and size.
func place(b transcript.Box) []string {
	return []string{"HPOS", strconv.Itoa(b[0]), "VPOS", strconv.Itoa(b[1]), "WIDTH", strconv.Itoa(b[2] - b[0]), "HEIGHT", strconv.Itoa(b[3] - b[1])}
}

// share spells a number with as many decimals as it can be trusted with.
func share(v float64) string { return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64) }
