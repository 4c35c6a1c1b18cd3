package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Servers up to v26.2 don't accept second factors and passkeys in a create. The create is then staged: it creates the
// identity inactive and without factors, so that nobody can sign in. A JSON Patch sets the factors, and the identity
// becomes active only when the answer shows them. After a failure in between, the identity is inactive, in the state
// and tainted. If the provider was killed, the next create has a conflict with the inactive identity.

// stage removes the factors from the create. It returns false with an error if the server can't set them later either.
func (c *creator) stage(ctx context.Context) bool {
	failed := func(err error) { c.failure().onCreate(ctx, err, c.diags) }
	if !c.supportsFactors(ctx, c.body.Credentials.Factors(), failed) {
		return false
	}
	c.staged = true
	c.body.Credentials = c.body.Credentials.WithoutFactors()
	c.body.State = stateInactive
	return true
}

// prepareFactors stages the create if it is known in this walk that the server doesn't accept factors in a create.
// Otherwise the answer to the create shows it.
func (c *creator) prepareFactors(ctx context.Context) bool {
	if len(c.body.Credentials.Factors()) == 0 {
		return true
	}
	takes, known := c.data.Facts.Known(base.FactImportsFactors)
	return !known || takes || c.stage(ctx)
}

// refusesFactors reports whether err shows that the server doesn't accept factors in a create.
func (c *creator) refusesFactors(err error) bool {
	if err == nil || !isUnknownFactor(err, c.body.Credentials.Factors()) {
		return false
	}
	c.data.Facts.Note(base.FactImportsFactors, false)
	return true
}

// withoutFactors returns the plan inactive and without its factors: the identity after the first step of a staged
// create.
func (c *creator) withoutFactors() model {
	m := c.plan
	nothing := &kratos.Identity{Credentials: map[string]kratos.Credential{}}
	for _, a := range managed {
		if _, isFactor := a.(factor); isFactor {
			a.refresh(&m, nothing, nil, c.diags)
		}
	}
	m.State = types.StringValue(stateInactive)
	return m
}

// completeFactors sets the factors of an identity whose create was staged, and then activates the identity. It sets
// them too if the answer to the create was lost: the identity that was found may be that of another resource with other
// factors.
func (c *creator) completeFactors(ctx context.Context, resp *resource.CreateResponse, identity *kratos.Identity) {
	u := &updater{operation: &operation{
		config: c.config, plan: c.plan, client: c.client, schemas: c.schemas, data: c.data, diags: c.diags, phones: c.phones,
		verification: c.verification,
	}}
	u.state = decode(ctx, nullObject(), c.diags)
	u.state.refresh(identity, &owned{}, c.diags)
	u.plan.ID, u.plan.State, u.known = u.state.ID, u.state.State, *identity
	if c.diags.HasError() || !u.patch(ctx) || c.diags.HasError() {
		c.addIncomplete(identity.ID)
		return
	}
	known := &u.known
	if c.plan.State.ValueString() != known.State {
		activate := []kratos.PatchOperation{replaceString("/state", c.plan.State)}
		activated, err := c.client.PatchIdentity(ctx, identity.ID, activate)
		if err != nil {
			c.failure().onUpdate(ctx, err, false, c.diags)
			c.addIncomplete(identity.ID)
			return
		}
		known = activated
	}
	planned := c.plan.State
	c.plan, c.verification, c.staged = u.plan, u.verification, false
	c.plan.State, c.owned.Factors = planned, u.owned.Factors
	c.save(ctx, resp, known)
}

func (c *creator) addIncomplete(id string) {
	outcome := "The identity is inactive, so that nobody can sign in without the second factors."
	if !c.staged {
		outcome = "The answer to the create was lost, and the provider could not check the second factors."
	}
	c.diags.AddAttributeError(credentialsPath, "Second factors not set", "The identity "+id+" was created, but "+
		"its second factors or passkeys could not be set (see the other error). "+outcome+" "+afterFailedCreate)
}
