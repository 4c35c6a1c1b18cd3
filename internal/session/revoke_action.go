package session

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var _ action.ActionWithConfigure = (*revokeAction)(nil)

// revoker is the part of the admin API that the action uses.
type revoker interface {
	DeleteIdentitySessions(ctx context.Context, id string) error
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
}

// NewRevokeAction returns the action ory_revoke_sessions.
func NewRevokeAction() action.Action { return &revokeAction{} }

type revokeAction struct {
	base.Action
}

type revokeModel struct {
	IdentityID types.String `tfsdk:"identity_id"`
}

// Metadata implements action.Action.
func (*revokeAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_revoke_sessions"
}

// Schema implements action.Action.
func (*revokeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Ends all sessions of an identity, on all devices: whoever is signed in must sign in again. " +
			"Neither a new password set by an administrator nor `state = \"inactive\"` does that: sessions outlive the one, " +
			"and come back to life when the other is taken back. That there are no sessions is fine.\n\n" +
			base.DescribeRunningAction("ory_revoke_sessions.ada") + " Where the sessions must end, set `revoke_sessions_on` " +
			"of `ory_identity` instead, which does it after those two changes, on any version of Terraform, and again at the " +
			"next apply if it failed.",
		Attributes: map[string]schema.Attribute{
			"identity_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "Id (UUID) of the identity whose sessions to " +
					"end.", Validators: []validator.String{base.UUID()},
			},
		},
	}
}

// Invoke implements action.Action.
func (a *revokeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !base.Recheck(ctx, req.Config, &resp.Diagnostics) ||
		!a.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	id := model.IdentityID.ValueString()
	defer a.Data.Locks.Lock(id)()
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }

	progress("Revoking all sessions of identity " + id)
	revoked, err := revokeAll(ctx, a.Data.Client, id)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		base.AddNoSuchIdentity(&resp.Diagnostics, "Revoking the sessions of identity "+id, err)
	case err != nil:
		base.AddActionError(&resp.Diagnostics, "ory_revoke_sessions", "Revoking the sessions of identity "+id, err)
	case revoked:
		progress("Revoked all sessions of identity " + id)
	default:
		progress("Identity " + id + " has no sessions")
	}
}

// revokeAll reports whether there were any sessions. The server answers 404 if there were none, and also if the
// identity doesn't exist, which is an error.
func revokeAll(ctx context.Context, c revoker, id string) (bool, error) {
	err := c.DeleteIdentitySessions(ctx, id)
	if !errors.Is(err, kratos.ErrNotFound) {
		return err == nil, err
	}
	_, err = c.GetIdentity(ctx, id)
	return false, err
}
