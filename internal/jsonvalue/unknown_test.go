package jsonvalue

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestEncode_unknown(t *testing.T) {
	t.Parallel()
	unknownSet := set(types.StringType, str("secret"), types.StringUnknown())
	for want, tc := range map[string]struct {
		v  attr.Value
		at path.Path
	}{
		"the value is not known yet": {types.DynamicUnknown(), path.Empty()},
		"name.first is not known yet": {
			obj(attrs{"a": str("x"), "name": obj(attrs{"first": types.StringUnknown(), "last": types.StringUnknown()})}),
			path.Root("name").AtName("first"),
		},
		`tags["x y"][1].z is not known yet`: {
			obj(attrs{"tags": dict(types.TupleType{ElemTypes: []attr.Type{types.StringType, types.ObjectType{AttrTypes: map[string]attr.Type{"z": types.DynamicType}}}},
				attrs{"x y": tup(str("a"), obj(attrs{"z": types.DynamicUnknown()}))})}),
			path.Root("tags").AtMapKey("x y").AtListIndex(1).AtName("z"),
		},
		"roles[*] is not known yet": {obj(attrs{"roles": unknownSet}), path.Root("roles").AtSetValue(types.StringUnknown())},
		"[0] is not known yet":      {dyn(tup(dyn(types.ListUnknown(types.StringType)))), path.Empty().AtListIndex(0)},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			_, err := Encode(tc.v)
			var unknown *UnknownError
			if !errors.As(err, &unknown) {
				t.Fatalf("got %v", err)
			}
			if err.Error() != want || !unknown.Path.Equal(tc.at) {
				t.Fatalf("got %v at %s, want %s at %s", err, unknown.Path, want, tc.at)
			}
			if !HasUnknown(tc.v) || Equal(tc.v, tc.v) || Matches(tc.v, nil) {
				t.Fatal("an unknown value passes for a known one")
			}
		})
	}
	for _, v := range []attr.Value{nil, types.DynamicNull(), obj(attrs{"a": tup(types.StringNull())})} {
		if HasUnknown(v) {
			t.Errorf("%v passes for unknown", v)
		}
	}
}
