package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Update implements resource.Resource. It sends one JSON Patch with all changes, second factors and passkeys included,
// then the password and the new links, and then deletes the dropped credentials. It saves the result of each request,
// so that the next plan shows exactly the remaining changes.
func (r *identityResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	u := updater{operation: r.operation(&resp.Diagnostics)}
	u.config = decode(ctx, req.Config.Raw, u.diags)
	u.plan = decode(ctx, req.Plan.Raw, u.diags)
	u.state = decode(ctx, req.State.Raw, u.diags)
	u.owned = loadOwned(ctx, req.Private, u.diags)
	u.imported = u.recordsCredentials(ctx, req.Private)
	u.unrevoked = loadUnrevoked(ctx, req.Private, u.diags)
	timeout, d := u.plan.Timeouts.Update(ctx, defaultTimeout)
	u.diags.Append(d...)
	if u.diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	u.phones = phonesOf(ctx, u.schemas, u.plan.SchemaID)
	id := u.state.ID.ValueString()
	defer r.Data.Locks.Lock(id)()

	if !r.Data.Walk.Claim(id) {
		u.diags.AddError("Identity managed by another resource", fmt.Sprintf("Another resource of the configuration "+
			"adopted the identity %s of this resource (on_conflict = %q) in the same apply. Two resources declare the "+
			"same identity: remove one of them, with a removed block that has destroy = false.", id, ConflictAdopt))
		return
	}
	u.known = kratos.Identity{UpdatedAt: u.state.UpdatedAt.ValueString()} // nothing else is needed if no request is sent
	if !u.revokeBeforeActivation(ctx) {
		return
	}
	u.unrevoked.save(ctx, resp.Private, u.diags)
	before := len(u.unrevoked)
	done := u.prepareVerification(ctx) && u.carryOut(ctx, func(m model) { u.save(ctx, resp, m) })
	if done {
		u.diags.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
	}
	// The sessions end as soon as there is a reason, even if the update failed after that change.
	if done || len(u.unrevoked) > before {
		u.revokeSessions(ctx)
		u.unrevoked.save(ctx, resp.Private, u.diags)
	}
}

// updater updates one identity.
type updater struct {
	*operation
}

// carryOut sends the requests in order and saves the result of each request. It returns false if the plan wasn't
// carried out.
func (u *updater) carryOut(ctx context.Context, save func(model)) bool {
	u.keepOwnedLinks(&u.state)
	// Without a read, unknown values of the plan would be saved empty. A change of the password alone needs no read here,
	// because setCredentials reads the identity.
	reads := u.linksDiffer() || u.plan.Identifiers.IsUnknown()
	if (effectOf(u.operation) == patched || reads) && !u.patch(ctx) {
		return false
	}
	u.noteDeactivation(nil)
	save(u.holding())
	if u.diags.HasError() {
		return false
	}
	if !u.setCredentials(ctx) {
		save(u.holding())
		return false
	}
	if u.sendsPassword() {
		u.changed(revokeOnPassword)
	}
	save(u.holding())
	if u.diags.HasError() {
		return false
	}
	for _, a := range managed {
		if !a.remove(ctx, u.operation, func() { save(u.holding()) }) {
			return false
		}
	}
	u.keepOwnedLinks(&u.plan)
	save(u.plan)
	return true
}

// save writes the model, completed with the server's values, to the state, and what Terraform owns to the private
// state.
func (u *updater) save(ctx context.Context, resp *resource.UpdateResponse, m model) {
	m.resolve(&u.known, u.diags)
	resp.State.Raw = m.encode(ctx, u.diags)
	setIdentity(resp.Identity, m.ID)
	o := ownedBy(&u.config, &m)
	o.Verified, o.Links, o.Factors = u.verification.ours(&u.known), u.owned.Links, u.owned.Factors
	o.save(ctx, resp.Private, u.diags)
}

// patch reads the identity and sends the differences between the plan and the server, if there are any. It returns
// false if the plan wasn't carried out.
func (u *updater) patch(ctx context.Context) bool {
	id := u.state.ID.ValueString()
	u.keep = u.requiredNulls(ctx)
	if !u.supportsFactors(ctx, u.included(), func(err error) { u.failure().onUpdate(ctx, err, false, u.diags) }) {
		return false
	}
	p := patcher{client: u.client, include: u.included(), sent: u.noteDeactivation, diags: u.diags}
	p.operations = func(current *kratos.Identity) []kratos.PatchOperation {
		u.known = *current
		return u.operations(current)
	}
	updated, ops, err := p.run(ctx, id)
	if err == nil && askedBy(ops)("schema_id") {
		// The answer to a patch of schema_id contains the URL of the old schema.
		if fresh, readErr := u.client.GetIdentity(ctx, id); readErr == nil {
			updated = fresh
		}
	}
	if err != nil {
		u.failure().onUpdate(ctx, err, isUndone(err), u.diags)
		u.addStillActive(ctx, err, isUndone(err))
	}
	if u.diags.HasError() {
		return false
	}
	updated = u.verification.finish(ctx, u.client, updated, &u.plan, u.diags)
	u.known = *updated
	if len(ops) > 0 {
		for _, a := range managed {
			a.answered(u.operation, askedBy(ops), updated)
		}
	}
	return true
}

// askedBy returns a function that reports whether the operations set an attribute.
func askedBy(ops []kratos.PatchOperation) func(name string) bool {
	return func(name string) bool {
		return slices.ContainsFunc(ops, func(op kratos.PatchOperation) bool {
			return op.Path == "/"+name || strings.HasPrefix(op.Path, "/"+name+"/")
		})
	}
}

// operations returns the planned changes that the server doesn't have yet.
func (u *updater) operations(current *kratos.Identity) []kratos.PatchOperation {
	var ops []kratos.PatchOperation
	for _, a := range managed {
		ops = append(ops, a.patch(u.operation, current)...)
	}
	return ops
}
