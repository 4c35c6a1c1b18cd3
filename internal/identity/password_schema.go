package identity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
)

// member returns the forms in which a password can be configured. An identity can have one form: each form conflicts
// with the forms before it.
func (password) member() (string, schema.Attribute) {
	conflicts := func(names ...string) path.Expressions {
		var all path.Expressions
		for _, name := range names {
			all = append(all, beside(name))
		}
		return all
	}
	return credential.Password, schema.SingleNestedAttribute{
		Optional: true, Validators: []validator.Object{versionValidator{[]string{"value_wo", "hash_wo"}}},
		MarkdownDescription: "The password, in one of these forms. The server never returns a password: if the person " +
			"changes it, or if it is deleted, this is not drift. If you remove the member from the configuration, nothing is " +
			"sent and the password stays valid.",
		Attributes: map[string]schema.Attribute{
			"value": schema.StringAttribute{
				Optional: true, Sensitive: true, Validators: []validator.String{passwordValidator{}},
				MarkdownDescription: "Password, at most 72 bytes. The state contains it: prefer `value_wo`. It is sent on create " +
					"and whenever it changes.",
			},
			"value_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "Password, at most 72 bytes. It is not in the plan or the state. It is sent on create and " +
					"whenever `wo_version` changes. No plan detects that the password was deleted on the server, for example by the " +
					"action `ory_delete_credential`. To set it again, change `wo_version`." + base.WriteOnlyRequirements,
				Validators: []validator.String{
					passwordValidator{},
					stringvalidator.AlsoRequires(beside("wo_version")),
					stringvalidator.ConflictsWith(beside("value")),
				},
			},
			"hash": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Hash of a password from another system: " +
					passwordhash.Formats() + ". The state contains it. The plan fails for a damaged hash. It warns of a hash that " +
					"matches no password, and of a hash that costs more than Kratos after v26.2 accepts. At the first sign-in the " +
					"server replaces a hash that is not bcrypt. This is not drift.",
				Validators: []validator.String{
					passwordhash.Validator{},
					stringvalidator.ConflictsWith(conflicts("value", "value_wo")...),
				},
			},
			"hash_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "Write-only form of `hash`. It is not in the plan or the state. It is sent on create and " +
					"whenever `wo_version` changes." + base.WriteOnlyRequirements,
				Validators: []validator.String{
					passwordhash.Validator{},
					stringvalidator.AlsoRequires(beside("wo_version")),
					stringvalidator.ConflictsWith(conflicts("value", "value_wo", "hash")...),
				},
			},
			"wo_version": versionOf("value_wo", "hash_wo"),
			"migration_hook": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the server calls its password migration hook at the first sign-in, for passwords " +
					"that cannot be exported as hashes. The server's configuration must have the hook.",
				Validators: []validator.Bool{boolvalidator.ConflictsWith(conflicts("value", "value_wo", "hash", "hash_wo")...)},
			},
		},
	}
}

// maxPasswordBytes is the limit of bcrypt, the server's default hasher. The server answers longer passwords with a 500.
const maxPasswordBytes = kratos.MaxPasswordBytes

// passwordValidator refuses passwords that the server can't hash. Its messages never show the password.
type passwordValidator struct{}

func (passwordValidator) Description(context.Context) string {
	return fmt.Sprintf("password of 1 to %d bytes", maxPasswordBytes)
}

func (v passwordValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (passwordValidator) ValidateString(
	_ context.Context,
	req validator.StringRequest,
	resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	length := len(req.ConfigValue.ValueString())
	switch {
	case length == 0:
		resp.Diagnostics.AddAttributeError(req.Path, "Empty password", fmt.Sprintf("The attribute %s is an empty "+
			"string. Nobody can sign in with an empty password. For an identity without a password, omit the attribute or "+
			"set it to null.", req.Path))
	case length > maxPasswordBytes:
		resp.Diagnostics.AddAttributeError(req.Path, "Password too long", fmt.Sprintf("The attribute %s is %d bytes "+
			"long. The server accepts at most %d bytes (a character outside ASCII has 2 to 4 bytes). Choose a shorter "+
			"password.",
			req.Path, length, maxPasswordBytes))
	}
}
