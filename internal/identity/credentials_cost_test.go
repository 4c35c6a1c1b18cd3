//go:build !race

package identity

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A null member of credentials costs hardly anything: a new type of credential must not slow down those who don't use
// it. If the budget is exceeded, see credentialsType.
//
//nolint:paralleltest // counting allocations wants the process for itself
func TestCredentials_nullMembersCostNothing(t *testing.T) {
	var diags diag.Diagnostics
	m := modelWith(t, func(m *model) { m.setPassword(passwordModel{value: types.StringValue("x")}) })
	var raw tftypes.Value
	const encoding, decoding = 130, 60
	if got := testing.AllocsPerRun(100, func() { raw = m.encode(t.Context(), &diags) }); got > encoding {
		t.Errorf("%.0f allocations to encode, the budget is %d", got, encoding)
	}
	if got := testing.AllocsPerRun(100, func() { decode(t.Context(), raw, &diags) }); got > decoding {
		t.Errorf("%.0f allocations to decode, the budget is %d", got, decoding)
	}
}
