package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// removedCredentials handles the attribute credentials_removed.
type removedCredentials struct{ unmanaged }

const removedName = "credentials_removed"

func removedPath(kind string) path.Path { return path.Root(removedName).AtMapKey(kind) }

func (removedCredentials) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{removedName: schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Credentials that Terraform removes from the identity, also if somebody else set them. The " +
			"key is the type: `totp`, `lookup_secret`, `webauthn` (all security keys), `passkey` (all passkeys) or " +
			"`password`. The value is any text, such as the reason. Each new value removes the credential once. A credential " +
			"that does not exist is not an error. Terraform never removes the last way to sign in. With Terraform 1.14 or " +
			"later, the action `ory_delete_credential` does the same.",
		Validators: []validator.Map{removedValidator{}},
	}}
}

func (removedCredentials) fields() []field {
	return []field{fieldOf(
		removedName, types.MapType{ElemType: types.StringType}, func(m *model) *types.Map { return &m.CredentialsRemoved },
	)}
}

// pending returns the types of credential to remove, sorted. A new identity has none to remove.
func (removedCredentials) pending(o *operation) []string {
	if o.creating || o.plan.CredentialsRemoved.IsNull() {
		return nil
	}
	done := o.state.CredentialsRemoved.Elements()
	var kinds []string
	for kind, value := range o.plan.CredentialsRemoved.Elements() {
		if !value.IsNull() && !value.Equal(done[kind]) && !slices.Contains(o.removed, kind) {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

func (a removedCredentials) effect(o *operation) effect {
	switch {
	case len(a.pending(o)) > 0:
		return credentialSent
	case !o.plan.CredentialsRemoved.Equal(o.state.CredentialsRemoved):
		return recorded
	}
	return unchanged
}

func (a removedCredentials) changesIdentifiers(o *operation) bool { return len(a.pending(o)) > 0 }

func (removedCredentials) check(_ context.Context, o *operation) { checkRemoved(&o.plan, o.diags) }

// checkRemoved refuses to remove a credential that the attribute credentials sets, because the next plan would show it
// as missing.
func checkRemoved(m *model, diags *diag.Diagnostics) {
	if m.CredentialsRemoved.IsNull() || m.Credentials.IsNull() || m.Credentials.IsUnknown() {
		return
	}
	for _, kind := range credential.WholeTypes() {
		value, ok := m.CredentialsRemoved.Elements()[kind]
		if member := m.credential(kind); ok && !value.IsNull() && member != nil && !member.IsNull() {
			diags.AddAttributeError(removedPath(kind), "Credential set and removed", fmt.Sprintf("The configuration sets "+
				"%s and also removes it with %s. Delete one of the two entries.", credentialPath(kind), removedPath(kind)))
		}
	}
}

func (a removedCredentials) remove(ctx context.Context, o *operation, saved func()) bool {
	pending := a.pending(o)
	if checkRemoved(&o.plan, o.diags); len(pending) == 0 || o.diags.HasError() {
		return !o.diags.HasError()
	}
	id := o.state.ID.ValueString()
	for _, kind := range pending {
		if _, err := credential.Remove(ctx, o.client, id, kind, ""); err != nil {
			addNotRemoved(ctx, o, id, kind, err)
			return false
		}
		o.removed = append(o.removed, kind)
		saved()
	}
	// The answer to a deletion is empty. The read fetches the other values that the deletion changed, such as updated_at.
	if current, err := o.client.GetIdentity(ctx, id); err == nil {
		o.known = *current
	}
	return true
}

// failedToRemoveCredential is the summary if the request for the removal fails.
const failedToRemoveCredential = "Failed to remove credential"

func addNotRemoved(ctx context.Context, o *operation, id, kind string, err error) {
	task := fmt.Sprintf("Removing %s of identity %s", kind, id)
	const rest = " The next apply tries this again. To give up the removal, delete the entry from credentials_removed."
	var last *credential.LastWayError
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		o.failure().onUpdate(ctx, err, false, o.diags)
	case errors.As(err, &last):
		o.diags.AddAttributeError(removedPath(kind), "Last way to sign in", fmt.Sprintf("%s: %s Nothing was removed.\n\n"+
			"Give the person another way to sign in first, such as a password or a link of oidc. To lock the person out, set "+
			"state = \"inactive\".%s", task, last, rest))
	case errors.Is(err, credential.ErrNeedsPatch):
		o.diags.AddAttributeError(removedPath(kind), "Server cannot delete credential", fmt.Sprintf("%s: this server "+
			"cannot remove %s. The removal %s. Upgrade the server, or delete the entry from credentials_removed.",
			task, credential.Plural(kind), err))
	default:
		o.diags.AddAttributeError(removedPath(kind), failedToRemoveCredential,
			base.Explain(fmt.Errorf("%s: %w", task, err))+"\n\nAll other changes of this identity were made."+rest)
	}
}

// held keeps the prior value in the model until the credential is removed.
func (a removedCredentials) held(o *operation, m *model) {
	pending := a.pending(o)
	if len(pending) == 0 {
		return
	}
	values := map[string]attr.Value{}
	for kind, value := range m.CredentialsRemoved.Elements() {
		before, had := o.state.CredentialsRemoved.Elements()[kind]
		switch {
		case !slices.Contains(pending, kind):
			values[kind] = value
		case had:
			values[kind] = before
		}
	}
	m.CredentialsRemoved = types.MapValueMust(types.StringType, values)
	if len(values) == 0 && o.state.CredentialsRemoved.IsNull() {
		m.CredentialsRemoved = types.MapNull(types.StringType)
	}
}

// removedValidator refuses types of credential that can't be removed as a whole. (The validators for maps of the
// framework's library cost allocations also where the map is null.)
type removedValidator struct{}

func (removedValidator) Description(context.Context) string { return "types of credential" }

func (v removedValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (removedValidator) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	for kind := range req.ConfigValue.Elements() {
		if !slices.Contains(credential.WholeTypes(), kind) {
			resp.Diagnostics.AddAttributeError(req.Path.AtMapKey(kind), "Invalid credential type", fmt.Sprintf(
				"The attribute %s has the key %q. The key must be one of %s. To remove a link of oidc or saml that "+
					"Terraform added, remove the link from credentials. To remove another link, use the action "+
					"ory_delete_credential.",
				req.Path, kind, strings.Join(credential.WholeTypes(), ", ")))
		}
	}
}
