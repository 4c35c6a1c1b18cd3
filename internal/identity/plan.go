package identity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// ModifyPlan makes the plan say what the apply will do, and no more: the framework marks every computed attribute unknown as
// soon as anything differs, be it only the representation of a value.
func (r *identityResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		warnRemains(ctx, req.State, &resp.Diagnostics)
		return
	}
	var p planner
	resp.Diagnostics.Append(req.Config.Get(ctx, &p.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &p.plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	p.diags = &resp.Diagnostics
	if req.State.Raw.IsNull() {
		r.declareNew(ctx, &p, req.Private)
		p.create()
		r.checkTraits(ctx, &p)
		p.checkVerified(ctx, r.schemas())
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &p.plan)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &p.state)...)
	p.owned = loadOwned(ctx, req.Private, &resp.Diagnostics)
	p.imported = p.recordsPassword(ctx, req.Private, &resp.Diagnostics)
	p.unrevoked = loadUnrevoked(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	p.optional()
	r.declareKept(ctx, &p, resp.Private)
	p.refreshed = r.wasRead(p.state.ID)
	if p.unchanged() && !p.releases() && len(p.stillToRevoke()) == 0 && p.refreshed {
		resp.Plan.Raw = req.State.Raw
		return
	}
	p.checkVerified(ctx, r.schemas())
	p.computed(ctx, r.schemas())
	if !p.plan.SchemaID.Equal(p.state.SchemaID) || !jsonvalue.Equal(p.plan.Traits, p.state.Traits) {
		r.checkTraits(ctx, &p)
	}
	p.warnings(ctx, r.schemas())
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &p.plan)...)
}

// planner works out the plan of one identity.
type planner struct {
	config, plan, state model
	owned               owned
	unrevoked           unrevoked
	imported            bool
	refreshed           bool // the state was read in this walk: this is the plan that the user sees
	diags               *diag.Diagnostics
}

// create plans what is known of a new identity beforehand. Optional attributes that aren't configured stay unknown: what a
// server gives them is its affair.
func (p *planner) create() {
	if p.config.State.IsNull() {
		p.plan.State = types.StringValue(stateActive)
	}
}

// optional plans the optional attributes that aren't configured: what Terraform set before is cleared, all else stays.
func (p *planner) optional() {
	p.plan.MetadataPublic = planDynamic(p.config.MetadataPublic, p.plan.MetadataPublic, p.state.MetadataPublic, p.owned.MetadataPublic)
	p.plan.MetadataAdmin = planDynamic(p.config.MetadataAdmin, p.plan.MetadataAdmin, p.state.MetadataAdmin, p.owned.MetadataAdmin)
	p.plan.ExternalID = planString(p.config.ExternalID, p.plan.ExternalID, p.state.ExternalID, p.owned.ExternalID, types.StringNull())
	p.plan.OrganizationID = planString(p.config.OrganizationID, p.plan.OrganizationID, p.state.OrganizationID, p.owned.OrganizationID, types.StringNull())
	p.plan.State = planString(p.config.State, p.plan.State, p.state.State, p.owned.State, types.StringValue(stateActive))
}

func planString(config, plan, state types.String, owned bool, cleared types.String) types.String {
	switch {
	case !config.IsNull():
		return plan
	case owned:
		return cleared
	}
	return state
}

func planDynamic(config, plan, state types.Dynamic, owned *ownedJSON) types.Dynamic {
	switch {
	case !isNull(config):
		return plan
	case owned != nil:
		return types.DynamicNull()
	}
	return state
}

// unchanged says whether the plan means what the state means, so that at most representations differ.
func (p *planner) unchanged() bool {
	return !p.writes() &&
		sameSet(p.plan.VerifiedAddresses, p.state.VerifiedAddresses) &&
		p.plan.passwordState().equal(p.state.passwordState()) &&
		p.plan.OnConflict.Equal(p.state.OnConflict) &&
		p.plan.DeletionPolicy.Equal(p.state.DeletionPolicy) &&
		p.plan.RevokeSessionsOn.Equal(p.state.RevokeSessionsOn) &&
		!p.linksDiffer() &&
		p.plan.Timeouts.Equal(p.state.Timeouts)
}

// releases says whether the configuration has dropped an attribute that Terraform set and that has its cleared value already.
// Nothing is to be sent then, but the apply must take note that Terraform doesn't own the attribute any more: else it would
// undo what somebody sets there much later.
func (p *planner) releases() bool {
	return p.owned.State && p.config.State.IsNull() ||
		p.owned.ExternalID && p.config.ExternalID.IsNull() ||
		p.owned.OrganizationID && p.config.OrganizationID.IsNull() ||
		p.owned.MetadataPublic != nil && isNull(p.config.MetadataPublic) ||
		p.owned.MetadataAdmin != nil && isNull(p.config.MetadataAdmin)
}

// writes says whether the apply will send anything for other attributes than the password.
func (p *planner) writes() bool {
	return !p.plan.SchemaID.Equal(p.state.SchemaID) ||
		!jsonvalue.Equal(p.plan.Traits, p.state.Traits) ||
		!sameMetadata(p.plan.MetadataPublic, p.state.MetadataPublic, p.owned.MetadataPublic) ||
		!sameMetadata(p.plan.MetadataAdmin, p.state.MetadataAdmin, p.owned.MetadataAdmin) ||
		!p.plan.State.Equal(p.state.State) ||
		!p.plan.ExternalID.Equal(p.state.ExternalID) ||
		p.verificationChanges() ||
		!sameOrganization(p.plan.OrganizationID, p.state.OrganizationID)
}

// sameOrganization compares UUIDs, which the server answers in lower case.
func sameOrganization(a, b types.String) bool {
	return a.Equal(b) || !a.IsUnknown() && !b.IsUnknown() && a.IsNull() == b.IsNull() && strings.EqualFold(a.ValueString(), b.ValueString())
}

// sameMetadata compares planned metadata with the state. While nothing of it is owned, as after an import, the state shows
// the whole value, of which the configuration need only name the keys that it wants to own.
func sameMetadata(plan, state types.Dynamic, owned *ownedJSON) bool {
	if jsonvalue.Equal(plan, state) {
		return true
	}
	return owned == nil && len(unmanagedKeys(plan, state)) > 0 && keysAgree(plan, state)
}

func keysAgree(plan, state types.Dynamic) bool {
	planned, _ := members(jsonvalue.Unwrap(plan))
	current, _ := members(jsonvalue.Unwrap(state))
	for name, value := range planned {
		if have, ok := current[name]; !ok || !jsonvalue.Equal(value, have) {
			return false
		}
	}
	return true
}

// unmanagedKeys returns the keys of the state's object that the planned object doesn't name, sorted.
func unmanagedKeys(plan, state types.Dynamic) []string {
	planned, ok := members(jsonvalue.Unwrap(plan))
	current, both := members(jsonvalue.Unwrap(state))
	if !ok || !both {
		return nil
	}
	maps.DeleteFunc(current, func(name string, _ attr.Value) bool { _, named := planned[name]; return named })
	return slices.Sorted(maps.Keys(current))
}

// warnings tells what the plan's own lines don't.
func (p *planner) warnings(ctx context.Context, schemas schemaGetter) {
	if at, differs := p.passwordDiffers(); differs && p.imported {
		p.diags.AddAttributeWarning(at, "Password not sent after import", "The identity was imported or moved, and may have a "+
			"password of its own, so this apply only records the configured one and sends nothing. Change it again (or "+
			"the version of a write-only one) after this apply to have it set.")
	}
	if p.passwordDropped() {
		p.diags.AddAttributeWarning(path.Root("password"), "Password stays on the server", "The configuration has no password any "+
			"more. Terraform forgets the one that it had; the person can go on signing in with it.")
	}
	if p.config.State.IsNull() && p.owned.State && p.state.State.ValueString() != stateActive {
		sessions := "Sessions from before that haven't expired are valid again."
		if p.plan.revokesOn(revokeOnDeactivation) {
			sessions = "Its sessions from before are ended first (revoke_sessions_on)."
		}
		p.diags.AddAttributeWarning(path.Root("state"), "Identity becomes active again", fmt.Sprintf("The configuration sets no state "+
			"any more, so the identity goes from %q to its default, %q. %s", p.state.State.ValueString(), stateActive, sessions))
	}
	p.warnUnmanaged("metadata_public", p.plan.MetadataPublic, p.state.MetadataPublic, p.owned.MetadataPublic)
	p.warnUnmanaged("metadata_admin", p.plan.MetadataAdmin, p.state.MetadataAdmin, p.owned.MetadataAdmin)
	p.warnLingering(ctx, schemas)
	p.warnUnrevoked()
	p.checkPlannedLinks(ctx)
}

// warnUnmanaged explains a plan that shows keys of metadata as removed, which happens once, when metadata comes under
// Terraform's management: they leave the state, not the server.
func (p *planner) warnUnmanaged(name string, plan, state types.Dynamic, owned *ownedJSON) {
	keys := unmanagedKeys(plan, state)
	if owned != nil || len(keys) == 0 || jsonvalue.HasUnknown(plan) {
		return
	}
	p.diags.AddAttributeWarning(path.Root(name), "Metadata stays on the server", fmt.Sprintf("The configuration doesn't name these "+
		"keys of %s, and Terraform never set them: %s. The plan shows them as removed because Terraform stops showing them; on the "+
		"server they stay as they are.", name, strings.Join(keys, ", ")))
}

// warnLingering tells of login identifiers that the server keeps when the new schema has none of their kind.
func (p *planner) warnLingering(ctx context.Context, schemas schemaGetter) {
	if schemas == nil || p.plan.SchemaID.IsUnknown() || p.plan.SchemaID.Equal(p.state.SchemaID) {
		return
	}
	next, err := schemas.Get(ctx, p.plan.SchemaID.ValueString())
	if err != nil {
		return
	}
	kept, ok := next.CredentialTypes()
	if !ok {
		return
	}
	var lingering []string
	for kind, identifiers := range p.state.identifiers(ctx) {
		if len(identifiers) > 0 && !slices.Contains(kept, kind) && usesTraits(kind) {
			lingering = append(lingering, kind+": "+strings.Join(identifiers, ", "))
		}
	}
	if len(lingering) == 0 {
		return
	}
	slices.Sort(lingering)
	p.diags.AddAttributeWarning(path.Root("schema_id"), "Login identifiers of the old schema stay", fmt.Sprintf("The identity schema "+
		"%q names no login identifier for some credentials of this identity, and the server doesn't remove those it has: %s. They "+
		"go on working, and nobody else can take them.", p.plan.SchemaID.ValueString(), strings.Join(lingering, "; ")))
}

// usesTraits says whether the identifiers of this type of credential come from the traits; those of oidc and saml are
// accounts elsewhere.
func usesTraits(kind string) bool { return kind == "password" || kind == "code" || kind == "webauthn" }
