package night

import (
	"strings"
	"testing"

	"nightshift/pipeline/archive"
)

func TestLanguageRules(t *testing.T) {
	rules, err := languageRules("Paris/*/letters=fra+eng; Paris=fra;A=B/*.tif=deu")
	if err != nil {
		t.Fatal(err)
	}
	o := Stages{Languages: []string{"eng"}, LanguageRules: rules}
	for locator, want := range map[archive.Locator]string{
		"Paris/box 1/letters/0001.tif": "fra+eng", "Paris/box 1/notes/0001": "fra", "Paris": "fra",
		"A=B/memo.tif": "deu", "A=B/memo.jpg": "eng", "Parisian/box": "eng", "London/Paris/letters": "eng",
	} {
		if got := strings.Join(o.languagesOf(archive.Manifest{Locator: locator}), "+"); got != want {
			t.Errorf("%s: %s, want %s", locator, got, want)
		}
	}
	if got := o.languagesOf(archive.Manifest{Locator: "Paris/x", Languages: []string{"lat"}}); got[0] != "lat" {
		t.Errorf("an item.json that says lat: %v", got)
	}
	for _, bad := range []string{"", "Paris", "=fra", "Paris=", "[=fra", "Paris=fra;"} {
		if r, err := languageRules(bad); err == nil {
			t.Errorf("%q was taken as %v", bad, r)
		}
	}
}
