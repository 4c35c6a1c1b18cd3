package identity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// afterFailedCreate explains what happens to an identity that exists although the apply of its resource failed.
const afterFailedCreate = "Terraform marks the resource as tainted, and the next apply replaces the identity. To " +
	"keep the identity, run terraform untaint before the next apply."

// Create implements resource.Resource.
func (r *identityResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	c := creator{operation: r.operation(&resp.Diagnostics), pause: firstPause}
	c.creating = true
	c.config = decode(ctx, req.Config.Raw, c.diags)
	c.plan = decode(ctx, req.Plan.Raw, c.diags)
	c.state = decode(ctx, nullObject(), c.diags)
	timeout, d := c.plan.Timeouts.Create(ctx, defaultTimeout)
	c.diags.Append(d...)
	if c.diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	c.phones = phonesOf(ctx, c.schemas, c.plan.SchemaID)
	c.verification = newVerification(&c.plan, &c.state, &owned{})
	c.verification.fresh = true
	if !c.verification.findVia(ctx, &c.plan, c.schemas, c.diags) {
		return
	}
	for _, a := range managed {
		a.create(ctx, c.operation, &c.body)
	}
	if c.diags.HasError() {
		return
	}
	if !c.prepareFactors(ctx) {
		return
	}
	identity := c.create(ctx)
	if identity == nil {
		return
	}
	// The identity exists now. Its state is saved before another step can fail.
	c.save(ctx, resp, identity)
	if c.adopted {
		return // adopt has made all checks already, at a time when an error did not taint the resource
	}
	if c.found {
		c.repeatPassword(ctx, identity.ID)
	}
	if c.staged || c.found && len(c.body.Credentials.Factors()) > 0 {
		c.completeFactors(ctx, resp, identity)
		return
	}
	finished := c.verification.finish(ctx, c.client, identity, &c.plan, c.diags)
	if finished != identity || c.diags.HasError() {
		c.save(ctx, resp, finished)
	}
}

// save writes the identity to the state and what Terraform owns to the private state.
func (c *creator) save(ctx context.Context, resp *resource.CreateResponse, identity *kratos.Identity) {
	m := c.plan
	if c.staged {
		m = c.withoutFactors()
	}
	m.VerifiedAddresses = onlyVerified(m.VerifiedAddresses, identity)
	m.resolve(identity, c.diags)
	resp.State.Raw = m.encode(ctx, c.diags)
	setIdentity(resp.Identity, m.ID)
	o := c.owned
	if c.staged {
		o.setScalar(state.name, true) // so that an update activates the identity if somebody keeps it
	}
	o.Verified = c.verification.ours(identity)
	if !o.isEmpty() { // Terraform writes every byte of a local state again for each changed instance
		o.save(ctx, resp.Private, c.diags)
	}
}

// created claims the identity for this resource.
func (c *creator) created(identity *kratos.Identity) *kratos.Identity {
	if !c.data.Walk.Claim(identity.ID) {
		c.diags.AddError("Identity managed by another resource", fmt.Sprintf("The identity %s has the values of this "+
			"configuration, but another resource of the configuration manages it. Two resources declare the same "+
			"identity: remove one of them.", identity.ID))
		return nil
	}
	c.declareKeys(identity.ID)
	sent := func(string) bool { return true }
	for _, a := range managed {
		a.answered(c.operation, sent, identity)
	}
	factors := c.owned.Factors
	c.owned = ownedBy(&c.config, &c.plan)
	c.owned.Factors = factors
	return identity
}

// repeatPassword sets the configured password of an identity that was looked up. The provider can't compare passwords:
// if another resource declares the same person with another password, that resource may have created the identity that
// was found.
func (c *creator) repeatPassword(ctx context.Context, id string) {
	configured := c.config.password().body()
	if configured == nil {
		return
	}
	c.state.ID = types.StringValue(id)
	_, err := c.client.UpdateIdentity(ctx, id, func(current *kratos.Identity) (kratos.UpdateIdentityBody, bool) {
		c.known = *current
		return c.putBody(&kratos.IdentityCredentials{Password: configured}), true
	})
	if err != nil {
		at, _ := c.plan.password().changedFrom(passwordModel{})
		c.diags.AddAttributeError(at, failedToPut, base.Explain(err)+"\n\nThe identity "+id+" was created, but "+
			"the answer was lost, and the provider could not check its password. "+afterFailedCreate)
	}
}
