package clean

import (
	"strings"
	"testing"
)

// sentence sets a word into running English, so that a rule that is too eager
// has something to hold on to.
func sentence(w string) string {
	return "The Secretary of State said that " + w + " had been discussed with the Ambassador in the course of the meeting, and that the matter of " + w + " would be taken up again.\n"
}

// damaged is a text that shows damage, in which rules dare more.
const damaged = "The  Govern\u00admen\u200bt of\u00a0the United States  has re-\nceived the rep0rt of thc Ambassador , and  will co nsider it.\n\n"

func untouched(t *testing.T, w string) {
	t.Helper()
	for _, text := range []string{sentence(w), damaged + sentence(w)} {
		runes := []rune(text)
		at := len(runes) - len([]rune(sentence(w)))
		for _, c := range Correct(Input{Text: text}) {
			if c.Start >= at && c.Decision == Applied {
				t.Errorf("%s: [%s|%s] by %s (%.3f)", w, c.Before, c.After, c.Rule, c.Confidence)
			}
		}
	}
}

// What must never be split: the contract's list, and more of each kind.
func TestNeverSplit(t *testing.T) {
	for w := range strings.FieldsSeq(`
		McCloy deGaulle O’Neill LaRue ChiCom RepDel Deptel Embtel FonOff LDCs NATO’s PBSUCCESS p.m.
		MacArthur McNamara McGhee FitzGerald DuBois DeLong VanDeusen LeMay DiMaggio L’Enfant
		ConGen PolAd MilAttaché GenDel ForMin PriMin DepSec USUN USDel GADel NethDel SovBloc ChiNat ChiComs
		UNRWA SEATO CINCPAC CINCNELM SHAPE’s ICBMs MIGs FRG’s USSR’s GDR’s
		KUBARK LCFLUTTER JMWAVE ODYOKE AEFOXTROT
		antiAmerican nonCommunist interAmerican proWestern preWar transAtlantic viceConsul exPresident
		a.m. e.g. i.e. viz. N.Y.C. U.S.S.R. H.R. Ph.D. op.cit. c.i.f. f.o.b.
		Guatemalan Rubottom Livengood Casablanca Fraenkel Sihanoukville Ouagadougou Hammarskjold Ngo-dinh-Diem
		policymaking counterproposal reexamination nontariff airgram aidememoire windfall breadgrains
		checkmark righthand largescale wellbeing backdown lifework inadvisability apolitical asymmetrical betimes workingman
		PsyWar WestEur AmEmb NatSec Ferdinand Marchand Helgoland Westland Iguala Ilanga
		reftel urtel mytel telcon memcon instr govt dept infotel`) {
		untouched(t, w)
	}
}

// What must never be touched: numbers, citations, file references, and what
// looks odd and is not damage.
func TestNeverTouched(t *testing.T) {
	for _, w := range []string{
		"611.61/2-361", "S/4704", "Lot 66 D 204", "40-50 million", "pp. 19-28", "$47.7",
		"762.00/10-2561", "501.BC Indonesia/3–249", "851G.00/4–3049", "A/C.1/L.299", "NSC 5412/2", "CFEP 501/9", "Lot 57-D 688", "Job 79–01025A",
		"FRC 330–82–0205", "Box H–110", "1:30 p. m.", "2135Z", "10,000", "3.5%", "£1,250", "38th parallel", "November 1st", "the 21st and 3rd", "the 1950s", "15ème", "10cm", "5lbs", "B-52", "T-34", "U-2", "MIG-21", "1961–63",
		"May 5/6", "vol. XIV, pp. 101–107", "Nos. 12a and 12b", "[less than 1 line not declassified]", "[sic]", "[Here follows discussion of trade.]",
		"co-exist", "aide-memoire", "Close-in", "all-out", "re-examine", "rôle", "coup d’état", "modus vivendi", "détente", "per se", "régime", "vis-à-vis",
		"labour", "honour", "programme", "shew", "connexion", "gaol", "to-day", "to-morrow", "anyone", "shld", "rptd", "cld", "dlvrd", "pls", "folg", "eyes only",
	} {
		untouched(t, w)
	}
}

// A telegram without articles, and French, are no damage.
func TestNoDamage(t *testing.T) {
	for _, text := range []string{
		"NIACT. Deptel 617 rptd Moscow 43. Re urtel 1025 Dept concurs FonOff shld be informed soonest. Suggest Emb convey fol to PriMin: US Govt cannot accept Sov position re access. Pls rpt any reaction. Herter\n",
		"Le Gouvernement français a pris connaissance de la note du Gouvernement soviétique et tient à rappeler que les accords conclus à ce sujet restent en vigueur jusqu'à nouvel ordre.\n",
		"Die Bundesregierung hat die Note der sowjetischen Regierung zur Kenntnis genommen und wird sich mit den drei Mächten über eine Antwort verständigen.\n",
		"Правительство СССР рассмотрело ноту правительства Соединённых Штатов Америки.\n",
		"外務大臣は大使と会見し、両国間の諸問題について意見を交換した。\n",
	} {
		for _, c := range Correct(Input{Text: text}) {
			if c.Decision == Applied {
				t.Errorf("%.30q…: [%s|%s] by %s", text, c.Before, c.After, c.Rule)
			}
		}
	}
}

// Noise from end to end is left alone.
func TestNoise(t *testing.T) {
	noise := strings.Repeat("~'x_ |}# ;i1l ^^ vv\\ ,.» qzx  {%} ¬rn= t|h *& o0O <> eee ~~ ii! ", 20)
	if cs := Correct(Input{Text: noise}); len(cs) > 0 {
		t.Errorf("%d corrections of noise, the first %+v", len(cs), cs[0])
	}
}
