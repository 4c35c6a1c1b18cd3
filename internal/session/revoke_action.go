package session

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var (
	_ action.ActionWithConfigure        = (*revokeAction)(nil)
	_ action.ActionWithConfigValidators = (*revokeAction)(nil)
)

// NewRevokeAction returns the action ory_revoke_sessions.
func NewRevokeAction() action.Action { return &revokeAction{} }

type revokeAction struct {
	base.Action
}

type revokeModel struct {
	IdentityID  types.String `tfsdk:"identity_id"`
	IdentityIDs types.List   `tfsdk:"identity_ids"`
}

// Metadata implements action.Action.
func (*revokeAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_revoke_sessions"
}

// Schema implements action.Action.
func (*revokeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Ends all sessions of identities, on all devices. The people must sign in again. A new " +
			"password does not end sessions. With `state = \"inactive\"` the server refuses the sessions, and accepts them " +
			"again when the identity becomes active again. An identity without sessions is not an error. Set exactly one of " +
			"`identity_id` and `identity_ids`.\n\nIf the sessions must end after a change of the password or of `state`, use " +
			"`revoke_sessions_on` of `ory_identity`. It works with every supported version of Terraform and OpenTofu, and the " +
			"next apply tries again after a failure." + base.DescribeRunningAction("ory_revoke_sessions.ada"),
		Attributes: map[string]schema.Attribute{
			"identity_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Id (UUID) of the identity.", Validators: []validator.String{base.UUID()},
			},
			"identity_ids": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Ids (UUID) of the identities. Kratos after v26.2 ends the sessions of 500 identities in " +
					"one request. On other servers the action sends one request for each identity. An empty list is not an error. " +
					"If the server has no identity with one of the ids, the action ends the sessions of the others and then fails.",
				Validators: []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(base.UUID())},
			},
		},
	}
}

// ConfigValidators implements action.ActionWithConfigValidators.
func (*revokeAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{
		actionvalidator.ExactlyOneOf(path.MatchRoot("identity_id"), path.MatchRoot("identity_ids")),
	}
}

// Invoke implements action.Action.
func (a *revokeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model revokeModel
	diags := &resp.Diagnostics
	diags.Append(req.Config.Get(ctx, &model)...)
	if diags.HasError() || !base.Recheck(ctx, req.Config, diags) || !a.Data.RequireClient(diags) {
		return
	}
	if model.IdentityID.IsNull() == model.IdentityIDs.IsNull() {
		diags.AddError("Exactly one argument required", "Set exactly one of identity_id and identity_ids "+
			"to a value. The action ends the sessions of the identities with these ids.")
		return
	}
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }
	if !model.IdentityIDs.IsNull() {
		r := revocation{client: a.Data.Client, locks: a.Data.Locks, progress: progress, diags: diags}
		r.run(ctx, idsOf(model.IdentityIDs))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	id := model.IdentityID.ValueString()
	defer a.Data.Locks.Lock(id)()
	progress("Revoking all sessions of identity " + id)
	revoked, err := revokeAll(ctx, a.Data.Client, id)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		base.AddNoSuchIdentity(diags, "Revoking the sessions of identity "+id, err)
	case err != nil:
		base.AddActionError(diags, actionType, failedToRevoke, err)
	case revoked:
		progress("Revoked all sessions of identity " + id)
	default:
		progress("Identity " + id + " has no sessions")
	}
}

const (
	actionType     = "ory_revoke_sessions"
	failedToRevoke = "Failed to revoke sessions"
)

// idsOf returns each id of a list once, sorted.
func idsOf(list types.List) []string {
	ids := make([]string, 0, len(list.Elements()))
	for _, element := range list.Elements() {
		if id, ok := element.(types.String); ok {
			ids = append(ids, strings.ToLower(id.ValueString()))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
