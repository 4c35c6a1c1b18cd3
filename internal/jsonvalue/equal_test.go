package jsonvalue

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestEqualJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"", "null", true},
		{"", "{}", false},
		{"1.10", "1.1", true},
		{"1e2", "100", true},
		{"-0", "0.0", true},
		{"9007199254740993", "9007199254740992", false},
		{"0.1", "0.10000000000000000001", false},
		{"1", `"1"`, false},
		{"1", "true", false},
		{"[]", "{}", false},
		{"[]", "null", false},
		{"{}", "null", false},
		{`""`, "null", false},
		{`{"a":null}`, "{}", true},
		{`{"a":{"b":null}}`, `{"a":{}}`, true},
		{`{"a":{}}`, "{}", false},
		{`{"a":1,"b":2}`, `{"b":2,"a":1}`, true},
		{`{"a":1}`, `{"b":1}`, false},
		{"[null]", "[]", false},
		{"[1,2]", "[2,1]", false},
		{"[1,2]", "[1,2,3]", false},
		{`"e\u0301"`, `"é"`, true},
		{`"\ufb01"`, `"fi"`, false},
		{`{"e\u0301":1}`, `{"é":1}`, true},
		{`{"e\u0301":1,"é":2}`, `{"é":2,"e\u0301":1}`, true},
		{`{"e\u0301":1,"é":2}`, `{"é":1,"e\u0301":2}`, false},
		{`{"e\u0301":1,"é":1}`, `{"é":1,"x":1}`, false},
		{`{"é":1,"x":1}`, `{"e\u0301":1,"é":1}`, false},
	} {
		if EqualJSON(raw(tc.a), raw(tc.b)) != tc.want || EqualJSON(raw(tc.b), raw(tc.a)) != tc.want {
			t.Errorf("%s and %s: want %t", tc.a, tc.b, tc.want)
		}
	}
}

func TestEqual_matches(t *testing.T) {
	t.Parallel()
	numbers := func(literals ...string) []attr.Value {
		values := make([]attr.Value, len(literals))
		for i, literal := range literals {
			values[i] = num(literal)
		}
		return values
	}
	setOf := func(literals ...string) attr.Value { return set(types.NumberType, numbers(literals...)...) }
	listOf := func(literals ...string) attr.Value { return list(types.NumberType, numbers(literals...)...) }
	sets := types.SetType{ElemType: types.NumberType}
	for i, tc := range []struct {
		v    attr.Value
		raw  string
		want bool
	}{
		{nil, "", true},
		{types.DynamicNull(), "null", true},
		{types.StringNull(), "", true},
		{obj(attrs{"a": types.StringNull()}), "{}", true},
		{dict(types.StringType, attrs{"a": types.StringNull()}), `{"a":null}`, true},
		{dict(types.StringType, attrs{"a": str("x")}), `{"a":"x"}`, true},
		{obj(attrs{"a": dyn(str("x"))}), `{"a":"x"}`, true},
		{listOf("1", "2"), "[1,2.0]", true},
		{listOf("1", "2"), "[2,1]", false},
		{tup(numbers("1", "2")...), "[1,2]", true},
		{setOf("1", "2"), "[2,1]", true},
		{setOf("1", "2"), "[2,2]", false},
		{setOf("1", "2"), "[1,2,2]", false},
		{setOf(), "[]", true},
		{setOf(), "{}", false},
		{obj(attrs{"a": tup(setOf("1", "2"))}), `{"a":[[2,1]]}`, true},
		{set(sets, setOf("1", "2"), setOf("3", "4")), "[[4,3],[2,1]]", true},
		{set(sets, setOf("1", "2"), setOf("3", "4")), "[[4,1],[2,3]]", false},
		{set(types.StringType, str("é")), `["e\u0301"]`, true},
		{types.StringUnknown(), `"x"`, false},
		{str("x"), `"x`, false},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if Matches(tc.v, raw(tc.raw)) != tc.want {
				t.Errorf("%v and %s: want %t", tc.v, tc.raw, tc.want)
			}
			other, err := Dynamic(raw(tc.raw))
			if err != nil {
				return
			}
			if Equal(tc.v, other) != tc.want || Equal(other, tc.v) != tc.want {
				t.Errorf("%v and %s: want %t", tc.v, other, tc.want)
			}
		})
	}
}
