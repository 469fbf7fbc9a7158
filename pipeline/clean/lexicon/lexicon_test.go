package lexicon

import (
	"math/rand/v2"
	"runtime"
	"testing"
)

// Every word of the file is found, with its class and kind, and May never says
// that one is none.
func TestFind(t *testing.T) {
	l := Default()
	if l.Words() < 150_000 {
		t.Fatalf("%d words", l.Words())
	}
	for i := range l.class {
		w := []byte(l.text[l.at[i]:l.at[i+1]])
		if !l.May(HashOf(w)) || l.Find(w) != Word(i) {
			t.Fatalf("%q is word %d, not %d", w, i, l.Find(w))
		}
	}
	for _, w := range []string{"", "qqqxz", "thequick", "\xff"} {
		if n := l.Find([]byte(w)); n != None {
			t.Errorf("%q is word %d", w, n)
		}
	}
	the, of := l.Find([]byte("the")), l.Find([]byte("of"))
	if l.Class(the) < 230 || l.Kind(the)&Lower == 0 || l.Pair(of, the) == 0 || l.Pair(the, of) > l.Pair(of, the) {
		t.Error("the, of: ", l.Class(the), l.Kind(the), l.Pair(of, the), l.Pair(the, of))
	}
}

// The hash of a changed word made of its parts is that of the word written out.
func TestParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var p Parts
	for range 2000 {
		w := make([]byte, rng.IntN(MaxParts+1))
		for i := range w {
			w[i] = byte(rng.IntN(256))
		}
		p.Set(w)
		i := rng.IntN(len(w) + 1)
		j := i + rng.IntN(len(w)-i+1)
		for _, s := range []string{"", "x", "rn"} {
			changed := append(append(append([]byte(nil), w[:i]...), s...), w[j:]...)
			if p.With(i, j, s) != HashOf(changed) {
				t.Fatalf("%q with %q in %d to %d", w, s, i, j)
			}
		}
	}
}

// BenchmarkUnpack is what a program spends once, and what memory it then holds.
func BenchmarkUnpack(b *testing.B) {
	var l *Lexicon
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		var err error
		if l, err = unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	runtime.KeepAlive(l)
}
