package identity

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// refresh brings the model, which is the prior state, to what the server has, in the representation that it had before.
func (m *model) refresh(ctx context.Context, identity *kratos.Identity, o owned, diags *diag.Diagnostics) {
	m.SchemaID = types.StringValue(identity.SchemaID)
	m.Traits = align(path.Root("traits"), m.Traits, identity.Traits, diags)
	m.MetadataPublic = align(path.Root("metadata_public"), m.MetadataPublic, o.MetadataPublic.view(identity.MetadataPublic), diags)
	m.MetadataAdmin = align(path.Root("metadata_admin"), m.MetadataAdmin, o.MetadataAdmin.view(identity.MetadataAdmin), diags)
	m.State = types.StringValue(identity.State)
	m.ExternalID = optional(identity.ExternalID)
	if !strings.EqualFold(m.OrganizationID.ValueString(), identity.OrganizationID) || m.OrganizationID.IsNull() {
		m.OrganizationID = optional(identity.OrganizationID)
	}
	m.refreshLinks(identity)
	m.VerifiedAddresses = onlyVerified(m.VerifiedAddresses, identity.VerifiableAddresses)
	m.forgetComputed()
	m.resolve(ctx, identity, diags)
}

func align(at path.Path, prior types.Dynamic, raw []byte, diags *diag.Diagnostics) types.Dynamic {
	value, err := jsonvalue.AlignDynamic(prior, raw)
	if err == nil {
		return value
	}
	// A person may have put a number or a nesting there that Terraform can't hold. That must not keep everybody else from being
	// planned: it is shown as text, which is drift, and the next apply puts it right.
	diags.AddAttributeWarning(at, "Value can't be represented", "The server's value of "+at.String()+" is shown as JSON text, because "+
		"Terraform can't hold it: "+err.Error()+".")
	return types.DynamicValue(types.StringValue(string(raw)))
}

func (m *model) forgetComputed() {
	for _, attribute := range []*types.String{&m.ID, &m.SchemaURL, &m.CreatedAt, &m.UpdatedAt, &m.StateChangedAt} {
		*attribute = types.StringUnknown()
	}
	m.VerifiableAddresses = types.ListUnknown(verifiableAddress().Type())
	m.RecoveryAddresses = types.ListUnknown(recoveryAddress().Type())
	m.Credentials = types.MapUnknown(CredentialsType())
}

// resolve gives every attribute that is unknown its value from the server. What the plan knew stays as planned, as Terraform
// demands: where the server has changed it since, the next refresh shows it.
func (m *model) resolve(ctx context.Context, identity *kratos.Identity, diags *diag.Diagnostics) {
	resolveTo(&m.ID, types.StringValue(identity.ID))
	resolveTo(&m.SchemaURL, types.StringValue(identity.SchemaURL))
	resolveTo(&m.State, types.StringValue(identity.State))
	resolveTo(&m.ExternalID, optional(identity.ExternalID))
	resolveTo(&m.OrganizationID, optional(identity.OrganizationID))
	resolveTo(&m.CreatedAt, optional(identity.CreatedAt))
	resolveTo(&m.UpdatedAt, optional(identity.UpdatedAt))
	resolveTo(&m.StateChangedAt, optional(identity.StateChangedAt))
	if m.MetadataPublic.IsUnknown() {
		m.MetadataPublic = align(path.Root("metadata_public"), types.DynamicNull(), identity.MetadataPublic, diags)
	}
	if m.MetadataAdmin.IsUnknown() {
		m.MetadataAdmin = align(path.Root("metadata_admin"), types.DynamicNull(), identity.MetadataAdmin, diags)
	}
	if m.VerifiableAddresses.IsUnknown() {
		m.VerifiableAddresses = VerifiableAddresses(ctx, identity.VerifiableAddresses, diags)
	}
	if m.RecoveryAddresses.IsUnknown() {
		m.RecoveryAddresses = RecoveryAddresses(ctx, identity.RecoveryAddresses, diags)
	}
	if m.Credentials.IsUnknown() {
		m.Credentials = Credentials(ctx, identity.Credentials, diags)
	}
}

func resolveTo[T attr.Value](attribute *T, value T) {
	if (*attribute).IsUnknown() {
		*attribute = value
	}
}
