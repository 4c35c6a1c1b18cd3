package identity

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
)

// passwordAttributes are the ways to say what the password is, of which an identity can have one. Each conflicts with those before
// it: a validator of the resource would look through the whole configuration of each, which is the most part of validating it.
func passwordAttributes() map[string]schema.Attribute {
	var (
		password      = path.MatchRoot("password")
		writeOnly     = path.MatchRoot("password_wo")
		hash          = path.MatchRoot("password_hash")
		writeOnlyHash = path.MatchRoot("password_hash_wo")
	)
	return map[string]schema.Attribute{
		"password": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Password to sign in with, at most 72 bytes. It is kept in the state: prefer `password_wo`. Sent on " +
				"create and whenever it changes; that a person has changed it, or somebody deleted it, is no drift, since it is never " +
				"read back: change the attribute to set it again. Removing the attribute leaves the password as it is.",
			Validators: []validator.String{passwordValidator{}},
		},
		"password_wo": schema.StringAttribute{
			Optional: true, Sensitive: true, WriteOnly: true,
			MarkdownDescription: "Password to sign in with, at most 72 bytes, never kept in plan or state (Terraform 1.11 or later, " +
				"OpenTofu 1.11 or later). Sent on create and whenever `password_wo_version` changes: raise that also where the password " +
				"was deleted on the server, as by the action `ory_delete_credential`, which no plan notices.",
			Validators: []validator.String{
				passwordValidator{}, stringvalidator.AlsoRequires(path.MatchRoot("password_wo_version")), stringvalidator.ConflictsWith(password),
			},
		},
		"password_wo_version": versionOf("password_wo"),
		"password_hash": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Hash of the password, for people who come from another system: " + passwordhash.Formats() + ". Kept in the state. " +
				"The server replaces all but bcrypt hashes at the first sign-in, which is no drift.",
			Validators: []validator.String{passwordhash.Validator{}, stringvalidator.ConflictsWith(password, writeOnly)},
		},
		"password_hash_wo": schema.StringAttribute{
			Optional: true, Sensitive: true, WriteOnly: true,
			MarkdownDescription: "The same, never kept in plan or state. Sent on create and whenever `password_hash_wo_version` changes.",
			Validators: []validator.String{
				passwordhash.Validator{},
				stringvalidator.AlsoRequires(path.MatchRoot("password_hash_wo_version")),
				stringvalidator.ConflictsWith(password, writeOnly, hash),
			},
		},
		"password_hash_wo_version": versionOf("password_hash_wo"),
		"password_migration_hook": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the server asks its password migration hook at the person's first sign-in, for passwords that " +
				"can't be exported as hashes. The hook must be configured on the server.",
			Validators: []validator.Bool{boolvalidator.ConflictsWith(password, writeOnly, hash, writeOnlyHash)},
		},
	}
}

func versionOf(attribute string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: "Version of `" + attribute + "`: any number, changed to have it sent again. A changed value with the same " +
			"version sends nothing.",
		Validators: []validator.Int64{int64validator.AlsoRequires(path.MatchRoot(attribute))},
	}
}
