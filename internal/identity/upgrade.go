package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

var _ resource.ResourceWithUpgradeState = (*identityResource)(nil)

// UpgradeState implements resource.ResourceWithUpgradeState. This provider's schema starts at version 1, so a state of
// version 0 comes from the official provider. It arrives here after terraform state replace-provider or after a change
// of the resource's provider.
func (*identityResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{officialVersion: {StateUpgrader: upgradeOfficial}}
}

func upgradeOfficial(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
	if old, ok := parseOfficial(req.RawState.JSON, &resp.Diagnostics); ok {
		old.intoState(ctx, &resp.State, &resp.Diagnostics)
	}
}

// An upgrader can't write private state. An upgraded identity is therefore recognised by missing values: every Create,
// Read and Update of this provider sets schema_url, and Create and Update record what the configuration owns.

// wasUpgraded reports whether the state is still the result of the upgrader.
func (m *model) wasUpgraded(ctx context.Context, private base.PrivateReader, diags *diag.Diagnostics) bool {
	record, d := private.GetKey(ctx, ownedKey)
	diags.Append(d...)
	return m.SchemaURL.IsNull() && len(record) == 0
}

// markUpgraded gives an upgraded identity the marker of an imported identity. Read must call it before it sets
// schema_url, because an upgraded identity can't be recognised afterwards.
func (m *model) markUpgraded(
	ctx context.Context, from base.PrivateReader, to base.PrivateWriter, diags *diag.Diagnostics,
) {
	if m.wasUpgraded(ctx, from, diags) {
		diags.Append(to.SetKey(ctx, importedKey, []byte("true"))...)
	}
}

// recordsCredentials reports whether the apply only records configured credentials and sends none. The first apply
// after an import, a move or an upgrade does so.
func (o *operation) recordsCredentials(ctx context.Context, private base.PrivateReader) bool {
	return isImported(ctx, private, o.diags) || o.state.wasUpgraded(ctx, private, o.diags)
}

// recordsPassword reports whether the apply only records a configured password. If the old state has a password or a
// version that the plan changes, the apply sends the password as usual.
func (o *operation) recordsPassword() bool {
	return o.imported && !o.plan.password().replaces(o.state.password())
}
