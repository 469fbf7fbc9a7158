package archive

import "strings"

// Who may tell of an event is part of its subject, ledger.<teller>.<item>, so that
// the permissions of NATS hold each service to its own: a stage by its name, or
// one of these.
const (
	TellerPeople = "people" // programs that act for people: the command, the console
	TellerSweep  = "sweep"
	TellerRetold = "retold" // who tells a lost ledger anew; of what people did nothing is told anew
)

// Teller is who may tell of such an event.
func (e Event) Teller() string {
	switch {
	case e.Kind.ByAPerson() || e.Kind == FixityChecked || e.Kind == ReportSent:
		return TellerPeople
	case e.Retold:
		return TellerRetold
	case e.Kind == Healed:
		return TellerSweep
	case e.Stage == "" || strings.ContainsAny(e.Stage, ".*> "):
		return TellerPeople
	}
	return e.Stage
}

// Subject is the ledger subject of the event.
func (e Event) Subject() string { return "ledger." + e.Teller() + "." + itemToken(e.Item) }

// HistorySubjects are those of an item's events, with that of before there were
// tellers, ledger.<item>.
func HistorySubjects(item ItemID) []string {
	return []string{"ledger.*." + itemToken(item), "ledger." + itemToken(item)}
}

func itemToken(item ItemID) string {
	if item == "" {
		return "none"
	}
	return string(item)
}

// ToldBy reports whether the event may stand under the ledger subject that it
// was found at. What a service told under its own name of another's doing may
// not; what was told before there were tellers may.
func (e Event) ToldBy(subject string) bool {
	parts := strings.Split(subject, ".")
	return len(parts) == 2 || len(parts) == 3 && parts[1] == e.Teller()
}
