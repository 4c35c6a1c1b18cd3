package base

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Recheck runs the validators of a schema's strings again before the provider creates an object or runs an action.
// Terraform runs the validators earlier, when values that come from other resources may not be known yet. Recheck
// returns false and adds an error to each attribute that a validator refuses, or that is null and must not be.
func Recheck(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) bool {
	ok := true
	for name, attribute := range config.Schema.GetAttributes() {
		checked, isString := attribute.(interface{ StringValidators() []validator.String })
		if !isString {
			continue
		}
		at := path.Root(name)
		var value types.String
		found := config.GetAttribute(ctx, at, &value)
		if attribute.IsRequired() && value.IsNull() {
			found.AddAttributeError(at, "Missing value", fmt.Sprintf("The attribute %s is null. Give it a value.", at))
		}
		req := validator.StringRequest{Path: at, PathExpression: at.Expression(), Config: config, ConfigValue: value}
		for _, v := range checked.StringValidators() {
			var resp validator.StringResponse
			v.ValidateString(ctx, req, &resp)
			found.Append(resp.Diagnostics...)
		}
		diags.Append(found...)
		ok = ok && !found.HasError()
	}
	return ok
}
