// Package recovery hands out recovery codes and links: the way in for people without a password, or who have lost theirs. Each
// exists in two forms, ephemeral (in neither plan nor state) and managed (a resource, in the state).
package recovery

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// client is what this package needs of the admin API.
type client interface {
	CreateRecoveryCodeForIdentity(ctx context.Context, body kratos.RecoveryCodeBody) (*kratos.Recovery, error)
	CreateRecoveryLinkForIdentity(ctx context.Context, body kratos.RecoveryLinkBody) (*kratos.Recovery, error)
}

// The methods of recovery, as the server's configuration names them.
const (
	methodCode = "code"
	methodLink = "link"
)

// The values of flow_type.
const (
	flowBrowser = "browser"
	flowAPI     = "api"
)

// issued is what all forms of a recovery have in common: who it is for and what came of it.
type issued struct {
	IdentityID types.String `tfsdk:"identity_id"`
	ExpiresIn  types.String `tfsdk:"expires_in"`
	Link       types.String `tfsdk:"link"`
	ExpiresAt  types.String `tfsdk:"expires_at"`
}

// issuedCode is what both forms of a recovery code have.
type issuedCode struct {
	issued
	FlowType types.String `tfsdk:"flow_type"`
	Code     types.String `tfsdk:"code"`
}

// issuedLink is what both forms of a recovery link have.
type issuedLink struct {
	issued
	ReturnTo types.String `tfsdk:"return_to"`
}

// issue asks the server for a code. It returns nil, with an error on the attribute that caused it, if there is none.
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

// issue asks the server for a link. It returns nil, with an error on the attribute that caused it, if there is none.
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

func (i *issued) take(recovery *kratos.Recovery) {
	i.Link, i.ExpiresAt = types.StringValue(recovery.Link), types.StringValue(recovery.ExpiresAt)
}

// addError says on which attribute the server refused a recovery by this method.
func addError(diags *diag.Diagnostics, method, id string, err error) {
	summary := fmt.Sprintf("Creating a recovery %s for identity %s", method, id)
	said := strings.TrimSuffix(err.Error(), ".")
	var answer *kratos.Error
	isAnswer := errors.As(err, &answer)
	switch {
	case errors.Is(err, kratos.ErrDisabled):
		diags.AddAttributeError(path.Root("identity_id"), "Recovery by "+method+" is disabled", fmt.Sprintf("%s: %s.\n\n%s",
			summary, said, howToEnable(method)))
	case errors.Is(err, kratos.ErrNotFound):
		diags.AddAttributeError(path.Root("identity_id"), "No such identity", fmt.Sprintf("%s: %s.\n\nThe server has no identity with "+
			"this id. Refer to the id of an ory_identity; if that was deleted outside Terraform, the next plan shows it.", summary, said))
	case isAnswer && strings.Contains(answer.Reason, "expires_in"):
		diags.AddAttributeError(path.Root("expires_in"), "Invalid expires_in", fmt.Sprintf("%s: %s.\n\nGive a positive duration such as "+
			"\"30m\" or \"24h\".", summary, said))
	case isAnswer && (strings.Contains(answer.ID, "return_to") || strings.Contains(answer.Reason, "return_to")):
		diags.AddAttributeError(path.Root("return_to"), "URL not allowed", fmt.Sprintf("%s: %s.\n\nGive a URL that the server's "+
			"configuration allows, or add this one to it (selfservice.allowed_return_urls; in the Ory Console under Redirects).",
			summary, said))
	case errors.Is(err, kratos.ErrOutcomeUnknown):
		diags.AddError(summary, fmt.Sprintf("%s.\n\nIf the server has made one, nobody has seen it, and it expires by itself. Apply "+
			"again.", said))
	default:
		base.AddError(diags, summary, err)
	}
}

func howToEnable(method string) string {
	if method == methodLink {
		return "Set selfservice.methods.link.enabled to true in the server's configuration (on Ory Network in the Ory Console under " +
			"Account recovery), or use a recovery code."
	}
	return "Set selfservice.methods.code.enabled to true in the server's configuration (on Ory Network in the Ory Console under " +
		"Account recovery), or use a recovery link."
}
