package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"nightshift/pipeline/model/draw"
	"nightshift/pipeline/model/lines"
	"nightshift/pipeline/model/network"
	"nightshift/pipeline/model/train"
	"nightshift/pipeline/model/traineddata"
)

// part is one stage of the recipe.
type part struct {
	name                   string
	typed, printed, copied int // drawn lines
	fine                   int // of print, by a scanner of many dots
	real                   int // worn copies of real lines, over all of them
	iterations             int
	rate                   float64
	keep, mean             int // a checkpoint every so many iterations; how many of the last make the mean
}

// recipe is the whole of it. The first stage leaves stock's letters for those of
// machines; the second has print in it, or quotes and hyphens of print are unlearned;
// the third goes slower, and its checkpoints differ enough for a mean to pay; the fourth
// has print as fine scanners see it, which the others had not.
var recipe = []part{
	{name: "drawn", typed: 4500, printed: 2000, copied: 1500, iterations: 8000, rate: 2e-4, mean: 1},
	{name: "real", typed: 3500, printed: 4000, copied: 1000, real: 11000, iterations: 18000, rate: 1e-4, keep: 2000, mean: 3},
	{name: "last", typed: 2000, printed: 2500, copied: 500, real: 6000, iterations: 8000, rate: 5e-5, keep: 1000, mean: 5},
	{name: "fine", typed: 1200, printed: 1200, copied: 300, fine: 2200, real: 1500, iterations: 3000, rate: 5e-5, keep: 500, mean: 3},
}

// What is learned last has so many parts in the mean that is carried, and the model that
// all began with one: what stock knows of faces that no line showed comes back by it.
const learnedParts, stockParts = 4, 1

// step is what is lost when the training is killed: two minutes' work at most.
const step = 1000

// perFile is how many lines lie in a file; lstmtraining takes one of each in turn.
const perFile = 400

func (o order) make(ctx context.Context) error {
	raw, err := os.ReadFile(o.base)
	if err != nil {
		return err
	}
	base, err := traineddata.Parse(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", o.base, err)
	}
	net, err := network.Parse(base.Get(traineddata.LSTM))
	if err != nil {
		return fmt.Errorf("%s: %w", o.base, err)
	}
	say("begins with %s (sha256 %x)", o.base, sha256.Sum256(raw))
	parts := recipe
	if o.from != "" {
		if net, err = readNetwork(o.from); err != nil {
			return err
		}
		at := slices.IndexFunc(parts, func(p part) bool { return p.name == o.stage })
		if at < 1 {
			return fmt.Errorf("-stage %s: no stage after the first has that name", o.stage)
		}
		parts = parts[at:]
	}
	stock, err := network.Parse(base.Get(traineddata.LSTM))
	if err != nil {
		return fmt.Errorf("%s: %w", o.base, err)
	}
	m := maker{order: o}
	if m.drawer, err = draw.Open(o.faces); err != nil {
		return err
	}
	for _, p := range parts {
		if net, err = m.learn(ctx, net, p); err != nil {
			return err
		}
	}
	all := append(slices.Repeat([]*network.Network{net}, learnedParts), slices.Repeat([]*network.Network{stock}, stockParts)...)
	if net, err = network.Mean(all); err != nil {
		return err
	}
	return write(o.out, base.With(traineddata.LSTM, net.Integers().Bytes()).Bytes())
}

func readNetwork(name string) (*network.Network, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	n, err := network.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

// write puts the model in place and says its digest.
func write(name string, b []byte) error {
	if err := os.WriteFile(name+".part", b, 0o644); err != nil {
		return err
	}
	if err := os.Rename(name+".part", name); err != nil {
		return err
	}
	say("%s: %d bytes, sha256 %x", name, len(b), sha256.Sum256(b))
	return nil
}

// maker has what the stages share.
type maker struct {
	order
	drawer *draw.Drawer
	real   []lines.Line // found when they are first needed
}

// learn goes through one stage and returns its mean network, which is kept in the
// working folder for -from.
func (m *maker) learn(ctx context.Context, begin *network.Network, p part) (*network.Network, error) {
	p = p.scaled(m.share)
	if p.real > 0 && m.real == nil {
		var err error
		if m.real, err = m.realLines(ctx); err != nil {
			return nil, err
		}
	}
	set, err := m.lines(ctx, p)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(m.work, "lines", p.name)
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	say("%s: %d lines, %d iterations", p.name, set.Len(), p.iterations)
	if _, err := set.Write(dir, "lines", perFile, m.seed); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.lstmf")) // sorted
	if err != nil {
		return nil, err
	}
	t := train.Trainer{Dir: filepath.Join(m.work, "stages"), Model: m.base, Nice: m.nice, Progress: teller()}
	all, err := t.Run(ctx, train.Stage{Name: p.name, Begin: begin, Lines: files, Iterations: p.iterations, Rate: p.rate, Step: step, Keep: p.keep})
	if err != nil {
		return nil, err
	}
	net, err := train.Mean(all, p.mean)
	if err != nil {
		return nil, err
	}
	return net, os.WriteFile(filepath.Join(m.work, p.name+".lstm"), net.Bytes(), 0o644)
}

// scaled is the part with a share of its lines and iterations.
func (p part) scaled(share float64) part {
	for _, n := range []*int{&p.typed, &p.printed, &p.copied, &p.fine, &p.real, &p.iterations, &p.keep} {
		if *n > 0 {
			*n = max(1, int(float64(*n)*share))
		}
	}
	return p
}
