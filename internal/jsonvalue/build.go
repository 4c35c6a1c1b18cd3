package jsonvalue

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// newObject returns an object whose attributes have the types of their values.
func newObject(values map[string]attr.Value) (attr.Value, error) {
	ctx := context.Background()
	of := make(map[string]attr.Type, len(values))
	for name, value := range values {
		of[name] = value.Type(ctx)
	}
	object, diags := types.ObjectValue(of, values)
	return object, asError(diags)
}

// newTuple returns a tuple whose elements have the types of their values.
func newTuple(values []attr.Value) (attr.Value, error) {
	ctx := context.Background()
	of := make([]attr.Type, len(values))
	for i, value := range values {
		of[i] = value.Type(ctx)
	}
	tuple, diags := types.TupleValue(of, values)
	return tuple, asError(diags)
}

func asError(diags diag.Diagnostics) error {
	if !diags.HasError() {
		return nil
	}
	first := diags.Errors()[0]
	return fmt.Errorf("%s: %s", first.Summary(), first.Detail())
}
