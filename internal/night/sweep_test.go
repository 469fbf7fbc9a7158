package night

import (
	"testing"
	"time"

	"nightshift/pipeline/progress"
)

// While tasks wait, what waits is not asked for again; a notification that was
// lost is told by those that came later.
func TestWhatTheSweepTrusts(t *testing.T) {
	now := time.Date(2026, 11, 25, 23, 4, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	const intake, plan = progress.MissingIntake, progress.MissingPlan
	for _, c := range []struct {
		about   string
		idle    bool
		notice  time.Duration // ago; 0: none waits
		missing string
		put     time.Duration // ago
		want    string
	}{
		{"nothing waits, so it has no message", true, 0, plan, time.Second, "5m0s-1795647600"},
		{"nothing waits, its notification was lost", true, 0, intake, time.Second, "5m0s-1795647600"},
		{"it may be among what waits", false, 0, plan, 59 * time.Minute, ""},
		{"it has waited for an hour", false, 0, plan, 61 * time.Minute, "1h0m0s-1"},
		{"and for another", false, 0, plan, 121 * time.Minute, "1h0m0s-2"},
		{"its notification is on its way", false, 0, intake, 10 * time.Second, ""},
		{"intake has seen all that came", false, 0, intake, 20 * time.Second, "5m0s-1795647600"},
		{"those that came with it wait still", false, 20 * time.Second, intake, 20 * time.Second, ""},
		{"those that came after it were settled", false, 20 * time.Second, intake, time.Minute, "5m0s-1795647600"},
	} {
		k := trust{now: now, every: 5 * time.Minute, idle: c.idle}
		if c.notice > 0 {
			k.notice = ago(c.notice)
		}
		if got := k.word(c.missing, ago(c.put)); got != c.want {
			t.Errorf("%s: asked under %q, want %q", c.about, got, c.want)
		}
	}
}
