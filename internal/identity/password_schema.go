package identity

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// passwordForms are the attributes of which an identity can have one: each is a way to say what the password is.
func passwordForms() []path.Expression {
	return []path.Expression{
		path.MatchRoot("password"), path.MatchRoot("password_wo"), path.MatchRoot("password_hash"),
		path.MatchRoot("password_hash_wo"), path.MatchRoot("password_migration_hook"),
	}
}

func passwordAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"password": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Password to sign in with, at most 72 bytes. It is kept in the state: prefer `password_wo`. Sent on " +
				"create and whenever it changes; a person who changes their password is no drift. Removing the attribute leaves the " +
				"password as it is.",
			Validators: []validator.String{passwordValidator{}},
		},
		"password_wo": schema.StringAttribute{
			Optional: true, Sensitive: true, WriteOnly: true,
			MarkdownDescription: "Password to sign in with, at most 72 bytes, never kept in plan or state (Terraform 1.11 or later, " +
				"OpenTofu 1.11 or later). Sent on create and whenever `password_wo_version` changes.",
			Validators: []validator.String{passwordValidator{}, stringvalidator.AlsoRequires(path.MatchRoot("password_wo_version"))},
		},
		"password_wo_version": versionOf("password_wo"),
		"password_hash": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Hash of the password, for people who come from another system: " + hashFormats() + ". Kept in the state. " +
				"The server replaces all but bcrypt hashes at the first sign-in, which is no drift.",
			Validators: []validator.String{hashValidator{}},
		},
		"password_hash_wo": schema.StringAttribute{
			Optional: true, Sensitive: true, WriteOnly: true,
			MarkdownDescription: "The same, never kept in plan or state. Sent on create and whenever `password_hash_wo_version` changes.",
			Validators:          []validator.String{hashValidator{}, stringvalidator.AlsoRequires(path.MatchRoot("password_hash_wo_version"))},
		},
		"password_hash_wo_version": versionOf("password_hash_wo"),
		"password_migration_hook": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the server asks its password migration hook at the person's first sign-in, for passwords that " +
				"can't be exported as hashes. The hook must be configured on the server.",
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
