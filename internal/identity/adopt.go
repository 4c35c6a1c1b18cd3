package identity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// adopt takes over an existing identity and changes it to match the configuration, like an import followed by an
// update. It saves nothing until every step has succeeded: a create that fails with a state taints the resource, and
// the next apply would delete the person. After a failure, the next apply adopts the identity again and has fewer
// changes to send.
//
// again is true if the identity is gone, so that the caller must create a new one. This happens when a resource is
// renamed without a moved block: the destroy of the old resource has just deleted the identity.
func (c *creator) adopt(ctx context.Context, found *kratos.Identity) (identity *kratos.Identity, again bool) {
	defer c.data.Locks.Lock(found.ID)()
	if found, again = c.mayAdopt(ctx, found.ID); found == nil {
		return nil, again
	}
	u := &updater{operation: &operation{
		config: c.config, plan: c.plan, client: c.client, schemas: c.schemas, data: c.data, diags: c.diags, phones: c.phones,
	}}
	u.state = decode(ctx, nullObject(), c.diags)
	u.state.refresh(found, &owned{}, c.diags)
	u.plan.ID, u.known = u.state.ID, *found
	if u.plan.State.ValueString() == stateInactive {
		u.changed(revokeOnDeactivation) // an earlier attempt may have deactivated it and then failed
	}
	done := !c.diags.HasError() && u.revokeBeforeActivation(ctx) && u.prepareVerification(ctx) &&
		u.carryOut(ctx, func(model) {})
	if !done || c.diags.HasError() || !u.revokeSessions(ctx) {
		c.diags.AddAttributeError(path.Root("on_conflict"), "Identity not adopted", fmt.Sprintf("The identity %s "+
			"existed already. The update of this identity to the configuration failed (see the other error), so the "+
			"identity is not in the Terraform state. Changes before the failure remain on the server. The next apply "+
			"tries again.", found.ID))
		return nil, false
	}
	c.adopted, c.staged = true, false
	c.plan, c.verification = u.plan, u.verification
	c.owned = ownedBy(&c.config, &c.plan)
	c.owned.Links, c.owned.Factors = u.owned.Links, u.owned.Factors // without what the person already had
	set := ""
	if at, ok := u.passwordDiffers(); ok {
		set = fmt.Sprintf(" Its password was set to the value of %s.", at)
	}
	if factors := slices.Sorted(maps.Keys(u.owned.Factors)); len(factors) > 0 {
		set += fmt.Sprintf(" These credentials were set: %s.", strings.Join(factors, ", "))
	}
	if added := describe(u.owned.Links); added != "" {
		set += fmt.Sprintf(" These links were added: %s.", added)
	}
	c.diags.AddAttributeWarning(path.Root("on_conflict"), "Identity adopted", fmt.Sprintf("The identity %s existed "+
		"already. Terraform now manages this identity and has updated it to the configuration.%s Metadata keys and "+
		"credentials that are not in the configuration are unchanged.", found.ID, set))
	return &u.known, false
}

// adoptOtherForm adopts an identity that has a login identifier in another form, such as NFD, for which some versions
// of the server report no conflict. done is false if there is none.
func (c *creator) adoptOtherForm(ctx context.Context) (identity *kratos.Identity, done bool) {
	if c.plan.OnConflict.ValueString() != ConflictAdopt || !lookup.HasOtherForms(ctx, c.schemas, c.body) {
		return nil, false
	}
	found, err := c.find(ctx, false)
	owner := found.One()
	if err != nil || owner == nil || isOwn(c.data, owner.ID) {
		return nil, false
	}
	identity, again := c.adopt(ctx, owner)
	return identity, !again
}

// mayAdopt claims the identity for this resource and reads it again, because another resource may have deactivated or
// deleted it while this resource waited for the lock.
func (c *creator) mayAdopt(ctx context.Context, id string) (current *kratos.Identity, again bool) {
	if c.data.Walk.WasDeleted(id) {
		return nil, true
	}
	current, err := c.client.GetIdentity(ctx, id)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		return nil, true
	case err != nil:
		c.failure().onUpdate(ctx, err, false, c.diags)
	case current.SchemaID != c.body.SchemaID:
		c.diags.AddAttributeError(
			path.Root("schema_id"),
			"Identity has another schema",
			fmt.Sprintf("The identity %s has the values of this configuration, but its identity schema is %q, not %q, so "+
				"Terraform does not adopt it. Set schema_id to %q, or import the identity and then change its "+
				"schema.", id, current.SchemaID, c.body.SchemaID, current.SchemaID),
		)
	case c.data.Walk.Undecided(id):
		c.diags.AddAttributeError(path.Root("on_conflict"), "Identity not adopted", fmt.Sprintf("The identity %s is "+
			"still in the Terraform state as another object. The destroy of that object ended without the information "+
			"that this resource adopts the identity. The identity is unchanged. Apply again.", id))
	case !c.data.Walk.Claim(id):
		c.diags.AddAttributeError(
			path.Root("traits"),
			"Identity managed by another resource",
			fmt.Sprintf("The identity %s has the values of this configuration, but another resource of the configuration "+
				"manages it. Two resources declare the same identity: remove one of them.", id),
		)
	default:
		if c.declareKeys(id); !c.diags.HasError() {
			return current, false
		}
	}
	return nil, false
}
