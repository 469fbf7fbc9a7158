package teach

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"nightshift/pipeline/model/lines"
	"nightshift/pipeline/model/network"
	"nightshift/pipeline/model/train"
	"nightshift/pipeline/model/traineddata"
	"nightshift/pipeline/model/versions"
)

// The lines that every version is measured on: typing and print, drawn at a seed and in
// faces that taught no version. makemodel -test-lines draws them.
//
//go:embed testlines/*.lstmf
var testLines embed.FS

// shares of what was learned in the mean with what it began with, tried in turn until
// one is not worse on the shipped lines: what the model knew of other pages comes back by it.
var shares = [][2]int{{4, 1}, {1, 1}, {1, 3}}

// How much more may be wrong on the shipped lines: so many of all letters, and of those
// wrong before. Sixty lines do not tell less apart. Nothing adds up, since a training
// begins with the shipped model unless it is told otherwise.
const noWorse, noWorseOf = 0.001, 1.0 / 30

// mostGroups is how many boxes are measured one by one.
const mostGroups = 12

// list is a set of lines to measure on.
type list struct {
	file   string
	lines  int
	figure *versions.Figure
}

// choose packs what was learned and measures it, beside what it began with and what is in use.
func (t *teacher) choose(ctx context.Context, g gathered, learned *network.Network, how *versions.Learned) (Outcome, error) {
	var out Outcome
	f := &out.Card.Figures
	f.KeptPages = pagesOf(g.keep)
	dir := filepath.Join(t.Work, "measure")
	if err := fresh(dir); err != nil {
		return out, err
	}
	kept, err := written(dir, "kept", g.keep, &f.Kept)
	if err != nil {
		return out, err
	}
	typed, err := carried(dir, "typed", &f.Typed)
	if err != nil {
		return out, err
	}
	print, err := carried(dir, "print", &f.Print)
	if err != nil {
		return out, err
	}
	m := meter{t: t, of: 6 + 3*len(shares)}
	for _, l := range []list{kept, typed, print} {
		if err := m.before(ctx, l); err != nil {
			return out, err
		}
	}
	for _, s := range shares {
		how.Share = float64(s[0]) / float64(s[0]+s[1])
		if out.Model, err = t.pack(learned, s); err != nil {
			return out, err
		}
		for _, l := range []list{typed, print} {
			if l.figure.After, err = m.errors(ctx, "new", l); err != nil {
				return out, err
			}
		}
		out.Why = worse(f.Typed, f.Print, func(f versions.Figure) float64 { return f.Before.Letters })
		if out.Why == "" {
			break
		}
	}
	if out.Why == "" {
		out.Why = worse(f.Typed, f.Print, func(f versions.Figure) float64 {
			if f.InUse == nil {
				return f.Before.Letters
			}
			return f.InUse.Letters
		})
	}
	if f.Kept.After, err = m.errors(ctx, "new", kept); err != nil {
		return out, err
	}
	if why := notBetter(f.Kept); why != "" {
		out.Why = why
	}
	if out.Why != "" {
		out.Model = nil
		return out, nil
	}
	f.Groups, err = t.groups(ctx, dir, g.keep)
	return out, err
}

// pack is the mean in the file that it began with, laid out as "new".
func (t *teacher) pack(learned *network.Network, s [2]int) ([]byte, error) {
	net, err := network.Mean(append(slices.Repeat([]*network.Network{learned}, s[0]), slices.Repeat([]*network.Network{t.network}, s[1])...))
	if err != nil {
		return nil, err
	}
	model := t.base.With(traineddata.LSTM, net.Integers().Bytes()).Bytes()
	if err := os.MkdirAll(filepath.Dir(t.file("new")), 0o700); err != nil {
		return nil, err
	}
	return model, os.WriteFile(t.file("new"), model, 0o600)
}

// worse says that shipped lines are read worse than another model did, or "".
func worse(typed, print versions.Figure, other func(versions.Figure) float64) string {
	for _, c := range []struct {
		what string
		versions.Figure
	}{{"typed", typed}, {"printed", print}} {
		was := other(c.Figure)
		if c.After.Letters > was+noWorse+was*noWorseOf {
			return fmt.Sprintf("it reads the shipped %s lines worse: %.2f%% of the letters wrong, %.2f%% before", c.what, 100*c.After.Letters, 100*was)
		}
	}
	return ""
}

// notBetter says that the kept pages are read no better, or "".
func notBetter(f versions.Figure) string {
	if f.After.Letters >= f.Before.Letters {
		return fmt.Sprintf("it reads the pages kept aside no better: %.2f%% of the letters wrong, %.2f%% before", 100*f.After.Letters, 100*f.Before.Letters)
	}
	if f.InUse != nil && f.After.Letters >= f.InUse.Letters {
		return fmt.Sprintf("it reads the pages kept aside no better than the model in use: %.2f%% of the letters wrong, %.2f%% with that", 100*f.After.Letters, 100*f.InUse.Letters)
	}
	return ""
}

// groups measure the kept pages box by box, or folder by folder, the largest first.
func (t *teacher) groups(ctx context.Context, dir string, keep []lines.Line) (out []versions.Group, err error) {
	group := t.Group
	if group == nil {
		group = path.Dir
	}
	of := map[string][]lines.Line{}
	for _, l := range keep {
		of[group(l.Source)] = append(of[group(l.Source)], l)
	}
	names := slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		if d := len(of[b]) - len(of[a]); d != 0 {
			return d
		}
		return bytes.Compare([]byte(a), []byte(b))
	})
	names = names[:min(len(names), mostGroups)]
	m := meter{t: t, of: 2 * len(names)}
	for i, name := range names {
		g := versions.Group{Name: name}
		l, err := written(dir, fmt.Sprintf("group%d", i), of[name], &g.Figure)
		if err != nil {
			return nil, err
		}
		if g.Before, err = m.errors(ctx, "in-use", l); err != nil {
			return nil, err
		}
		if g.After, err = m.errors(ctx, "new", l); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// written is a list of lines.
func written(dir, name string, all []lines.Line, f *versions.Figure) (list, error) {
	set := &lines.Set{}
	for _, l := range all {
		if err := set.Add(l); err != nil {
			return list{}, err
		}
	}
	file, err := set.Write(dir, name, perFile, seed)
	f.Lines = len(all)
	return list{file, len(all), f}, err
}

// carried is a list of the lines that the program carries.
func carried(dir, name string, f *versions.Figure) (list, error) {
	raw, err := testLines.ReadFile("testlines/" + name + ".lstmf")
	if err != nil {
		return list{}, err
	}
	all, err := lines.Read(bytes.NewReader(raw))
	if err != nil {
		return list{}, fmt.Errorf("the shipped lines: %w", err)
	}
	return written(dir, name, all, f)
}

// meter measures and tells how far it is.
type meter struct {
	t        *teacher
	done, of int
}

func (m *meter) errors(ctx context.Context, model string, l list) (versions.Errors, error) {
	e, err := train.Evaluate(ctx, m.t.file(model), l.file)
	m.done++
	m.t.tell(Progress{Step: "measure", Done: m.done, Of: max(m.of, m.done)})
	return versions.Errors{Letters: e.Letters, Words: e.Words}, err
}

// before measures what was there before.
func (m *meter) before(ctx context.Context, l list) (err error) {
	if l.figure.Before, err = m.errors(ctx, "begin", l); err != nil {
		return err
	}
	if versions.Digest(m.t.Model) == versions.Digest(m.t.InUse) {
		return nil
	}
	e, err := m.errors(ctx, "in-use", l)
	l.figure.InUse = &e
	return err
}
