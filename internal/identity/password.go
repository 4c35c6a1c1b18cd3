package identity

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// passwordState is what plan and state keep of the password, in whichever form it is given. The secrets of the write-only
// forms are in the configuration alone; their versions stand for them.
type passwordState struct {
	password, hash       types.String
	version, hashVersion types.Int64
	migrationHook        types.Bool
}

func (m model) passwordState() passwordState {
	return passwordState{m.Password, m.PasswordHash, m.PasswordWOVersion, m.PasswordHashWOVersion, m.PasswordMigrationHook}
}

func (m *model) setPasswordState(s passwordState) {
	m.Password, m.PasswordHash, m.PasswordWOVersion, m.PasswordHashWOVersion, m.PasswordMigrationHook = s.password, s.hash, s.version, s.hashVersion, s.migrationHook
}

// changedFrom returns the attribute that asks for the password to be sent, given what was there before; ok is false if none
// does. Dropping a form sends nothing, nor does switching the migration hook off.
func (s passwordState) changedFrom(before passwordState) (at path.Path, ok bool) {
	switch {
	case !s.password.IsNull() && !s.password.Equal(before.password):
		return path.Root("password"), true
	case !s.version.IsNull() && !s.version.Equal(before.version):
		return path.Root("password_wo_version"), true
	case !s.hash.IsNull() && !s.hash.Equal(before.hash):
		return path.Root("password_hash"), true
	case !s.hashVersion.IsNull() && !s.hashVersion.Equal(before.hashVersion):
		return path.Root("password_hash_wo_version"), true
	case (s.migrationHook.ValueBool() || s.migrationHook.IsUnknown()) && !s.migrationHook.Equal(before.migrationHook):
		return path.Root("password_migration_hook"), true
	}
	return path.Empty(), false
}

// replaces says whether a form that was there before has another value now.
func (s passwordState) replaces(before passwordState) bool {
	differs := func(now, then attr.Value) bool { return !then.IsNull() && !now.IsNull() && !now.Equal(then) }
	return differs(s.password, before.password) || differs(s.hash, before.hash) || differs(s.version, before.version) ||
		differs(s.hashVersion, before.hashVersion)
}

func (s passwordState) equal(o passwordState) bool {
	return s.password.Equal(o.password) && s.hash.Equal(o.hash) && s.version.Equal(o.version) && s.hashVersion.Equal(o.hashVersion) &&
		s.migrationHook.Equal(o.migrationHook)
}

func (s passwordState) isSet() bool {
	return !s.password.IsNull() || !s.hash.IsNull() || !s.version.IsNull() || !s.hashVersion.IsNull() || s.migrationHook.ValueBool()
}

// sendsPassword says whether the apply will set the password.
func (p *planner) sendsPassword() bool {
	_, differs := p.passwordDiffers()
	return differs && !p.imported
}

// passwordDiffers says whether a password is configured that the state doesn't have, and by which attribute.
func (p *planner) passwordDiffers() (path.Path, bool) {
	return p.plan.passwordState().changedFrom(p.state.passwordState())
}

func (p *planner) passwordDropped() bool {
	return p.state.passwordState().isSet() && !p.plan.passwordState().isSet()
}

// passwordCredentials is the configured password as the API takes it, nil without one.
func passwordCredentials(config model) *kratos.IdentityCredentials {
	first := func(values ...types.String) string {
		for _, value := range values {
			if value.ValueString() != "" {
				return value.ValueString()
			}
		}
		return ""
	}
	password := kratos.PasswordConfig{
		Password:                 first(config.Password, config.PasswordWO),
		HashedPassword:           first(config.PasswordHash, config.PasswordHashWO),
		UsePasswordMigrationHook: config.PasswordMigrationHook.ValueBool(),
	}
	if password == (kratos.PasswordConfig{}) {
		return nil
	}
	return &kratos.IdentityCredentials{Password: &kratos.PasswordCredential{Config: password}}
}
