package damage

import (
	"strings"
	"unicode"
)

// kinds are the ways to damage a word or what is beside it, with their shares.
var kinds = []kind{
	{"confusion", 20, misread}, {"confusion", 8, misreadLess}, {"symbol", 3, symbol}, {"slip", 8, slip}, {"inner-capital", 2, innerCapital},
	{"homoglyph", 2, homoglyph}, {"accent", 2, accent},
	{"merged-words", 9, merged}, {"merged-three", 1, mergedThree}, {"split-word", 7, split}, {"split-hyphen", 4, splitHyphen}, {"spaced-letters", 1, spaced},
	{"punct-space-lost", 12, spaceLost}, {"space-before-punct", 8, spaceBefore}, {"space-in-bracket", 1, inBracket},
	{"space", 5, space}, {"invisible", 4, unseen}, {"soft-hyphen", 3, soft}, {"ligature", 6, ligature},
	{"replacement-char", 4, replaced}, {"question-mark", 2, questioned}, {"lost-apostrophe", 20, lostApostrophe}, {"mojibake", 20, mojibake}, {"quote", 20, quote},
	{"stray", 7, stray}, {"stray-at-word", 4, strayAtWord}, {"doubled-punct", 5, doubled}, {"repeated-word", 1, repeated},
}

func (d *damager) word(lo, hi int) string { return string(d.in[lo:hi]) }

func (d *damager) pick(list []string) string { return list[d.rng.IntN(len(list))] }

// swap replaces one of the pairs' first, at a random place in w, by its second.
func (d *damager) swap(w string, pairs []string) (string, bool) {
	first := d.rng.IntN(len(pairs) / 2)
	for k := range len(pairs) / 2 {
		p := 2 * ((first + k) % (len(pairs) / 2))
		if n := strings.Count(w, pairs[p]); n > 0 {
			at, skip := 0, d.rng.IntN(n)
			for ; ; skip-- {
				at += strings.Index(w[at:], pairs[p])
				if skip == 0 {
					return w[:at] + pairs[p+1] + w[at+len(pairs[p]):], true
				}
				at += len(pairs[p])
			}
		}
	}
	return "", false
}

var often = strings.Fields(`e c  c e  h b  b h  o c  a o  o a  n u  u n  t f  f t  l 1  l I  I l  i 1  m rn  rn m  m in  m ni  d cl  cl d  li h  h li
	w vv  ri n  n ri  in m  th tb  th lh  i l  l i  o 0  s 5  S 5  B 8  O 0  e o  a e  c o  t l  l t  ll U  ll H  fi h  ti h  y v  v y  g q  g 9  k lc  H li`)

var seldom = strings.Fields(`a s  s a  i j  r t  h n  p n  m w  w m  u v  v u  e s  r v  nn m  m nn  E F  F E  D O  G C  C G  R K  K R  M N  N M  P F  T I  O Q  Z 2  z 2  x z  d a
	tt ll  ss as  ct d  rt n  ea ca  ou on  an au  le Ie  er cr  ed od  S 8  A 4  b 6  o p  t r  n v`)

func misread(d *damager, lo, hi int) (int, string, bool)     { return d.swapped(lo, hi, often) }
func misreadLess(d *damager, lo, hi int) (int, string, bool) { return d.swapped(lo, hi, seldom) }

func (d *damager) swapped(lo, hi int, pairs []string) (int, string, bool) {
	if hi-lo < 3 {
		return 0, "", false
	}
	made, ok := d.swap(d.word(lo, hi), pairs)
	return hi - lo, made, ok
}

// symbol reads a letter as a mark.
func symbol(d *damager, lo, hi int) (int, string, bool) {
	return d.swapped(lo, hi, strings.Fields("l !  l |  i !  t +  s $  a @  I ]  c (  l /  I !"))
}

// slip is a typist's: a letter left out, doubled, exchanged with the next, or a
// neighbour's key.
func slip(d *damager, lo, hi int) (int, string, bool) {
	w := append([]rune(nil), d.in[lo:hi]...)
	if len(w) < 5 {
		return 0, "", false
	}
	k := 1 + d.rng.IntN(len(w)-2)
	switch d.rng.IntN(4) {
	case 0:
		w = append(w[:k], w[k+1:]...)
	case 1:
		w = append(w[:k], append([]rune{w[k]}, w[k:]...)...)
	case 2:
		w[k], w[k+1] = w[k+1], w[k]
	default:
		const keys = "qwertyuiop asdfghjkl zxcvbnm"
		i := strings.IndexRune(keys, w[k])
		if i < 1 || keys[i-1] == ' ' {
			return 0, "", false
		}
		w[k] = rune(keys[i-1])
	}
	return hi - lo, string(w), true
}

func innerCapital(d *damager, lo, hi int) (int, string, bool) {
	w := append([]rune(nil), d.in[lo:hi]...)
	if len(w) < 4 || !unicode.IsLower(w[1]) {
		return 0, "", false
	}
	k := 1 + d.rng.IntN(len(w)-1)
	w[k] = unicode.ToUpper(w[k])
	return hi - lo, string(w), true
}

// homoglyph takes a letter of another script that looks the same.
func homoglyph(d *damager, lo, hi int) (int, string, bool) {
	return d.swapped(lo, hi, strings.Fields("a а  e е  o о  p р  c с  x х  A А  E Е  O О  T Т  o ο  H Н"))
}

func accent(d *damager, lo, hi int) (int, string, bool) {
	return d.swapped(lo, hi, strings.Fields("e é  o ö  a á  i í  u ü  e è  c ç  o ó  i ï"))
}

// gap tells whether one blank and a word in small letters follow the word that
// ends at hi, and where that word ends.
func (d *damager) gap(hi int) (int, bool) {
	if hi+1 >= d.stop || d.in[hi] != ' ' || !unicode.IsLower(d.in[hi+1]) {
		return 0, false
	}
	end := hi + 1
	for end < d.stop && unicode.IsLetter(d.in[end]) && d.in[end] != 'ʼ' {
		end++
	}
	return end, true
}

func merged(d *damager, lo, hi int) (int, string, bool) {
	end, ok := d.gap(hi)
	return end - lo, d.word(lo, hi) + d.word(min(hi+1, end), end), ok
}

func mergedThree(d *damager, lo, hi int) (int, string, bool) {
	mid, ok := d.gap(hi)
	if !ok {
		return 0, "", false
	}
	end, ok := d.gap(mid)
	return end - lo, strings.ReplaceAll(d.word(lo, max(end, lo)), " ", ""), ok
}

func (d *damager) parted(lo, hi int, by string) (int, string, bool) {
	if hi-lo < 5 {
		return 0, "", false
	}
	k := lo + 2 + d.rng.IntN(hi-lo-3)
	return hi - lo, d.word(lo, k) + by + d.word(k, hi), true
}

func split(d *damager, lo, hi int) (int, string, bool) { return d.parted(lo, hi, " ") }

// splitHyphen is a hyphen of a line's end whose line was set anew.
func splitHyphen(d *damager, lo, hi int) (int, string, bool) { return d.parted(lo, hi, "- ") }

func soft(d *damager, lo, hi int) (int, string, bool) { return d.parted(lo, hi, "\u00ad") }

func spaced(d *damager, lo, hi int) (int, string, bool) {
	if hi-lo < 6 {
		return 0, "", false
	}
	return hi - lo, strings.Join(strings.Split(d.word(lo, hi), ""), " "), true
}

// after tells whether a punctuation mark follows the word, and a blank after it.
func (d *damager) after(hi int) bool {
	return hi+2 < d.stop && strings.ContainsRune(",.;:", d.in[hi]) && d.in[hi+1] == ' ' && unicode.IsLetter(d.in[hi+2])
}

func spaceLost(d *damager, lo, hi int) (int, string, bool) {
	if !d.after(hi) || hi-lo < 4 || d.in[hi] == '.' && !unicode.IsLower(d.in[hi-1]) {
		return 0, "", false
	}
	return hi - lo + 2, d.word(lo, hi+1), true
}

func spaceBefore(d *damager, lo, hi int) (int, string, bool) {
	if !d.after(hi) || hi-lo < 4 {
		return 0, "", false
	}
	return hi - lo + 1, d.word(lo, hi) + " " + d.word(hi, hi+1), true
}

func inBracket(d *damager, lo, hi int) (int, string, bool) {
	if hi < d.stop && d.in[hi] == ')' {
		return hi - lo + 1, d.word(lo, hi) + " )", true
	}
	return 0, "", false
}

func (d *damager) beforeNext(lo, hi int, by []string) (int, string, bool) {
	if _, ok := d.gap(hi); !ok {
		return 0, "", false
	}
	return hi - lo + 1, d.word(lo, hi) + d.pick(by), true
}

func space(d *damager, lo, hi int) (int, string, bool) {
	return d.beforeNext(lo, hi, []string{"  ", "   ", "\u00a0", "\u2002", "\u2005", "\u200a", "\u202f", "\u3000", "\t", " \u00a0"})
}

func unseen(d *damager, lo, hi int) (int, string, bool) {
	return d.parted(lo, hi, d.pick([]string{"\u200b", "\u200d", "\u2060", "\ufeff", "\u200e", "\u202a", "\u0003", "\u001f", "\u0092", "\u2063", "\u034f", "\ufe0f", "\u061c"}))
}

func ligature(d *damager, lo, hi int) (int, string, bool) {
	return d.swapped(lo, hi, strings.Fields("ffi ﬃ  ffl ﬄ  ff ﬀ  fi ﬁ  fl ﬂ  st ﬆ"))
}

func replaced(d *damager, lo, hi int) (int, string, bool) { return d.hole(lo, hi, '\ufffd') }

// questioned is a letter lost to a character set that writes ? for it.
func questioned(d *damager, lo, hi int) (int, string, bool) { return d.hole(lo, hi, '?') }

func (d *damager) hole(lo, hi int, r rune) (int, string, bool) {
	w := append([]rune(nil), d.in[lo:hi]...)
	if len(w) < 5 {
		return 0, "", false
	}
	w[1+d.rng.IntN(len(w)-2)] = r
	return hi - lo, string(w), true
}

// apostrophe gives the apostrophe after the word.
func (d *damager) apostrophe(hi int) bool {
	return hi+1 < d.stop && strings.ContainsRune("ʼ’'", d.in[hi]) && d.in[hi+1] == 's'
}

func lostApostrophe(d *damager, lo, hi int) (int, string, bool) {
	return hi - lo + 1, d.word(lo, hi) + "\ufffd", d.apostrophe(hi)
}

func mojibake(d *damager, lo, hi int) (int, string, bool) {
	if d.apostrophe(hi) {
		return hi - lo + 1, d.word(lo, hi) + d.pick([]string{"â€™", "â\u0080\u0099", "Ã¢â‚¬â„¢"}), true
	}
	if hi+1 < d.stop {
		for r, m := range map[rune]string{'—': "â€”", '–': "â€“", '”': "â€\u009d"} {
			if d.in[hi] == r {
				return hi - lo + 1, d.word(lo, hi) + m, true
			}
		}
	}
	return 0, "", false
}

func quote(d *damager, lo, hi int) (int, string, bool) {
	if d.apostrophe(hi) {
		return hi - lo + 1, d.word(lo, hi) + d.pick([]string{"´", "`", "‘", "′", "‛"}), true
	}
	if hi < d.stop && d.in[hi] == '”' {
		return hi - lo + 1, d.word(lo, hi) + d.pick([]string{"''", "\"", "»", "″", "’’"}), true
	}
	return 0, "", false
}

func stray(d *damager, lo, hi int) (int, string, bool) {
	return d.beforeNext(lo, hi, []string{" ~ ", " ^ ", " | ", " ¦ ", " ■ ", " □ ", " ● ", " § ", " ¤ ", " ¨ ", " ´ ", " _ ", " \\ ", " { ", " } ", " # ", " .. ", " ,, ", " '. ", " -. ", " ¬ ", " ° ", " + ", " ) ", " ` ", " ; ", " , "})
}

func strayAtWord(d *damager, lo, hi int) (int, string, bool) {
	return d.beforeNext(lo, hi, []string{"~ ", "^ ", "| ", "■ ", "` ", "\\ ", "_ ", "* ", "} ", " ~", " ^", " |", " _", " ■", " {", " \\", "¦ ", "´ ", "° "})
}

func doubled(d *damager, lo, hi int) (int, string, bool) {
	if !d.after(hi) {
		return 0, "", false
	}
	return hi - lo + 1, d.word(lo, hi+1) + d.word(hi, hi+1), true
}

// repeated is a word that a typist wrote twice.
func repeated(d *damager, lo, hi int) (int, string, bool) {
	if _, ok := d.gap(hi); !ok || hi-lo < 3 {
		return 0, "", false
	}
	return hi - lo, d.word(lo, hi) + " " + d.word(lo, hi), true
}
