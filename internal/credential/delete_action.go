package credential

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var (
	_ action.ActionWithConfigure      = (*deleteAction)(nil)
	_ action.ActionWithValidateConfig = (*deleteAction)(nil)
)

// NewDeleteAction returns the action ory_delete_credential.
func NewDeleteAction() action.Action { return &deleteAction{} }

type deleteAction struct {
	base.Action
}

type deleteModel struct {
	IdentityID types.String `tfsdk:"identity_id"`
	Type       types.String `tfsdk:"type"`
	Identifier types.String `tfsdk:"identifier"`
}

// Metadata implements action.Action.
func (*deleteAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_delete_credential"
}

// Schema implements action.Action.
func (*deleteAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Deletes a credential of an identity: for example a second factor or a passkey that somebody " +
			"has lost, an account of another provider, or a password. The action never deletes the last way to sign in, with " +
			"any version of the server. If the identity has no such credential, the action succeeds. It does not end " +
			"sessions: use `ory_revoke_sessions`.\n\n~> **Do not delete a credential that `ory_identity` sets.** The next " +
			"apply sets it again. Remove it from `credentials`. A password is different: the server never returns passwords, " +
			"so no plan detects that the password is deleted. To set it again, change `credentials.password.value` or " +
			"`credentials.password.wo_version`." + base.DescribeRunningAction("ory_delete_credential.ada"),
		Attributes: map[string]schema.Attribute{
			"identity_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "Id (UUID) of the identity.", Validators: []validator.String{base.UUID()},
			},
			"type": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "`totp`, `lookup_secret`, `webauthn` (all security keys), `passkey` (all passkeys), `oidc` " +
					"or `saml` (one link), or `password`. Passkeys, security keys that need no password, and passwords need Kratos " +
					"v25.4 or later, or Ory Network. For passkeys and these keys, sign-in by code does not count as another way to " +
					"sign in.",
				Validators: []validator.String{stringvalidator.OneOf(append(WholeTypes(), LinkTypes()...)...)},
			},
			"identifier": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The link to delete, as `provider:subject`, exactly as the server has it. Required for " +
					"`oidc` and `saml`. Not allowed for other types.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}

// ValidateConfig implements action.ActionWithValidateConfig.
func (*deleteAction) ValidateConfig(
	ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse,
) {
	var model deleteModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if !resp.Diagnostics.HasError() && !model.Type.IsUnknown() && !model.Identifier.IsUnknown() {
		model.checkIdentifier(&resp.Diagnostics)
	}
}

// checkIdentifier requires an identifier for links, of which an identity can have several, and refuses it for other
// types.
func (m deleteModel) checkIdentifier(diags *diag.Diagnostics) {
	kind, at := m.Type.ValueString(), path.Root("identifier")
	isLink := IsLink(kind)
	switch {
	case isLink && m.Identifier.IsNull():
		diags.AddAttributeError(at, "Missing identifier", fmt.Sprintf("An identity can have several links of type %q. "+
			"Set identifier to the identifier of the link to delete, such as \"github:1815\". The attribute identifiers "+
			"of ory_identity lists the links.", kind))
	case !isLink && !m.Identifier.IsNull():
		diags.AddAttributeError(at, "Unexpected identifier", fmt.Sprintf("The action deletes a credential of type %q as a "+
			"whole. Remove identifier.", kind))
	}
}

// Invoke implements action.Action.
func (a *deleteAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model deleteModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !base.Recheck(ctx, req.Config, &resp.Diagnostics) {
		return
	}
	model.checkIdentifier(&resp.Diagnostics)
	if resp.Diagnostics.HasError() || !a.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	defer a.Data.Locks.Lock(model.IdentityID.ValueString())()
	d := deletion{
		client:     a.Data.Client,
		id:         model.IdentityID.ValueString(),
		kind:       model.Type.ValueString(),
		identifier: model.Identifier.ValueString(),
		progress:   func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) },
		diags:      &resp.Diagnostics,
	}
	d.run(ctx)
}

// deletion deletes one credential of one identity.
type deletion struct {
	client               Client
	id, kind, identifier string
	progress             func(message string)
	diags                *diag.Diagnostics
}

// name returns a name of the credential for messages. It leaves out the identifier, which may be sensitive in the
// configuration, because Terraform doesn't tell the provider which values are sensitive.
func (d deletion) name() string {
	if d.identifier != "" {
		return fmt.Sprintf("the %s link of identity %s with the identifier of the configuration", d.kind, d.id)
	}
	return fmt.Sprintf("the credential %s of identity %s", d.kind, d.id)
}

func (d deletion) run(ctx context.Context) {
	d.progress("Deleting " + d.name())
	removed, err := Remove(ctx, d.client, d.id, d.kind, d.identifier)
	var last *LastWayError
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		base.AddNoSuchIdentity(d.diags, "Deleting "+d.name(), err)
	case errors.Is(err, ErrNeedsPatch):
		d.diags.AddAttributeError(path.Root("type"), "Server cannot delete credential", fmt.Sprintf("Deleting %s: this "+
			"server cannot delete credentials of the type %q. The deletion of %s %s. Nothing was deleted.\n\nUpgrade the "+
			"server%s.",
			d.name(), d.kind, Plural(d.kind), err, d.insteadOfUpgrade()))
	case errors.As(err, &last):
		d.addLastWayIn(last)
	case err != nil:
		base.AddActionError(d.diags, "ory_delete_credential", "Failed to delete credential",
			fmt.Errorf("deleting %s: %w", d.name(), err))
	case removed:
		d.progress("Deleted " + d.name())
	default:
		d.progress(d.nothing() + ": nothing to delete")
	}
}

func (d deletion) nothing() string {
	if d.kind == WebAuthn {
		return "There is no security key"
	}
	return "There is no such credential"
}

func (d deletion) insteadOfUpgrade() string {
	if d.kind == Password {
		return ", or replace the password with a password that nobody knows"
	}
	return ", or let the person remove the credential in the settings"
}

func (d deletion) addLastWayIn(last *LastWayError) {
	at := path.Root("type")
	if d.identifier != "" {
		at = path.Root("identifier")
	}
	d.diags.AddAttributeError(at, "Last way to sign in", fmt.Sprintf("Deleting %s: %s Nothing was deleted.\n\nGive the "+
		"person another way to sign in first, such as a password or a link of oidc. To lock the person out, set state = "+
		"\"inactive\" on the ory_identity and revoke the sessions.", d.name(), last))
}
