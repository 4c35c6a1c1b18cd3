package identity

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// requiredNulls selects the null traits that the identity schema requires and allows to be null. Any other null means
// that the trait is absent, also if the schema isn't available. The schema is read only if a trait is null.
func (o *operation) requiredNulls(ctx context.Context) jsonvalue.Keep {
	var s *traitschema.Schema
	asked := o.schemas == nil || o.plan.SchemaID.IsUnknown() || o.plan.SchemaID.IsNull()
	return func(path []string) bool {
		if !asked {
			asked = true
			if found, err := o.schemas.Get(ctx, o.plan.SchemaID.ValueString()); err == nil {
				s = found
			}
		}
		return s != nil && s.AllowsNull(path)
	}
}

// keptNulls selects the traits that are null in the state, as after an import, because the server may store null for
// them.
func (o *operation) keptNulls(path []string) bool {
	value, found := memberAt(jsonvalue.Unwrap(o.state.Traits), path)
	return found && isNull(value)
}

// memberAt returns the value at a path of names and indexes.
func memberAt(value attr.Value, path []string) (member attr.Value, found bool) {
	for _, name := range path {
		switch v := jsonvalue.Unwrap(value).(type) {
		case types.Object:
			value, found = v.Attributes()[name]
		case types.Map:
			value, found = v.Elements()[name]
		case interface{ Elements() []attr.Value }:
			i, err := strconv.Atoi(name)
			if found = err == nil && i >= 0 && i < len(v.Elements()); found {
				value = v.Elements()[i]
			}
		default:
			found = false
		}
		if !found {
			return nil, false
		}
	}
	return value, true
}
