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

// DescribeRunningAction is the part of an action's description that says how this one is run, and what if it fails.
func DescribeRunningAction(name string) string {
	run := "`terraform apply -invoke=action." + name + "`"
	return "Run it by hand with " + run + ", or have it triggered by a change of a resource. Needs Terraform 1.14. Where one that was " +
		"triggered fails, the change that did it is made, and the next apply doesn't repeat the action: run it by hand with that command."
}

// Recheck runs the validators of a schema's strings again. An action needs that when it is invoked: Terraform validates its
// configuration before that alone, when values that come from other resources aren't known. It returns false, with an error on each
// attribute that is refused, or that must not be null and is.
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
