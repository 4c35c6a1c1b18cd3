package identity

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// metadataValidator refuses a bare number. Kratos on SQLite stores a bare number, and then answers every read of the
// identity, and every list that contains it, with a 500.
type metadataValidator struct{}

func (metadataValidator) Description(context.Context) string {
	return "any JSON value except a number"
}

func (v metadataValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (metadataValidator) ValidateDynamic(
	_ context.Context,
	req validator.DynamicRequest,
	resp *validator.DynamicResponse,
) {
	if value, ok := jsonvalue.Unwrap(req.ConfigValue).(types.Number); ok && !value.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Metadata cannot be a number", fmt.Sprintf("The attribute %s is a "+
			"number. Kratos on SQLite can read neither such an identity nor a list that contains it. Set an object "+
			"instead, as in { level = 3 }.", req.Path))
	}
	refuseHugeNumbers(req, resp)
}

// refuseHugeNumbers refuses a number that doesn't fit into 64 bits. Kratos stores such a number at create, and then
// fails on every JSON Patch of the identity.
func refuseHugeNumbers(req validator.DynamicRequest, resp *validator.DynamicResponse) {
	if hasHugeNumber(req.ConfigValue) {
		resp.Diagnostics.AddAttributeError(req.Path, "Number too large", fmt.Sprintf("The attribute %s contains a "+
			"number beyond 1.8e308. Kratos stores such a number in a new identity, and then refuses every change of the "+
			"identity. Write the number as a string.", req.Path))
	}
}

func hasHugeNumber(value attr.Value) bool {
	value = jsonvalue.Unwrap(value)
	if object, ok := members(value); ok {
		for _, member := range object {
			if hasHugeNumber(member) {
				return true
			}
		}
		return false
	}
	switch v := value.(type) {
	case types.Number:
		if v.IsNull() || v.IsUnknown() {
			return false
		}
		f, _ := v.ValueBigFloat().Float64()
		return math.IsInf(f, 0)
	case interface{ Elements() []attr.Value }:
		return slices.ContainsFunc(v.Elements(), hasHugeNumber)
	}
	return false
}

// objectValidator refuses a dynamic value that isn't an object, because a dynamic attribute accepts strings and lists
// too.
type objectValidator struct {
	what    string // the attribute in words, as in "Traits"
	example string // an object of the kind, as in HCL
	null    bool   // null of any type is allowed
}

func (objectValidator) Description(context.Context) string { return "an object" }

func (v objectValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v objectValidator) ValidateDynamic(
	ctx context.Context,
	req validator.DynamicRequest,
	resp *validator.DynamicResponse,
) {
	value := jsonvalue.Unwrap(req.ConfigValue)
	if req.ConfigValue.IsNull() || v.null && isNull(req.ConfigValue) {
		return // the framework refuses null for a required attribute
	}
	if value == nil || value.IsUnknown() || req.ConfigValue.IsUnknown() || req.ConfigValue.IsUnderlyingValueUnknown() {
		return
	}
	found := ""
	switch value.(type) {
	case types.Object, types.Map:
		if value.IsNull() {
			found = "null"
		}
	case types.String:
		found = "a string"
	default:
		found = value.Type(ctx).String()
		if req.ConfigValue.IsNull() || value.IsNull() {
			found = "null"
		}
	}
	if found == "" {
		refuseHugeNumbers(req, resp)
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Value must be an object", fmt.Sprintf("The attribute %s must be an "+
		"object such as %s, but it is %s. Write the %s as HCL, or convert a JSON document with jsondecode().",
		req.Path, v.example, found, strings.ToLower(v.what)))
}
