package recovery

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// issuer is a model that can ask the server for what it describes.
type issuer[M any] interface {
	*M
	// issue returns nil, with an error on the attribute that caused it, if the server refuses.
	issue(ctx context.Context, c client, diags *diag.Diagnostics) *kratos.Recovery
}

// managedIssuer is one of a managed form.
type managedIssuer[M any] interface {
	issuer[M]
	setID(id string)
}

// issued is what all forms of a recovery have in common: who it is for and what came of it.
type issued struct {
	IdentityID types.String `tfsdk:"identity_id"`
	ExpiresIn  types.String `tfsdk:"expires_in"`
	Link       types.String `tfsdk:"link"`
	ExpiresAt  types.String `tfsdk:"expires_at"`
}

func (i *issued) take(recovery *kratos.Recovery) {
	i.Link, i.ExpiresAt = types.StringValue(recovery.Link), types.StringValue(recovery.ExpiresAt)
}

// issuedCode is what both forms of a recovery code have.
type issuedCode struct {
	issued
	FlowType types.String `tfsdk:"flow_type"`
	Code     types.String `tfsdk:"code"`
}

func (i *issuedCode) issue(ctx context.Context, c client, diags *diag.Diagnostics) *kratos.Recovery {
	recovery, err := c.CreateRecoveryCodeForIdentity(ctx, kratos.RecoveryCodeBody{
		IdentityID: i.IdentityID.ValueString(), ExpiresIn: i.ExpiresIn.ValueString(), FlowType: i.FlowType.ValueString(),
	})
	if err != nil {
		addError(diags, methodCode, i.IdentityID.ValueString(), err)
		return nil
	}
	i.take(recovery)
	i.Code = types.StringValue(recovery.Code)
	return recovery
}

// issuedLink is what both forms of a recovery link have.
type issuedLink struct {
	issued
	ReturnTo types.String `tfsdk:"return_to"`
}

func (i *issuedLink) issue(ctx context.Context, c client, diags *diag.Diagnostics) *kratos.Recovery {
	recovery, err := c.CreateRecoveryLinkForIdentity(ctx, kratos.RecoveryLinkBody{
		IdentityID: i.IdentityID.ValueString(), ExpiresIn: i.ExpiresIn.ValueString(), ReturnTo: i.ReturnTo.ValueString(),
	})
	if err != nil {
		addError(diags, methodLink, i.IdentityID.ValueString(), err)
		return nil
	}
	i.take(recovery)
	return recovery
}

// managed is what only the managed forms have.
type managed struct {
	ID          types.String `tfsdk:"id"`
	Keepers     types.Map    `tfsdk:"keepers"`
	RenewBefore types.String `tfsdk:"renew_before"`
}

func (m *managed) setID(id string) { m.ID = types.StringValue(id) }

type managedCode struct {
	managed
	issuedCode
}

type managedLink struct {
	managed
	issuedLink
}
