package mets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nightshift/pipeline/clean"
	"nightshift/pipeline/transcript"
)

// unspecified is the EDTF date of events whose time only the ledger has.
const unspecified = "XXXX-XX-XX"

// administration is PREMIS for each master scan, for what happened to the
// item, and for the programs that did it.
func (w *writer) administration() {
	w.Open("amdSec", "ID", "amd")
	for _, s := range w.masters() {
		w.object(s)
	}
	n := 0
	event := func(kind, detail, outcome, note, agent string, objects ...string) {
		n++
		w.event(n, kind, detail, outcome, note, agent, objects)
	}
	for _, s := range w.masters() {
		event("ingestion", "taken in with SHA-256 "+string(s.SHA256), "success", "", "nightshift", s.id)
	}
	for i, p := range w.in.Pages {
		id := w.scanID(w.in.Manifest.Pages[i].Scan)
		detail := fmt.Sprintf("page %d of the item", i+1)
		switch {
		case p.Parked != "":
			event("transcription", detail, "failure", p.Parked, "nightshift", id)
		case p.Text != nil:
			event("transcription", detail+" came as text", "success", "", "nightshift", id)
		default:
			if len(p.Steps) > 0 {
				detail += "; image steps: " + strings.Join(p.Steps, ", ")
			}
			note := "mean confidence " + strconv.FormatFloat(p.MeanConfidence, 'f', 1, 64)
			if p.Blank {
				note = "blank"
			}
			event("transcription", detail, "success", note, agent(p.Engine.Name), id)
			if o := p.Outside; o != nil && o.Taken+o.Doubtful > 0 {
				event("transcription", fmt.Sprintf("page %d of the item, by an outside reader; its answer has SHA-256 %s", i+1, o.Answer), "success",
					fmt.Sprintf("words of %d lines taken, %d words in doubt", o.Taken, o.Doubtful), outsideAgent(o), id)
			}
		}
	}
	applied, flagged := 0, 0
	for _, r := range w.records {
		for _, c := range r.Corrections {
			if c.Decision == clean.Applied {
				applied++
			} else {
				flagged++
			}
		}
		for _, v := range r.Reviews {
			event("metadata modification", "review "+v.ID+" by "+v.Who, v.Outcome, v.Detail, "nightshift")
		}
	}
	event("metadata extraction", fmt.Sprintf("structure: %d documents", len(w.records)), "success", "", "nightshift")
	event("modification", "text corrected; each correction stands in the records", "success",
		fmt.Sprintf("%d applied, %d flagged", applied, flagged), "nightshift")
	event("dissemination", "published as "+w.in.Made, "success", "", "nightshift")
	w.agents()
	w.Close()
}

// outsideAgent names the model of an outside reader.
func outsideAgent(o *transcript.Outside) string { return "outside reader " + o.Model }

// agent is the name of an engine, that of the program where none is known.
func agent(engine string) string {
	if engine == "" {
		return "nightshift"
	}
	return engine
}

func (w *writer) wrapped(section, id, kind string, inner func()) {
	w.Open(section, "ID", id)
	w.Open("mdWrap", "MDTYPE", kind)
	w.Open("xmlData")
	inner()
	w.Close()
	w.Close()
	w.Close()
}

func (w *writer) identifier(element, kind, value string) {
	w.Open("premis:" + element)
	w.Leaf("premis:"+element+"Type", kind)
	w.Leaf("premis:"+element+"Value", value)
	w.Close()
}

// object is a master scan: its fixity, size and format.
func (w *writer) object(s scan) {
	w.wrapped("techMD", "tech-"+s.id, "PREMIS:OBJECT", func() {
		w.Open("premis:object", "xsi:type", "premis:file")
		w.identifier("objectIdentifier", "local", s.id)
		w.Open("premis:objectCharacteristics")
		w.Open("premis:fixity")
		w.Leaf("premis:messageDigestAlgorithm", "SHA-256")
		w.Leaf("premis:messageDigest", string(s.SHA256))
		w.Close()
		w.Leaf("premis:size", strconv.FormatInt(s.Size, 10))
		w.Open("premis:format")
		w.Open("premis:formatDesignation")
		w.Leaf("premis:formatName", s.Type)
		w.Close()
		w.Close()
		w.Close()
		w.Leaf("premis:originalName", s.Scan)
		w.Open("premis:storage")
		w.identifier("contentLocation", "S3", address("scans", s.Scan))
		w.Close()
		w.Close()
	})
}

func (w *writer) event(n int, kind, detail, outcome, note, agent string, objects []string) {
	id := "event" + strconv.Itoa(n)
	w.wrapped("digiprovMD", "prov-"+id, "PREMIS:EVENT", func() {
		w.Open("premis:event")
		w.identifier("eventIdentifier", "local", id)
		w.Leaf("premis:eventType", kind)
		w.Leaf("premis:eventDateTime", unspecified)
		w.Open("premis:eventDetailInformation")
		w.Leaf("premis:eventDetail", detail)
		w.Close()
		w.Open("premis:eventOutcomeInformation")
		w.Leaf("premis:eventOutcome", outcome)
		if note != "" {
			w.Open("premis:eventOutcomeDetail")
			w.Leaf("premis:eventOutcomeDetailNote", note)
			w.Close()
		}
		w.Close()
		w.identifier("linkingAgentIdentifier", "local", agent)
		for _, o := range objects {
			w.identifier("linkingObjectIdentifier", "local", o)
		}
		w.Close()
	})
}

// agents are the program and the engines, with their versions.
func (w *writer) agents() {
	versions := map[string][]string{"nightshift": nil}
	note := func(name, version string) {
		if !slices.Contains(versions[name], version) {
			versions[name] = append(versions[name], version)
		}
	}
	for k, v := range w.in.Reading.Structure.Rules {
		note("nightshift", k+" "+v)
	}
	for k, v := range w.in.Tools {
		note("nightshift", k+" "+v)
	}
	for _, p := range w.in.Pages {
		if p.Engine.Name != "" {
			note(p.Engine.Name, p.Engine.Version)
		}
		if o := p.Outside; o != nil && o.Taken+o.Doubtful > 0 {
			note(outsideAgent(o), o.Reader)
		}
	}
	var names []string
	for name := range versions {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		slices.Sort(versions[name])
		w.wrapped("digiprovMD", "agent"+strconv.Itoa(i+1), "PREMIS:AGENT", func() {
			w.Open("premis:agent")
			w.identifier("agentIdentifier", "local", name)
			w.Leaf("premis:agentName", name)
			w.Leaf("premis:agentType", "software")
			if len(versions[name]) > 0 {
				w.Leaf("premis:agentVersion", strings.Join(versions[name], "; "))
			}
			w.Close()
		})
	}
}
