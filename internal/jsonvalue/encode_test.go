package jsonvalue

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
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
