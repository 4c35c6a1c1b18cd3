package recovery

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// issuer is a model that can request its code or link from the server.
type issuer[M any] interface {
	*M
	// issue returns nil if the server refuses, and adds an error to the attribute that caused the refusal.
	issue(ctx context.Context, c client, diags *diag.Diagnostics) *kratos.Recovery
}

// managedIssuer is an issuer of a managed form.
type managedIssuer[M any] interface {
	issuer[M]
	setID(id string)
}

// issued has the attributes that all forms of a recovery share: the identity and the result.
type issued struct {
	IdentityID types.String `tfsdk:"identity_id"`
	ExpiresIn  types.String `tfsdk:"expires_in"`
	Link       types.String `tfsdk:"link"`
	ExpiresAt  types.String `tfsdk:"expires_at"`
}

func (i *issued) take(recovery *kratos.Recovery) {
	i.Link, i.ExpiresAt = types.StringValue(recovery.Link), types.StringValue(recovery.ExpiresAt)
}

// issuedCode has the attributes of both forms of a recovery code.
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

// issuedLink has the attributes of both forms of a recovery link.
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

// managed has the attributes of only the managed forms.
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
