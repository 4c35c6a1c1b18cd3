package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonpatch"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Update implements resource.Resource. It sends one JSON Patch of what changed, then the password and the links that are new,
// then deletes the links that were dropped, and records after each what holds, so that the next plan shows exactly what is left
// to do.
func (r *identityResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	var u updater
	resp.Diagnostics.Append(req.Config.Get(ctx, &u.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &u.state)...)
	u.owned = loadOwned(ctx, req.Private, &resp.Diagnostics)
	u.imported = u.recordsPassword(ctx, req.Private, &resp.Diagnostics)
	u.unrevoked = loadUnrevoked(ctx, req.Private, &resp.Diagnostics)
	timeout, d := u.plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(d...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	u.client, u.diags = r.Data.Client, &resp.Diagnostics
	defer r.Data.Locks.Lock(u.state.ID.ValueString())()

	if !r.Data.Walk.Claim(u.state.ID.ValueString()) {
		resp.Diagnostics.AddError("Identity taken by another resource", fmt.Sprintf("The identity %s of this resource was taken over by "+
			"another resource of the configuration (on_conflict = %q) in the same apply. Two resources declare the same person: remove "+
			"one, with a removed block that has destroy = false.", u.state.ID.ValueString(), conflictAdopt))
		return
	}
	u.identity = kratos.Identity{UpdatedAt: u.state.UpdatedAt.ValueString()} // as it is, where nothing is sent
	if !u.revokeBeforeActivation(ctx) {
		return
	}
	u.unrevoked.save(ctx, resp.Private, &resp.Diagnostics)
	before := len(u.unrevoked)
	done := u.prepareVerification(ctx, r.schemas()) && u.carryOut(ctx, func(m model) { u.save(ctx, resp, m) })
	if done {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
	}
	// Also where the update failed on or after the change: the sessions end as soon as there is a reason.
	if done || len(u.unrevoked) > before {
		u.revokeSessions(ctx)
		u.unrevoked.save(ctx, resp.Private, &resp.Diagnostics)
	}
}

// updater carries out the update of one identity.
type updater struct {
	planner
	client client

	verification verification

	// doubtful says that it isn't known whether the identity was deactivated.
	doubtful bool

	// identity is the newest that the server has said of it.
	identity kratos.Identity
}

// carryOut makes the requests in their order and saves what holds after each. It returns false if the plan wasn't carried out.
func (u *updater) carryOut(ctx context.Context, save func(model)) bool {
	u.keepOwnedLinks(u.state)
	// A password alone is set by a request that reads the identity itself.
	if (u.writes() || u.linksDiffer() || u.sendsPassword() && u.plan.Credentials.IsUnknown()) && !u.patch(ctx) {
		return false
	}
	u.noteDeactivation(nil)
	save(u.withHeldLinks(u.withPriorPassword()))
	if u.diags.HasError() {
		return false
	}
	if !u.setCredentials(ctx) {
		save(u.withHeldLinks(u.withPriorPassword()))
		return false
	}
	if u.sendsPassword() {
		u.changed(revokeOnPassword)
	}
	save(u.withHeldLinks(u.plan))
	if u.diags.HasError() || !u.removeLinks(ctx, func() { save(u.withHeldLinks(u.plan)) }) {
		return false
	}
	u.keepOwnedLinks(u.plan)
	save(u.plan)
	return true
}

// save records the model, completed by what the server said, and what Terraform now owns.
func (u *updater) save(ctx context.Context, resp *resource.UpdateResponse, m model) {
	m.resolve(ctx, &u.identity, u.diags)
	u.diags.Append(resp.State.Set(ctx, &m)...)
	setIdentity(ctx, resp.Identity, m.ID, u.diags)
	o := ownedBy(u.config, m).withVerified(u.verification.ours(&u.identity))
	o.OIDC, o.SAML = u.owned.OIDC, u.owned.SAML
	o.save(ctx, resp.Private, u.diags)
}

// withPriorPassword is the plan without its change of the password.
func (u *updater) withPriorPassword() model {
	m := u.plan
	if u.sendsPassword() {
		m.setPasswordState(u.state.passwordState())
	}
	return m
}

// maxPatches bounds how often an update whose answer was lost is looked at and finished.
const maxPatches = 3

// patch reads the identity and sends what differs between the plan and the server, and nothing where nothing does. When the
// answer is lost, it looks what the server has, and sends what is missing. It returns false if the plan wasn't carried out.
func (u *updater) patch(ctx context.Context) bool {
	id := u.state.ID.ValueString()
	fail := u.failure()
	var lost error
	for range maxPatches {
		current, err := u.client.GetIdentity(ctx, id)
		if err != nil {
			fail.onUpdate(ctx, id, errors.Join(err, lost), u.diags)
			return false
		}
		u.identity = *current
		ops := u.operations(current)
		if !u.diags.HasError() && len(ops) == 0 {
			u.identity = *u.verification.finish(ctx, u.client, current, &u.plan, u.diags)
			return true
		}
		if u.diags.HasError() {
			return false
		}
		updated, err := u.client.PatchIdentity(ctx, id, ops)
		u.noteDeactivation(err)
		if err == nil && askedBy(ops)("schema_id") {
			// The answer to a patch of the schema still has the old schema's URL.
			updated, err = u.client.GetIdentity(ctx, id)
		}
		if err == nil {
			updated = u.verification.finish(ctx, u.client, updated, &u.plan, u.diags)
			u.identity = *updated
			u.plan.checkAnswer(updated, askedBy(ops), u.diags)
			return true
		}
		if lost = err; ctx.Err() != nil || !errors.Is(err, kratos.ErrOutcomeUnknown) {
			break
		}
	}
	fail.onUpdate(ctx, id, lost, u.diags)
	return false
}

// askedBy says of each attribute whether the operations set it.
func askedBy(ops []kratos.PatchOperation) func(name string) bool {
	return func(name string) bool {
		return slices.ContainsFunc(ops, func(op kratos.PatchOperation) bool {
			return op.Path == "/"+name || strings.HasPrefix(op.Path, "/"+name+"/")
		})
	}
}

// operations are the changes of the plan that the server doesn't have yet.
func (u *updater) operations(current *kratos.Identity) []kratos.PatchOperation {
	var ops []kratos.PatchOperation
	set := func(pointer string, plan, state types.String, has string) {
		if !plan.IsUnknown() && !plan.Equal(state) && plan.ValueString() != has {
			ops = append(ops, kratos.PatchOperation{Op: kratos.OpReplace, Path: pointer, Value: jsonvalue.EncodePlain(plan.ValueStringPointer())})
		}
	}
	set("/schema_id", u.plan.SchemaID, u.state.SchemaID, current.SchemaID)
	set("/state", u.plan.State, u.state.State, current.State)
	set("/external_id", u.plan.ExternalID, u.state.ExternalID, current.ExternalID)
	if !sameOrganization(u.plan.OrganizationID, u.state.OrganizationID) {
		set("/organization_id", u.plan.OrganizationID, u.state.OrganizationID, current.OrganizationID)
	}
	if !jsonvalue.Equal(u.plan.Traits, u.state.Traits) {
		base := u.before(path.Root("traits"), u.plan.Traits, u.state.Traits)
		want := jsonvalue.Plain(encode(path.Root("traits"), u.plan.Traits, u.diags))
		have := jsonvalue.Plain(current.Traits)
		ops = append(ops, jsonpatch.Diff(have, jsonpatch.Merge(jsonpatch.Respell(base, have), jsonpatch.Respell(want, have), have), "/traits")...)
	}
	ops = append(ops, u.verification.operations(current.VerifiableAddresses)...)
	ops = append(ops, u.metadata("metadata_public", u.plan.MetadataPublic, u.state.MetadataPublic, u.owned.MetadataPublic, current.MetadataPublic)...)
	return append(ops, u.metadata("metadata_admin", u.plan.MetadataAdmin, u.state.MetadataAdmin, u.owned.MetadataAdmin, current.MetadataAdmin)...)
}

// before is the JSON of a value of the state, where it means the same as the plan's in the order of the plan's: a set in the plan
// and a list in the state, as after an import, are no difference to be sent.
func (u *updater) before(at path.Path, plan, state types.Dynamic) any {
	raw := encode(at, state, u.diags)
	if aligned, err := jsonvalue.AlignDynamic(plan, raw); err == nil {
		raw = encode(at, aligned, u.diags)
	}
	return jsonvalue.Plain(raw)
}

// metadata are the changes of one of the two metadata. Keys that are neither configured nor owned stay as they are.
func (u *updater) metadata(name string, plan, state types.Dynamic, owned *ownedJSON, current []byte) []kratos.PatchOperation {
	if plan.IsUnknown() || sameMetadata(plan, state, owned) {
		return nil
	}
	have := jsonvalue.Plain(current)
	want := jsonvalue.Plain(encode(path.Root(name), plan, u.diags))
	if want == nil {
		return jsonpatch.Diff(have, owned.without(have), "/"+name)
	}
	before := owned.restrict(u.before(path.Root(name), plan, state), want)
	return jsonpatch.Diff(have, jsonpatch.Merge(jsonpatch.Respell(before, have), jsonpatch.Respell(want, have), have), "/"+name)
}

// restrict leaves of a value's object only the keys that are owned or wanted, so that no other key counts as dropped.
func (o *ownedJSON) restrict(value, want any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	wanted, _ := want.(map[string]any)
	restricted := map[string]any{}
	for key, member := range object {
		if _, isWanted := wanted[key]; isWanted || o.owns(key) {
			restricted[key] = member
		}
	}
	return restricted
}

func (o *ownedJSON) owns(key string) bool {
	if o == nil {
		return false
	}
	return o.Whole || slices.Contains(o.Keys, key)
}

// without is what remains of the server's value when Terraform gives up what it owns: null where nothing does.
func (o *ownedJSON) without(have any) any {
	object, ok := have.(map[string]any)
	if !ok || o == nil || o.Whole {
		return nil
	}
	remaining := map[string]any{}
	for key, member := range object {
		if !o.owns(key) {
			remaining[key] = member
		}
	}
	if len(remaining) == 0 {
		return nil
	}
	return remaining
}

// checkAnswer compares what the server has with what it was asked for: some versions ignore what they don't know. The model
// takes over what the server has where it must not claim more.
func (m *model) checkAnswer(identity *kratos.Identity, asked func(name string) bool, diags *diag.Diagnostics) {
	if has := optional(identity.ExternalID); asked("external_id") && !m.ExternalID.Equal(has) {
		addUnsupported(diags, "external_id", "The server answered with success, but ignored the attribute.")
		m.ExternalID = has
	}
	if has := optional(identity.OrganizationID); asked("organization_id") && !sameOrganization(m.OrganizationID, has) {
		addUnsupported(diags, "organization_id", "The server answered with success, but ignored the attribute.")
		m.OrganizationID = has
	}
	if asked("traits") && !jsonvalue.Matches(m.Traits, identity.Traits) {
		diags.AddAttributeWarning(path.Root("traits"), "Server changed the traits", "The server stored other traits than those "+
			"configured, as some versions do with phone numbers, or somebody changed them at the same moment. The next plan shows "+
			"the difference; write the traits as it shows them.")
	}
}
