package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Delete implements resource.Resource. An identity that no longer exists counts as deleted under every policy.
func (r *identityResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	d := remover{diags: &resp.Diagnostics, private: resp.Private}
	d.state = decode(ctx, req.State.Raw, d.diags)
	d.unrevoked = loadUnrevoked(ctx, req.Private, d.diags).on(&d.state)
	timeout, more := d.state.Timeouts.Delete(ctx, defaultTimeout)
	d.diags.Append(more...)
	policy := d.state.DeletionPolicy.ValueString()
	if d.diags.HasError() || policy == DeletionRetain && len(d.unrevoked) == 0 || !r.Data.RequireClient(d.diags) {
		return
	}
	d.client, d.schemas = r.Data.Client, r.operation(d.diags).schemas
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	id := d.state.ID.ValueString()
	defer r.Data.Locks.Lock(id)()
	if d.isSpared(ctx, r.Data, req.Private) {
		addSpared(d.diags, id, "was planned for removal with this resource, but another resource of the configuration "+
			"adopts it",
			"it is unchanged")
		return
	}
	if d.diags.HasError() {
		return
	}
	switch policy {
	case DeletionRetain:
		d.endSessions(ctx, "The identity is unchanged")
	case DeletionDeactivate:
		d.deactivate(ctx)
	default:
		if err := deleteIdentity(ctx, d.client, id); err == nil {
			r.Data.Walk.MarkDeleted(id)
		} else if !errors.Is(err, kratos.ErrNotFound) {
			base.AddError(d.diags, "Failed to delete identity", err)
		}
	}
}

// deleteIdentity deletes an identity. If no answer shows whether the server deleted it, deleteIdentity reads it.
func deleteIdentity(ctx context.Context, c client, id string) error {
	err := c.DeleteIdentity(ctx, id)
	if errors.Is(err, kratos.ErrOutcomeUnknown) && ctx.Err() == nil {
		if _, readErr := c.GetIdentity(ctx, id); errors.Is(readErr, kratos.ErrNotFound) {
			return nil
		}
	}
	return err
}

// remover handles a resource that is destroyed while its identity stays on the server.
type remover struct {
	client    client
	schemas   schemaGetter
	state     model
	unrevoked unrevoked // from an earlier apply or from this destroy
	private   base.PrivateWriter
	diags     *diag.Diagnostics
}

// deactivate sets the identity to inactive if it is active. It ends the sessions even if the identity was already
// inactive, because an earlier attempt may have failed between the two requests.
func (d *remover) deactivate(ctx context.Context) {
	id := d.state.ID.ValueString()
	active, err := setInactive(ctx, d.client, id)
	if d.state.revokesOn(revokeOnDeactivation) && (err == nil || errors.Is(err, kratos.ErrOutcomeUnknown)) {
		d.unrevoked = d.unrevoked.with(revokeOnDeactivation)
	}
	switch {
	case errors.Is(err, kratos.ErrNotFound):
	case err != nil:
		d.stillActive(ctx, id, active, err)
	default:
		d.endSessions(ctx, "The identity is now inactive, and the server refuses its sessions")
	}
}

// setInactive sets the identity to inactive. If no answer shows that the server did so, it reads the identity again.
// After an error it returns what is known about the state of the identity.
func setInactive(ctx context.Context, c client, id string) (activity, error) {
	active := notKnown
	var lost error
	for sent := 0; ; sent++ {
		identity, err := c.GetIdentity(ctx, id)
		switch {
		case err != nil:
			return active, errors.Join(err, lost)
		case identity.State == stateInactive:
			return active, nil
		case sent == maxPatches:
			return isActive, lost
		}
		patched, err := c.PatchIdentity(
			ctx,
			id,
			[]kratos.PatchOperation{replaceString("/state", types.StringValue(stateInactive))},
		)
		switch {
		case err == nil && patched.State == stateInactive:
			return active, nil
		case err == nil:
			err = stateIgnored(patched.State)
		case !errors.Is(err, kratos.ErrOutcomeUnknown):
			return isActive, err
		case ctx.Err() != nil:
			return mayBeInactive, err
		}
		lost, active = err, mayBeInactive
	}
}

// stateIgnored returns the error of a change of the state that the server confirmed and did not make.
func stateIgnored(is string) error {
	return fmt.Errorf("the server reported success, but the identity in its answer still has the state %q. A proxy or "+
		"gateway between the provider and Kratos may have answered in place of Kratos", is)
}

// endSessions ends the sessions if a change requires it. If the request fails, the error keeps the resource in the
// state, so that the next destroy tries again.
func (d *remover) endSessions(ctx context.Context, now string) {
	if len(d.unrevoked) == 0 {
		return
	}
	id := d.state.ID.ValueString()
	err := endSessions(ctx, d.client, id)
	if err == nil {
		return
	}
	d.unrevoked.save(ctx, d.private, d.diags)
	d.diags.AddError(failedToRevoke, fmt.Sprintf("%s\n\n%s, but the provider could not end the sessions after these "+
		"changes: %s (revoke_sessions_on). While the identity is active, the sessions are valid. The resource remains "+
		"in the state. Destroy it again to end the sessions. If you keep the resource instead, the next apply ends the "+
		"sessions before it activates the identity (state = \"active\"). To keep the sessions, apply the resource "+
		"without revoke_sessions_on, or remove it with a removed block that has destroy = false.",
		base.Explain(err), now, strings.Join(d.unrevoked, ", ")))
}

// warnRemains adds a warning to the plan of a destroy if the identity stays on the server.
func warnRemains(m model, diags *diag.Diagnostics) {
	id, policy := m.ID.ValueString(), m.DeletionPolicy.ValueString()
	switch policy {
	case DeletionDeactivate:
		diags.AddAttributeWarning(
			path.Root("deletion_policy"),
			"Identity remains on the server",
			fmt.Sprintf("The deletion_policy of identity %s is %q: Terraform removes the resource from the state. The "+
				"identity remains on the server, inactive: nobody can sign in to it.", id, policy),
		)
	case DeletionRetain:
		diags.AddAttributeWarning(
			path.Root("deletion_policy"),
			"Identity remains on the server",
			fmt.Sprintf("The deletion_policy of identity %s is %q: Terraform removes the resource from the state. The "+
				"identity remains on the server, unchanged.", id, policy),
		)
	}
}
