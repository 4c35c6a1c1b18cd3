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

	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
)

// Schema implements resource.Resource.
func (*bulkResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Many identities in one resource, for thousands of people: test environments, directories, " +
			"load tests. They are created in batches, at the speed of the server, where one `ory_identity` each would cost " +
			"Terraform minutes to an hour. For people whom other resources refer to one by one, or who have links or second " +
			"factors, use `ory_identity`.\n\n" +
			"A create is all or nothing. An update succeeds or fails row by row.",
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
			Computed: true, MarkdownDescription: "JSON document: key of the row to id (UUID) of its identity. " +
				"`jsondecode(ory_identities.people.ids)[\"7\"]` is one of them.",
		},
		"schema_id": schema.StringAttribute{
			Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			MarkdownDescription: "Id of the identity schema of all rows that have no `schema_id` of their own.",
		},
		"identities": schema.StringAttribute{
			Required: true, Validators: []validator.String{objectOf{}},
			MarkdownDescription: "JSON document, by `jsonencode()`: key to row. A key is any text that stays with the person, " +
				"such as a personnel number. A row is an object with `traits` and, optionally, `schema_id`, `metadata_public`, " +
				"`state`, `external_id`, `organization_id` and `verified_addresses` (a list), which mean what they mean in " +
				"`ory_identity`. Compared row by row, by meaning: neither formatting nor the order of keys is a difference.",
		},
		"metadata_admin": schema.StringAttribute{
			Optional: true, Sensitive: true, Validators: []validator.String{objectOf{}},
			MarkdownDescription: "JSON document: key of the row to `metadata_admin` of its identity, which only " +
				"administrators can see. Keys are owned as in `ory_identity`.",
		},
		"on_conflict": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(identity.ConflictError),
			MarkdownDescription: "What to do when another identity already has the `external_id` or a login identifier of a " +
				"row: `error` (default), or `adopt`, which takes that identity over and brings it to the row.",
			Validators: []validator.String{stringvalidator.OneOf(identity.ConflictError, identity.ConflictAdopt)},
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(identity.DeletionDelete),
			MarkdownDescription: "What becomes of the identity of a row that goes, and of all identities when the resource " +
				"goes: `delete` (default), `deactivate` or `retain`, which leaves them as they are.",
			Validators: []validator.String{stringvalidator.OneOf(
				identity.DeletionDelete, identity.DeletionDeactivate, identity.DeletionRetain,
			)},
		},
	}
	addSecret(all, "password_hashes_wo", "passwords_wo", "JSON document: key of the row to the hash of the password: "+
		passwordhash.Formats()+". Never kept in plan or state (Terraform 1.11 or later, OpenTofu 1.11 or later). Sent with "+
		"a new row, and for all rows when `password_hashes_wo_version` changes.")
	addSecret(all, "passwords_wo", "password_hashes_wo", "JSON document: key of the row to a password in plain text. The "+
		"server hashes them one after the other, so that a batch has 20 rows in place of 500: prefer `password_hashes_wo`. "+
		"Sent as that is.")
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
		MarkdownDescription: "Version of `" + name + "`: any number, changed to have all of them sent again. A changed " +
			"document with the same version sends what new rows need.",
		Validators: []validator.Int64{int64validator.AlsoRequires(path.MatchRoot(name))},
	}
}
