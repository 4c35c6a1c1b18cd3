package jsonvalue

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		v    attr.Value
		want string
	}{
		"nil":             {nil, "null"},
		"null":            {types.StringNull(), "null"},
		"dynamic null":    {types.DynamicNull(), "null"},
		"dynamic layers":  {dyn(dyn(dyn(str("x")))), `"x"`},
		"wrapped null":    {dyn(types.StringNull()), "null"},
		"zero object":     {types.Object{}, "null"},
		"bool":            {types.BoolValue(true), "true"},
		"empty":           {tup(obj(attrs{}), tup(), list(types.StringType), dict(types.StringType, attrs{}), str("")), `[{},[],[],{},""]`},
		"sorted keys":     {obj(attrs{"b": num("1"), "a": num("2"), "B": num("3"), "ä": num("4")}), `{"B":3,"a":2,"b":1,"ä":4}`},
		"null members":    {obj(attrs{"a": types.StringNull(), "b": dyn(types.StringNull()), "c": str("x")}), `{"c":"x"}`},
		"null map member": {dict(types.StringType, attrs{"a": types.StringNull(), "b": str("x")}), `{"b":"x"}`},
		"null elements":   {tup(types.DynamicNull(), types.StringNull()), `[null,null]`},
		"arrays": {
			tup(list(types.NumberType, num("1")), set(types.BoolType, types.BoolValue(false)), tup(str("x"))),
			`[[1],[false],["x"]]`,
		},
		"characters":     {str("<a href=\"x\">&\\\n\t\x00\u2028é😀"), `"<a href=\"x\">&\\\n\t\u0000\u2028é😀"`},
		"character keys": {obj(attrs{"<&>": num("1"), "": num("2"), "a.b": num("3")}), `{"":2,"<&>":1,"a.b":3}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Encode(tc.v)
			if err != nil || string(got) != tc.want {
				t.Fatalf("got %s, %v, want %s", got, err, tc.want)
			}
			if !Matches(tc.v, got) {
				t.Fatalf("doesn't match %s", got)
			}
		})
	}
}

func TestUnknown(t *testing.T) {
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

func TestUnwrap(t *testing.T) {
	t.Parallel()
	same(t, Unwrap(dyn(dyn(str("x")))), str("x"))
	same(t, Unwrap(str("x")), str("x"))
	same(t, Unwrap(dyn(types.StringUnknown())), types.StringUnknown())
	same(t, Unwrap(dyn(types.DynamicNull())), types.DynamicNull())
	same(t, Unwrap(types.DynamicUnknown()), types.DynamicUnknown())
	if v := Unwrap(nil); v != nil {
		t.Errorf("nil became %s", v)
	}
}
