package bulk

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
)

// Schema implements resource.Resource.
func (*bulkResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages thousands of identities in one resource: for test environments, directories and load " +
			"tests. The provider creates them in batches. With one `ory_identity` for each person, Terraform needs many " +
			"minutes to over an hour for 10,000 people. Use `ory_identity` for people that other resources refer to, and for " +
			"people with links or second factors.\n\nA create is all or nothing. An update succeeds or fails row by row." +
			base.Requirements,
		Attributes: attributes(),
		Blocks: map[string]schema.Block{
			"timeouts": identity.TimeoutsBlock(ctx, "all identities", "4h"),
		},
	}
}

func attributes() map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Computed: true, MarkdownDescription: "Id of this resource, a random UUID.",
		},
		"ids": schema.StringAttribute{
			Computed: true, MarkdownDescription: "JSON object: the id (UUID) of the identity of each row, by the key of the " +
				"row. `jsondecode(ory_identities.people.ids)[\"7\"]` is the id of the row `7`.",
		},
		"schema_id": schema.StringAttribute{
			Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			MarkdownDescription: "Id of the identity schema of the rows that have no `schema_id`.",
		},
		"identities": schema.StringAttribute{
			Required: true, Validators: []validator.String{objectOf{}},
			MarkdownDescription: "JSON object of rows by key, made with `jsonencode()`. A key is any text that stays with the " +
				"person, such as a personnel number. A row is an object with `traits` and, optionally, `schema_id`, " +
				"`metadata_public`, `state`, `external_id`, `organization_id` and `verified_addresses` (a list). The members " +
				"mean the same as in `ory_identity`. The provider compares rows by their meaning: formatting and the order of " +
				"keys make no difference.",
		},
		"metadata_admin": schema.StringAttribute{
			Optional: true, Sensitive: true, Validators: []validator.String{objectOf{}},
			MarkdownDescription: "JSON object: metadata that only administrators can see, by the key of the row. Terraform " +
				"manages the keys of the metadata as in `ory_identity`.",
		},
		"on_conflict": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(identity.ConflictError),
			MarkdownDescription: "What a create does if another identity already has the `external_id` or a login identifier " +
				"of a row. `error` (default) reports the conflict. `adopt` takes that identity over and sets what the row sets.",
			Validators: []validator.String{stringvalidator.OneOf(identity.ConflictError, identity.ConflictAdopt)},
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(identity.DeletionDelete),
			MarkdownDescription: "What Terraform does with the identity of a row that you remove, and with all identities in " +
				"a destroy. `delete` (default) deletes the identity, `deactivate` sets its `state` to `inactive`, and `retain` " +
				"does not change it.",
			Validators: []validator.String{stringvalidator.OneOf(
				identity.DeletionDelete, identity.DeletionDeactivate, identity.DeletionRetain,
			)},
		},
	}
	addSecret(all, "password_hashes_wo", "passwords_wo", "JSON object: the hash of the password, by the key of the row: "+
		passwordhash.Formats()+". It is not in the plan or the state. A hash is sent with a new row. All hashes are sent "+
		"when `password_hashes_wo_version` changes."+base.WriteOnlyRequirements)
	addSecret(all, "passwords_wo", "password_hashes_wo", "JSON object: the password in plain text, by the key of the "+
		"row. The server hashes one password after the other, so a batch has 20 rows in place of 500: prefer "+
		"`password_hashes_wo`. It is not in the plan or the state. A password is sent with a new row. All passwords are "+
		"sent when `passwords_wo_version` changes."+base.WriteOnlyRequirements)
	return all
}

// addSecret adds a write-only document and its version.
func addSecret(all map[string]schema.Attribute, name, other, description string) {
	version := name + "_version"
	all[name] = schema.StringAttribute{
		Optional: true, Sensitive: true, WriteOnly: true, MarkdownDescription: description,
		Validators: []validator.String{
			objectOf{},
			stringvalidator.AlsoRequires(path.MatchRoot(version)),
			stringvalidator.ConflictsWith(path.MatchRoot(other)),
		},
	}
	all[version] = schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: "Version of `" + name + "`. Change this number to send the values of all rows again. With the " +
			"same version, only the values of new rows are sent.",
		Validators: []validator.Int64{int64validator.AlsoRequires(path.MatchRoot(name))},
	}
}
