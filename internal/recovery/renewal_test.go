package recovery

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// ahead is the clock of a server that is so far ahead of ours, nil if no response has shown it.
type ahead struct{ by *time.Duration }

func (a ahead) ServerTime() (time.Time, bool) {
	if a.by == nil {
		return time.Now(), false
	}
	return time.Now().Add(*a.by), true
}

// Whatever one of the clocks shows, a new code isn't due. One that is old by both clocks is.
func TestIssuance_isDue(t *testing.T) {
	t.Parallel()
	hours := func(n int) ahead { d := time.Duration(n) * time.Hour; return ahead{&d} }
	for name, tc := range map[string]struct {
		atCreate, atPlan ahead
		kratos           time.Duration // how far the clock that writes expires_at is ahead
		expiresIn        types.String
	}{
		"agree":                      {hours(0), hours(0), 0, types.StringValue("1h")},
		"ahead":                      {hours(5), hours(5), 5 * time.Hour, types.StringValue("1h")},
		"behind":                     {hours(-5), hours(-5), -5 * time.Hour, types.StringValue("1h")},
		"only the gateway":           {hours(5), hours(5), 0, types.StringNull()},
		"only the gateway, behind":   {hours(-5), hours(-5), 0, types.StringNull()},
		"all but ours":               {hours(5), hours(5), 5 * time.Hour, types.StringNull()},
		"jumps ahead":                {hours(0), hours(5), 0, types.StringValue("1h")},
		"jumps back":                 {hours(5), hours(0), 0, types.StringValue("1h")},
		"not known":                  {ahead{}, ahead{}, 0, types.StringNull()},
		"not known while planning":   {hours(5), ahead{}, 0, types.StringNull()},
		"not known when it was made": {ahead{}, hours(5), 0, types.StringNull()},
	} {
		end := time.Now().Add(tc.kratos + time.Hour).Format(time.RFC3339)
		made := newIssuance(tc.atCreate, &kratos.Recovery{ExpiresAt: end}, tc.expiresIn)
		if made.Lifetime.Round(time.Minute) != time.Hour || made.isDue(tc.atPlan, 10*time.Minute) {
			t.Errorf("%s: a new one is due, lifetime %s", name, made.Lifetime)
		}
		if !made.isDue(tc.atCreate, time.Hour) {
			t.Errorf("%s: it outlives renew_before", name)
		}
		made.Here = made.Here.Add(-51 * time.Minute)
		if !made.There.IsZero() {
			made.There = made.There.Add(-51 * time.Minute)
		}
		if !made.isDue(tc.atCreate, 10*time.Minute) {
			t.Errorf("%s: an old one isn't due", name)
		}
	}
}

// An expires_at that no clock can place never renews.
func TestIssuance_lifetimeNotKnown(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "soon", time.Now().Add(-time.Hour).Format(time.RFC3339)} {
		if made := newIssuance(ahead{}, &kratos.Recovery{ExpiresAt: end}, types.StringNull()); made.isDue(ahead{}, time.Hour) {
			t.Errorf("%q: %+v", end, made)
		}
	}
}
