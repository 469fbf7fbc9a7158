package structure

import "strings"

// nameAndRole splits an entry of a list of participants: the name, and behind a
// comma, dash or bracket the role. An entry that names only an office, "The
// Secretary", is a role without a name.
func nameAndRole(e string) (name, role string) {
	e = strings.TrimSpace(e)
	cut, size := -1, 0
	for _, sep := range []string{",", "—", " (", " – ", " - "} {
		if i := strings.Index(e, sep); i > 0 && (cut < 0 || i < cut) {
			cut, size = i, len(sep)
		}
	}
	if cut < 0 {
		if strings.HasPrefix(e, "The ") || strings.HasPrefix(e, "Secretary ") {
			return "", e
		}
		return e, ""
	}
	name, role = strings.TrimSpace(e[:cut]), strings.TrimSpace(e[cut+size:])
	if e[cut:cut+size] == " (" {
		role = strings.TrimSpace(strings.Replace(role, ")", "", 1))
	}
	return name, role
}

// sideOf tells whether an entry is the name of a side (a state, delegation or
// office) over the people of it: no title, no role, and short.
func sideOf(name, role string) bool {
	if role != "" || name == "" || len(name) > 40 {
		return false
	}
	low := strings.ToLower(strings.Trim(name, " :."))
	for _, s := range sides {
		if low == s {
			return true
		}
	}
	return strings.HasSuffix(name, ":") || strings.HasSuffix(low, " side") || strings.HasSuffix(low, " delegation") || strings.HasPrefix(low, "for the ")
}

// sides are names of states as lists of participants give them.
var sides = []string{"u.s.", "us", "united states", "u.s.a.", "american", "americans", "ussr", "u.s.s.r.", "soviet union", "soviets", "united kingdom", "u.k.", "uk", "british", "great britain",
	"germany", "german", "france", "french", "italy", "japan", "china", "israel", "israelis", "iran", "iraq", "egypt", "syria", "jordan", "lebanon", "saudi arabia", "turkey", "greece", "argentina", "brazil", "chile", "mexico",
	"colombia", "peru", "venezuela", "cuba", "canada", "india", "pakistan", "poland", "romania", "yugoslavia", "spain", "portugal", "netherlands", "belgium", "norway", "denmark", "sweden", "austria", "australia",
	"new zealand", "philippines", "indonesia", "korea", "vietnam", "south africa", "state", "defense", "white house", "treasury", "cia", "jcs", "nsc", "department of state", "department of defense", "secretariat", "others", "foreign"}
