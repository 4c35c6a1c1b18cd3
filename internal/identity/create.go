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

// Create implements resource.Resource.
func (r *identityResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, d := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(d...)
	body := plan.toCreate(config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	verification := newVerification(plan, owned{})
	if !verification.findVia(ctx, plan, r.schemas(), &resp.Diagnostics) {
		return
	}
	body.VerifiableAddresses = verification.additions(nil)
	identity, err := r.Data.Client.CreateIdentity(ctx, body)
	if err != nil {
		failure{client: r.Data.Client, plan: plan}.onCreate(ctx, err, &resp.Diagnostics)
		return
	}
	// From here on the identity exists: its state is saved before anything else can fail.
	identity = verification.finish(ctx, r.Data.Client, identity, &plan, &resp.Diagnostics)
	plan.checkAnswer(identity, plan.configures, &resp.Diagnostics)
	plan.resolve(ctx, identity, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	setIdentity(ctx, resp.Identity, plan.ID, &resp.Diagnostics)
	ownedBy(config).withVerified(verification.ours(identity)).save(ctx, resp.Private, &resp.Diagnostics)
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
		Credentials:    passwordCredentials(config),
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

// passwordCredentials is the configured password as the API takes it, nil without one.
func passwordCredentials(config model) *kratos.IdentityCredentials {
	password := config.Password
	if password.IsNull() {
		password = config.PasswordWO
	}
	if password.IsNull() || password.IsUnknown() {
		return nil
	}
	return &kratos.IdentityCredentials{Password: &kratos.PasswordCredential{
		Config: kratos.PasswordConfig{Password: password.ValueString()},
	}}
}
