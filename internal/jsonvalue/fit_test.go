package jsonvalue

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestFit(t *testing.T) {
	t.Parallel()
	text := types.StringType
	object := types.ObjectType{AttrTypes: map[string]attr.Type{"a": text, "b": types.NumberType}}
	tuple := types.TupleType{ElemTypes: []attr.Type{text, types.BoolType}}
	for name, tc := range map[string]struct {
		raw  string
		typ  attr.Type
		want attr.Value // nil if it doesn't fit
	}{
		"null":               {"null", types.BoolType, types.BoolNull()},
		"null object":        {"null", object, types.ObjectNull(object.AttrTypes)},
		"bool":               {"true", types.BoolType, types.BoolValue(true)},
		"no conversion":      {`"true"`, types.BoolType, nil},
		"no text of number":  {"1", text, nil},
		"integer":            {"1e3", types.Int64Type, types.Int64Value(1000)},
		"fraction":           {"1.5", types.Int64Type, nil},
		"too long":           {"3000000000", types.Int32Type, nil},
		"out of range":       {"1e20000", types.NumberType, nil},
		"members left out":   {`{"a":"x"}`, object, obj(attrs{"a": str("x"), "b": types.NumberNull()})},
		"members too many":   {`{"a":"x","c":1}`, object, nil},
		"member misfit":      {`{"a":1}`, object, nil},
		"empty name":         {`{"":"x"}`, object, nil},
		"map":                {`{"a":"x"}`, types.MapType{ElemType: text}, dict(text, attrs{"a": str("x")})},
		"map for a list":     {`[]`, types.MapType{ElemType: text}, nil},
		"list for an object": {`{}`, types.ListType{ElemType: text}, nil},
		"tuple":              {`["x",false]`, tuple, tup(str("x"), types.BoolValue(false))},
		"tuple too short":    {`["x"]`, tuple, nil},
		"tuple misfit":       {`[true,"x"]`, tuple, nil},
		"set of dynamic":     {`[1]`, types.SetType{ElemType: types.DynamicType}, nil},
		"map of dynamic":     {`{"a":1}`, types.MapType{ElemType: tupleOf(types.DynamicType)}, nil},
		"object for text":    {`{}`, text, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := parse(raw(tc.raw))
			if err != nil {
				t.Fatal(err)
			}
			got, ok := fit(n, tc.typ)
			if ok != (tc.want != nil) {
				t.Fatalf("fits: %t, as %v", ok, got)
			}
			if ok {
				same(t, got, tc.want)
			}
		})
	}
}

func tupleOf(of ...attr.Type) attr.Type { return types.TupleType{ElemTypes: of} }
