package identity

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// afterFailedCreate is what becomes of an identity that was made, with an error beside it.
const afterFailedCreate = "Terraform marks a resource whose create ends with an error as tainted, and the next apply replaces the " +
	"identity. To keep it, run terraform untaint before that."

// Create implements resource.Resource.
func (r *identityResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	c := creator{client: r.Data.Client, schemas: r.schemas(), data: r.Data, diags: &resp.Diagnostics, pause: firstPause}
	resp.Diagnostics.Append(req.Config.Get(ctx, &c.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &c.plan)...)
	timeout, d := c.plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(d...)
	c.body = c.plan.toCreate(c.config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	c.verification = newVerification(c.plan, model{}, owned{})
	c.verification.fresh = true
	if !c.verification.findVia(ctx, c.plan, c.schemas, &resp.Diagnostics) {
		return
	}
	c.body.VerifiableAddresses = c.verification.additions(nil)
	identity := c.create(ctx)
	if identity == nil {
		return
	}
	// From here on the identity exists: its state is saved before anything else can fail.
	c.plan.refreshLinks(identity)
	c.save(ctx, resp, identity)
	if c.adopted {
		return // all was checked before, when an error didn't taint the resource yet
	}
	addIgnoredLinks(identity, c.links(), &resp.Diagnostics)
	if c.found {
		c.repeatPassword(ctx, identity.ID)
	}
	if finished := c.verification.finish(ctx, c.client, identity, &c.plan, &resp.Diagnostics); finished != identity || resp.Diagnostics.HasError() {
		c.save(ctx, resp, finished)
	}
}

// save records the identity as it is now.
func (c *creator) save(ctx context.Context, resp *resource.CreateResponse, identity *kratos.Identity) {
	m := c.plan
	m.VerifiedAddresses = onlyVerified(m.VerifiedAddresses, identity.VerifiableAddresses)
	m.resolve(ctx, identity, c.diags)
	c.diags.Append(resp.State.Set(ctx, &m)...)
	setIdentity(ctx, resp.Identity, m.ID, c.diags)
	c.owned.withVerified(c.verification.ours(identity)).save(ctx, resp.Private, c.diags)
}

// configures says whether the model has a value for the attribute that the server may ignore or change.
func (m model) configures(name string) bool {
	switch name {
	case "external_id":
		return m.ExternalID.ValueString() != ""
	case "organization_id":
		return m.OrganizationID.ValueString() != ""
	}
	return true
}

// toCreate is the body of the create call. The write-only password comes from the configuration: plans never hold it.
func (m model) toCreate(config model, diags *diag.Diagnostics) kratos.CreateIdentityBody {
	return kratos.CreateIdentityBody{
		SchemaID:       m.SchemaID.ValueString(),
		Traits:         encode(path.Root("traits"), m.Traits, diags),
		State:          m.State.ValueString(),
		MetadataPublic: encode(path.Root("metadata_public"), m.MetadataPublic, diags),
		MetadataAdmin:  encode(path.Root("metadata_admin"), m.MetadataAdmin, diags),
		ExternalID:     m.ExternalID.ValueString(),
		OrganizationID: m.OrganizationID.ValueString(),
		Credentials:    withLinks(passwordCredentials(config), m.checkedLinks(diags)),
	}
}

// encode returns nil for null and for what isn't known and isn't configured.
func encode(at path.Path, value types.Dynamic, diags *diag.Diagnostics) json.RawMessage {
	if isNull(value) || value.IsUnknown() {
		return nil
	}
	raw, err := jsonvalue.Encode(value)
	if err == nil {
		return raw
	}
	var unknown *jsonvalue.UnknownError
	if errors.As(err, &unknown) {
		diags.AddAttributeError(at, "Value not known", "A part of the attribute "+at.String()+" isn't known at apply: "+err.Error()+
			". Please report this to the provider's developers.")
	} else {
		diags.AddAttributeError(at, "Value is no JSON", "The attribute "+at.String()+" can't be written as JSON: "+err.Error()+".")
	}
	return nil
}
