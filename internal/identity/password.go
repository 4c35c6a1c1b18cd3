package identity

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
)

// password handles credentials.password.
type password struct{ unmanaged }

// passwordModel is credentials.password in configuration, plan and state. Plan and state never have the write-only
// values; they have the versions of these values.
type passwordModel struct {
	value, valueWO, hash, hashWO types.String
	version                      types.Int64
	migrationHook                types.Bool
}

func (m *model) password() passwordModel {
	var p passwordModel
	object, _ := m.credential(credential.Password).(types.Object)
	switch {
	case object.IsUnknown():
		unknown := types.StringUnknown()
		return passwordModel{unknown, unknown, unknown, unknown, types.Int64Unknown(), types.BoolUnknown()}
	case object.IsNull():
		return p
	}
	members := object.Attributes()
	p.value, _ = members["value"].(types.String)
	p.valueWO, _ = members["value_wo"].(types.String)
	p.hash, _ = members["hash"].(types.String)
	p.hashWO, _ = members["hash_wo"].(types.String)
	p.version, _ = members["wo_version"].(types.Int64)
	p.migrationHook, _ = members["migration_hook"].(types.Bool)
	return p
}

// setPassword replaces credentials.password without its write-only values.
func (m *model) setPassword(p passwordModel) {
	m.setCredential(credential.Password, types.ObjectValueMust(passwordTypes(), map[string]attr.Value{
		"value": p.value, "value_wo": types.StringNull(), "hash": p.hash, "hash_wo": types.StringNull(),
		"wo_version": p.version, "migration_hook": p.migrationHook,
	}))
}

func passwordTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"value": types.StringType, "value_wo": types.StringType, "hash": types.StringType, "hash_wo": types.StringType,
		"wo_version": types.Int64Type, "migration_hook": types.BoolType,
	}
}

// changedFrom returns the path of the changed attribute that requires the password to be sent. ok is false if there is
// none. Removing a form of the password sends nothing, and neither does switching off the migration hook.
func (p passwordModel) changedFrom(before passwordModel) (at path.Path, ok bool) {
	at = credentialPath(credential.Password)
	switch {
	case !p.value.IsNull() && !p.value.Equal(before.value):
		return at.AtName("value"), true
	case !p.version.IsNull() && !p.version.Equal(before.version):
		return at.AtName("wo_version"), true
	case !p.hash.IsNull() && !p.hash.Equal(before.hash):
		return at.AtName("hash"), true
	case (p.migrationHook.ValueBool() || p.migrationHook.IsUnknown()) && !p.migrationHook.Equal(before.migrationHook):
		return at.AtName("migration_hook"), true
	}
	return path.Empty(), false
}

// replaces reports whether a form of the password that was set before has another value now.
func (p passwordModel) replaces(before passwordModel) bool {
	differs := func(now, then attr.Value) bool { return !then.IsNull() && !now.IsNull() && !now.Equal(then) }
	return differs(p.value, before.value) || differs(p.hash, before.hash) || differs(p.version, before.version)
}

func (p passwordModel) isSet() bool {
	return !p.value.IsNull() || !p.hash.IsNull() || !p.version.IsNull() || p.migrationHook.ValueBool()
}

// sendsPassword reports whether the apply sets the password.
func (o *operation) sendsPassword() bool {
	_, differs := o.passwordDiffers()
	return differs && !o.recordsPassword()
}

// passwordDiffers reports whether a password is configured that the state doesn't have, and returns its path.
func (o *operation) passwordDiffers() (path.Path, bool) {
	if o.plan.Credentials.IsNull() {
		return path.Empty(), false
	}
	return o.plan.password().changedFrom(o.state.password())
}

// plan removes the write-only values from the plan.
func (password) plan(o *operation) {
	if object, ok := o.plan.credential(credential.Password).(types.Object); ok && !object.IsNull() && !object.IsUnknown() {
		o.plan.setPassword(o.plan.password())
	}
}

// effect compares the whole of credentials, not only the password: an empty object and null have the same meaning to
// the server, but Terraform requires that the plan equals the configuration.
func (password) effect(o *operation) effect {
	switch {
	case o.sendsPassword():
		return credentialSent
	case !o.plan.Credentials.Equal(o.state.Credentials):
		return recorded
	}
	return unchanged
}

func (password) check(_ context.Context, o *operation) {
	if at, differs := o.passwordDiffers(); differs && o.recordsPassword() {
		o.diags.AddAttributeWarning(at, "Password not sent after import", "The identity was imported or moved, and may "+
			"already have a password. This apply only records the configured password and sends nothing. To set the "+
			"password, change it (or the version of a write-only password) after this apply.")
	}
	if o.state.password().isSet() && !o.plan.password().isSet() {
		o.diags.AddAttributeWarning(
			credentialPath(credential.Password),
			"Password remains on the server",
			"The configuration no longer has a password. Terraform only removes the password from the state. The person "+
				"can still sign in with this password.",
		)
	}
}

// body returns the configured password as the credential of a request, nil if there is none.
func (p passwordModel) body() *kratos.PasswordCredential {
	config := kratos.PasswordConfig{
		Password:                 p.value.ValueString() + p.valueWO.ValueString(), // at most one of them is set
		HashedPassword:           p.hash.ValueString() + p.hashWO.ValueString(),
		UsePasswordMigrationHook: p.migrationHook.ValueBool(),
	}
	if config == (kratos.PasswordConfig{}) {
		return nil
	}
	return &kratos.PasswordCredential{Config: config}
}

func (password) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	o.checkHash()
	if configured := o.config.password().body(); configured != nil {
		credentialsOf(body).Password = configured
	}
}

// checkHash refuses a damaged hash that was unknown during the plan. Servers up to v26.2 accept a damaged hash if its
// beginning is valid.
func (o *operation) checkHash() {
	p := o.config.password()
	for name, hash := range map[string]types.String{"hash": p.hash, "hash_wo": p.hashWO} {
		if hash.ValueString() != "" {
			d := passwordhash.Check(credentialPath(credential.Password).AtName(name), hash.ValueString())
			o.diags.Append(d.Errors()...)
		}
	}
}

// credentialsOf returns the credentials of a request body. It adds them to the body if they are missing.
func credentialsOf(body *kratos.CreateIdentityBody) *kratos.IdentityCredentials {
	if body.Credentials == nil {
		body.Credentials = &kratos.IdentityCredentials{}
	}
	return body.Credentials
}

func (password) changesIdentifiers(o *operation) bool {
	_, has := o.state.identifiers()[credential.Password]
	return !has && o.sendsPassword()
}

func (password) unsent(o *operation, body *kratos.IdentityCredentials) bool {
	if !o.sendsPassword() || o.passwordSent {
		return false
	}
	body.Password = o.config.password().body()
	return body.Password != nil
}

// held keeps the prior password in the model until the new password has been sent.
func (password) held(o *operation, m *model) {
	if o.sendsPassword() && !o.passwordSent {
		m.setCredential(credential.Password, o.state.credential(credential.Password))
	}
}

func (password) refused(_ context.Context, f failure, answer *kratos.Error, diags *diag.Diagnostics) bool {
	if !strings.Contains(answer.Reason+"\n"+answer.Message, "I[#/password]") {
		return false
	}
	at, ok := f.plan.password().changedFrom(passwordModel{})
	if !ok {
		at = credentialPath(credential.Password)
	}
	diags.AddAttributeError(at, "Password refused", answer.Error()+".\n\nChoose another password.")
	return true
}
