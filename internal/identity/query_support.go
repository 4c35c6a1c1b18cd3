package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// The functions below export parts of the resource for the data sources and the list resource in the package query.

// DynamicOf converts the JSON of the server to a dynamic value. It returns JSON that Terraform can't hold as text, with
// a warning.
func DynamicOf(at path.Path, raw []byte, diags *diag.Diagnostics) types.Dynamic {
	return align(at, types.DynamicNull(), raw, diags)
}

// ObjectValidator returns a validator that refuses a dynamic value that isn't an object. what names the value in words,
// and example is an object of its kind. Null is allowed.
func ObjectValidator(what, example string) validator.Dynamic {
	return objectValidator{what: what, example: example, null: true}
}

// SetResourceIdentity sets the resource identity of a list result.
func SetResourceIdentity(target *tfsdk.ResourceIdentity, id string) {
	setIdentity(target, types.StringValue(id))
}

// SetResource sets the resource of a list result to the state that an import and a read would produce, without
// metadata_admin: `terraform query -json` prints sensitive values in clear text.
func SetResource(ctx context.Context, target *tfsdk.Resource, identity *kratos.Identity, diags *diag.Diagnostics) {
	m := decode(ctx, nullObject(), diags)
	m.setDefaults()
	m.refresh(identity, &owned{}, diags)
	m.MetadataAdmin = types.DynamicNull()
	target.Raw = m.encode(ctx, diags)
}
