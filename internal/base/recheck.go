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

// Recheck runs the validators of a schema's strings and lists again before the provider creates an object or runs an
// action. Terraform runs the validators earlier, when values that come from other resources may not be known yet.
// Recheck returns false and adds an error to each attribute that a validator refuses, or that is null and must not be.
func Recheck(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) bool {
	ok := true
	for name, attribute := range config.Schema.GetAttributes() {
		at := path.Root(name)
		var found diag.Diagnostics
		switch checked := attribute.(type) {
		case interface{ StringValidators() []validator.String }:
			found = recheckString(ctx, config, at, attribute.IsRequired(), checked.StringValidators())
		case interface{ ListValidators() []validator.List }:
			found = recheckList(ctx, config, at, checked.ListValidators())
		}
		diags.Append(found...)
		ok = ok && !found.HasError()
	}
	return ok
}

func recheckString(
	ctx context.Context, config tfsdk.Config, at path.Path, required bool, validators []validator.String,
) diag.Diagnostics {
	var value types.String
	found := config.GetAttribute(ctx, at, &value)
	if required && value.IsNull() {
		found.AddAttributeError(at, "Missing value", fmt.Sprintf("The attribute %s is null. Give it a value.", at))
	}
	req := validator.StringRequest{Path: at, PathExpression: at.Expression(), Config: config, ConfigValue: value}
	for _, v := range validators {
		var resp validator.StringResponse
		v.ValidateString(ctx, req, &resp)
		found.Append(resp.Diagnostics...)
	}
	return found
}

func recheckList(
	ctx context.Context, config tfsdk.Config, at path.Path, validators []validator.List,
) diag.Diagnostics {
	var value types.List
	found := config.GetAttribute(ctx, at, &value)
	req := validator.ListRequest{Path: at, PathExpression: at.Expression(), Config: config, ConfigValue: value}
	for _, v := range validators {
		var resp validator.ListResponse
		v.ValidateList(ctx, req, &resp)
		found.Append(resp.Diagnostics...)
	}
	return found
}
