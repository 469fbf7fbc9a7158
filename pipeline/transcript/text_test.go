package transcript

import "testing"

func TestDecodeText(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"utf-8":        {"naïve\r\ncafé", "naïve\ncafé"},
		"bom":          {"\xEF\xBB\xBFa", "a"},
		"utf-16":       {"\xFF\xFEa\x00\xE9\x00", "aé"},
		"windows-1252": {"it\x92s caf\xE9", "it’s café"},
		"dos end":      {"abc\x1A", "abc\x1A"},
		"empty":        {"", ""},
	} {
		got, err := DecodeText([]byte(c.raw))
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
	for _, bad := range []string{"a\x00b", "\x81\x8D", "II*\x00\x08"} {
		if got, err := DecodeText([]byte(bad)); err == nil {
			t.Errorf("%q decoded as %q", bad, got)
		}
	}
}

func FuzzDecodeText(f *testing.F) {
	f.Add([]byte("caf\xE9"))
	f.Add([]byte("\xFF\xFEa\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := DecodeText(raw); err != nil && s != "" {
			t.Error("text beside an error")
		}
	})
}

func TestGuessedEncoding(t *testing.T) {
	for name, c := range map[string]struct{ raw, want, guessed string }{
		"macintosh":         {"The caf\x8e was closed and the na\x95ve clerk left", "The café was closed and the naïve clerk left", "Mac Roman"},
		"macintosh quotes":  {"He said \xD2no\xD3 and didn\xD5t come \xD0 again", "He said “no” and didn’t come – again", "Mac Roman"},
		"dos":               {"Der M\x81ller h\x84tte die T\x81r ge\x94ffnet, sagt der Bericht", "Der Müller hätte die Tür geöffnet, sagt der Bericht", "CP437"},
		"dos, french":       {"Le caf\x82 \x85 c\x93t\x82 de la gare est ferm\x82 le lundi", "Le café à côté de la gare est fermé le lundi", "CP437"},
		"dos with rulings":  {"Inventory of the vault\n\xC9\xCD\xCD\xBB\n\xBA  \xBA\n and all that was in it, box by box", "Inventory of the vault\n╔══╗\n║  ║\n and all that was in it, box by box", "CP437"},
		"windows":           {"It\x92s the caf\xE9 of M\xFCller \x96 \x93closed\x94", "It’s the café of Müller – “closed”", ""},
		"windows, capitals": {"CAF\xC9 DE L'\xCELE, BUREAU DE L'\xC9TAT", "CAFÉ DE L'ÎLE, BUREAU DE L'ÉTAT", ""},
		"windows, pounds":   {"The cost was \xA3400 and the heat 20\xB0", "The cost was £400 and the heat 20°", ""},
		"utf-8":             {"Müller", "Müller", ""},
	} {
		got, guessed, err := DecodeTextTold([]byte(c.raw))
		if got != c.want || guessed != c.guessed || err != nil {
			t.Errorf("%s: %q in %q, %v", name, got, guessed, err)
		}
	}
}
