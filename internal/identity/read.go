package identity

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Read implements resource.Resource. It removes the identity from the state only if the server answers that no identity
// has this id.
func (r *identityResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	m := decode(ctx, req.State.Raw, diags)
	if diags.HasError() {
		return
	}
	setIdentity(resp.Identity, m.ID)
	if r.Data == nil || r.Data.Client == nil {
		r.Data.WarnNotRefreshed(diags)
		return
	}
	timeout, d := m.Timeouts.Read(ctx, defaultTimeout)
	diags.Append(d...)
	owned := loadOwned(ctx, req.Private, diags)
	m.markUpgraded(ctx, req.Private, resp.Private, diags)
	if diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	id := m.ID.ValueString()
	defer r.Data.Walk.Begin()()
	identity, err := r.Data.Client.RefreshIdentity(ctx, id)
	if errors.Is(err, kratos.ErrNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddError(diags, "Failed to read identity", err)
		return
	}
	stored := *identity // a copy, because callers share the identity
	stored.Traits = phonesOf(
		ctx,
		r.operation(diags).schemas,
		types.StringValue(identity.SchemaID),
	).asConfigured(m.Traits, identity.Traits)
	m.refresh(&stored, &owned, diags)
	resp.State.Raw = m.encode(ctx, diags)
	r.Data.Walk.MarkRead(id)
	r.Data.Walk.ReadIdentity(id)
}

// refresh updates the model, which holds the prior state, with the server's values, and keeps the prior representation.
func (m *model) refresh(identity *kratos.Identity, owned *owned, diags *diag.Diagnostics) {
	for _, a := range managed {
		a.refresh(m, identity, owned, diags)
	}
}

// resolve sets every unknown attribute to the server's value.
func (m *model) resolve(identity *kratos.Identity, diags *diag.Diagnostics) {
	for _, a := range managed {
		a.resolve(m, identity, diags)
	}
}
