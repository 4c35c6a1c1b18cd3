package recovery

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// issuedKey is the key of the issuance in the private state.
const issuedKey = "issued"

// issuance is the moment at which a code or link was made. No clock can be compared with expires_at, which the server
// writes: the clock of this machine, of a gateway that writes the Date header, or of another machine that applies next,
// can be hours off. The provider therefore measures how long ago the moment was, by two clocks.
type issuance struct {
	Here     time.Time     `json:"here"`           // by the clock of this machine
	There    time.Time     `json:"there,omitzero"` // by the Date header of the server's response
	Lifetime time.Duration `json:"lifetime_ns"`    // of the code or link
}

// timer returns the times of the clocks of the server.
type timer interface {
	ServerTime() (now time.Time, known bool)
}

// newIssuance describes a code or link that was made just now.
func newIssuance(c timer, recovery *kratos.Recovery, expiresIn types.String) issuance {
	i := issuance{Here: time.Now()}
	if now, known := c.ServerTime(); known {
		i.There = now
	}
	if configured, ok := duration(expiresIn); ok {
		i.Lifetime = configured
		return i
	}
	// The server's default lifetime isn't known. With a wrong clock, the computed lifetime can be too long or negative.
	end, err := time.Parse(time.RFC3339, recovery.ExpiresAt)
	for _, now := range []time.Time{i.Here, i.There} {
		if left := end.Sub(now); err == nil && !now.IsZero() && left > 0 && (i.Lifetime == 0 || left < i.Lifetime) {
			i.Lifetime = left
		}
	}
	return i
}

// age returns how long ago the code or link was made. If the clocks disagree, it is the shorter time, because a wrong
// clock must not cause a renewal in every plan.
func (i issuance) age(c timer) time.Duration {
	age := time.Since(i.Here.Round(0)) // Round removes the reading of the monotonic clock
	if now, known := c.ServerTime(); known && !i.There.IsZero() {
		age = min(age, now.Sub(i.There))
	}
	return age
}

// isDue reports whether less than renewBefore remains of the lifetime.
func (i issuance) isDue(c timer, renewBefore time.Duration) bool {
	return i.Lifetime > 0 && i.age(c) >= i.Lifetime-renewBefore
}

func (i issuance) save(ctx context.Context, private interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
},
) diag.Diagnostics {
	raw, err := json.Marshal(i)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Provider defect", err.Error())}
	}
	return private.SetKey(ctx, issuedKey, raw)
}

// loadIssuance returns false if the private state has no issuance.
func loadIssuance(ctx context.Context, private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}, diags *diag.Diagnostics,
) (i issuance, ok bool) {
	raw, d := private.GetKey(ctx, issuedKey)
	diags.Append(d...)
	return i, len(raw) > 0 && json.Unmarshal(raw, &i) == nil
}
