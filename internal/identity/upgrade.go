package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ resource.ResourceWithUpgradeState = (*identityResource)(nil)

// UpgradeState implements resource.ResourceWithUpgradeState. This provider's schema starts at version 1, so a state of
// version 0 is the official provider's, brought here by terraform state replace-provider or by a change of the
// resource's provider.
func (*identityResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{officialVersion: {StateUpgrader: upgradeOfficial}}
}

func upgradeOfficial(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
	if old, ok := parseOfficial(req.RawState.JSON, &resp.Diagnostics); ok {
		old.intoState(ctx, &resp.State, &resp.Diagnostics)
	}
}

// An upgrader can't write private state, so an upgraded identity is known by what it lacks: every Create, Read and
// Update of this provider sets schema_url, and Create and Update record what the configuration owns.

// wasUpgraded says whether the state is as the upgrader left it.
func (m *model) wasUpgraded(ctx context.Context, private privateReader, diags *diag.Diagnostics) bool {
	record, d := private.GetKey(ctx, ownedKey)
	diags.Append(d...)
	return m.SchemaURL.IsNull() && len(record) == 0
}

// markUpgraded gives an upgraded identity the marker of an imported one, before a Read makes it look like any other.
func (m *model) markUpgraded(ctx context.Context, from privateReader, to privateWriter, diags *diag.Diagnostics) {
	if m.wasUpgraded(ctx, from, diags) {
		diags.Append(to.SetKey(ctx, importedKey, []byte("true"))...)
	}
}

// recordsPassword says whether the apply only records a configured password and sends nothing, as the first one does
// for an identity that was imported, moved or upgraded. A change of a password or version that the old state has is
// sent like any.
func (o *operation) recordsPassword(ctx context.Context, private privateReader) bool {
	if !isImported(ctx, private, o.diags) && !o.state.wasUpgraded(ctx, private, o.diags) {
		return false
	}
	return !o.plan.password().replaces(o.state.password())
}
