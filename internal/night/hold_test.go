package night

import (
	"context"
	"testing"
	"time"
)

// TestWhoWaitsForWhom on one data directory: what ends by itself is not taken for
// what stays.
func TestWhoWaitsForWhom(t *testing.T) {
	for _, c := range []struct {
		holder, comer Hold
		waits         bool
	}{
		{ForAMoment, UntilStopped, true},
		{ForANight, UntilStopped, true},
		{ForAMoment, ForAMoment, true},
		{ForANight, ForAMoment, false},
		{UntilStopped, ForAMoment, false},
		{"", UntilStopped, false},
	} {
		dir := t.TempDir()
		first, err := Open(t.Context(), Addresses{Data: dir, Hold: c.holder}, nil)
		if err != nil {
			t.Fatal(err)
		}
		type opened struct {
			*System
			error
		}
		came := make(chan opened, 1)
		go func() {
			s, err := Open(context.Background(), Addresses{Data: dir, Hold: c.comer}, nil)
			came <- opened{s, err}
		}()
		var second opened
		if c.waits {
			select {
			case second = <-came:
				t.Errorf("%q does not wait for %q: %v", c.comer, c.holder, second.error)
			case <-time.After(300 * time.Millisecond):
			}
			first.Close()
		}
		if second.System == nil {
			second = <-came
		}
		if second.error != nil || second.Embedded() != c.waits {
			t.Errorf("%q after %q: %v", c.comer, c.holder, second.error)
		}
		if second.System != nil {
			second.Close()
		}
		if !c.waits {
			first.Close()
		}
	}
}
