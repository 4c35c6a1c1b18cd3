package jsonvalue

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type alignment struct {
	prior attr.Value
	raw   string
	want  attr.Value
}

func (tc alignment) check(t *testing.T) {
	t.Helper()
	got, err := Align(tc.prior, raw(tc.raw))
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, tc.want)
	if !Matches(got, raw(tc.raw)) {
		t.Fatalf("%s doesn't match %s", got, tc.raw)
	}
	again, err := Align(got, raw(tc.raw))
	if err != nil {
		t.Fatal(err)
	}
	same(t, again, got)
}

func TestAlign(t *testing.T) {
	t.Parallel()
	text, null := types.StringType, types.StringNull()
	empty := obj(attrs{})
	for name, tc := range map[string]alignment{
		"no prior":               {nil, `{"a":[1]}`, obj(attrs{"a": tup(num("1"))})},
		"null prior":             {types.DynamicNull(), `{"a":[1]}`, obj(attrs{"a": tup(num("1"))})},
		"unknown prior":          {types.DynamicUnknown(), `[1]`, tup(num("1"))},
		"unknown within":         {obj(attrs{"a": types.StringUnknown(), "b": null}), `{"a":"x"}`, obj(attrs{"a": str("x"), "b": null})},
		"null stays":             {null, "", null},
		"null comes":             {str("x"), "null", types.DynamicNull()},
		"null goes":              {null, `"x"`, str("x")},
		"another kind":           {obj(attrs{"a": str("1")}), `{"a":1}`, obj(attrs{"a": num("1")})},
		"object for array":       {list(text, str("x")), `{}`, empty},
		"array for map":          {dict(text, attrs{}), `[]`, tup()},
		"null member stays":      {obj(attrs{"a": null, "b": str("x")}), `{"b":"y"}`, obj(attrs{"a": null, "b": str("y")})},
		"null member filled":     {obj(attrs{"a": types.NumberNull()}), `{"a":"x"}`, obj(attrs{"a": str("x")})},
		"null object filled":     {obj(attrs{"a": types.MapNull(text)}), `{"a":{"b":"x"}}`, obj(attrs{"a": obj(attrs{"b": str("x")})})},
		"member dropped":         {obj(attrs{"a": str("x"), "b": str("y")}), `{"a":null,"b":"y"}`, obj(attrs{"a": null, "b": str("y")})},
		"object dropped":         {obj(attrs{"a": obj(attrs{"b": str("y")})}), `{}`, obj(attrs{"a": types.ObjectNull(map[string]attr.Type{"b": text})})},
		"name in another form":   {obj(attrs{"a": num("1")}), "{\"a\":1,\"e\\u0301\":2}", obj(attrs{"a": num("1"), "é": num("2")})},
		"member added":           {obj(attrs{"a": list(text, str("x"))}), `{"a":["x"],"b":["x"]}`, obj(attrs{"a": list(text, str("x")), "b": tup(str("x"))})},
		"empty name":             {obj(attrs{"a": null}), `{"":"x"}`, obj(attrs{"a": null, "": str("x")})},
		"sibling changes":        {obj(attrs{"a": dict(text, attrs{"k": str("v")}), "b": str("x")}), `{"a":{"k":"v"},"b":"y"}`, obj(attrs{"a": dict(text, attrs{"k": str("v")}), "b": str("y")})},
		"map stays":              {dict(text, attrs{"a": str("x"), "n": null}), `{"a":"y","b":"z"}`, dict(text, attrs{"a": str("y"), "b": str("z"), "n": null})},
		"map empties":            {dict(text, attrs{"a": str("x")}), `{}`, dict(text, attrs{})},
		"map gains a number":     {dict(text, attrs{"a": str("x"), "n": null}), `{"a":"x","b":1}`, obj(attrs{"a": str("x"), "b": num("1"), "n": null})},
		"list stays":             {list(text, str("x")), `["y","x",null]`, list(text, str("y"), str("x"), null)},
		"list empties":           {list(text, str("x")), `[]`, list(text)},
		"list gains a number":    {list(text, str("x")), `["x",1]`, tup(str("x"), num("1"))},
		"empty list of anything": {list(types.DynamicType), `["x"]`, tup(str("x"))},
		"tuple grows":            {tup(list(text, str("x"))), `[["y"],["x"]]`, tup(list(text, str("y")), tup(str("x")))},
		"tuple shrinks":          {tup(null, str("x")), `[null]`, tup(null)},
		"set reordered":          {set(text, str("x"), str("y")), `["y","x"]`, set(text, str("x"), str("y"))},
		"set grows":              {set(text, str("x"), str("y")), `["z","y","x"]`, set(text, str("x"), str("y"), str("z"))},
		"set gains a number":     {set(text, str("x"), str("y")), `[1,"y"]`, tup(num("1"), str("y"))},
		"set gains a duplicate":  {set(text, str("x")), `["x","x"]`, tup(str("x"), str("x"))},
		"duplicate in form only": {set(text, str("é")), `["é","e\u0301"]`, tup(str("é"), str("é"))},
		"other normal form":      {obj(attrs{"é": str("é"), "b": str("x")}), `{"e\u0301":"e\u0301","b":"y"}`, obj(attrs{"é": str("é"), "b": str("y")})},
		"dynamic within":         {obj(attrs{"a": dyn(list(text, str("x")))}), `{"a":["y"]}`, obj(attrs{"a": dyn(list(text, str("y")))})},
		"dynamic gains null":     {tup(dyn(str("x")), str("y")), `[null,"y"]`, tup(types.DynamicNull(), str("y"))},
		"spelling of a number":   {obj(attrs{"a": num("1.5"), "b": str("x")}), `{"a":15e-1,"b":"y"}`, obj(attrs{"a": num("1.5"), "b": str("y")})},
		"another numeric type":   {obj(attrs{"a": types.Int64Value(1), "b": types.Float64Value(1)}), `{"a":2,"b":0.5}`, obj(attrs{"a": types.Int64Value(2), "b": types.Float64Value(0.5)})},
		"too big for the type":   {types.Int64Value(1), `1e30`, num("1e30")},
		"a fraction of integers": {list(types.Int64Type, types.Int64Value(1)), `[1.5]`, tup(num("1.5"))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.check(t)
		})
	}
}

func TestAlign_collectionsOfObjects(t *testing.T) {
	t.Parallel()
	null := types.StringNull()
	elem := types.ObjectType{AttrTypes: map[string]attr.Type{"a": types.StringType, "b": types.StringType}}
	full := obj(attrs{"a": str("x"), "b": str("y")})
	part := obj(attrs{"a": str("x"), "b": null})
	sets := types.SetType{ElemType: types.StringType}
	xy := set(types.StringType, str("x"), str("y"))
	for name, tc := range map[string]alignment{
		"member dropped":        {list(elem, full), `[{"a":"x"}]`, list(elem, part)},
		"element added":         {list(elem, part), `[{"a":"x"},{"a":"x","b":"y"},null]`, list(elem, part, full, types.ObjectNull(elem.AttrTypes))},
		"unknown member":        {list(elem, part), `[{"a":"x"},{"c":"y"}]`, tup(part, obj(attrs{"c": str("y")}))},
		"set grows":             {set(elem, part), `[{"b":"y","a":"x"},{"a":"x"}]`, set(elem, part, full)},
		"explicit nulls":        {set(elem, full), `[{"a":"x","b":null}]`, set(elem, part)},
		"duplicate by nulls":    {set(elem, part), `[{"a":"x","b":null},{"a":"x"}]`, tup(part, part)},
		"map of objects":        {dict(elem, attrs{"k": full}), `{"k":{"b":"y"},"l":{}}`, dict(elem, attrs{"k": obj(attrs{"a": null, "b": str("y")}), "l": obj(attrs{"a": null, "b": null})})},
		"sets in a list":        {list(sets, xy), `[["y","z"],["y","x"]]`, list(sets, set(types.StringType, str("y"), str("z")), xy)},
		"order in sets in sets": {set(sets, xy), `[["z"],["y","x"]]`, set(sets, xy, set(types.StringType, str("z")))},
		"equal sets in sets":    {set(sets, set(types.StringType)), `[["x","y"],["y","x"]]`, tup(tup(str("x"), str("y")), tup(str("y"), str("x")))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.check(t)
			survivesWire(t, tc.want)
		})
	}
}

func TestAlignDynamic(t *testing.T) {
	t.Parallel()
	prior := types.DynamicValue(dict(types.StringType, attrs{"a": str("x")}))
	for in, want := range map[string]types.Dynamic{
		`{"a":"x"}`: prior,
		`{"a":"y"}`: types.DynamicValue(dict(types.StringType, attrs{"a": str("y")})),
		`null`:      types.DynamicNull(),
		``:          types.DynamicNull(),
	} {
		got, err := AlignDynamic(prior, raw(in))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want)
		same(t, Unwrap(got), Unwrap(want))
	}
	for _, null := range []types.Dynamic{types.DynamicNull(), types.DynamicValue(types.StringNull())} {
		got, err := AlignDynamic(null, nil)
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, null)
	}
	if got, err := AlignDynamic(prior, raw("{")); err == nil {
		t.Errorf("got %s", got)
	}
}

// A number out of range is no error if prior already holds it.
func TestAlign_numberOutOfRange(t *testing.T) {
	t.Parallel()
	prior := obj(attrs{"n": num("1e20000"), "s": str("x")})
	got, err := Align(prior, raw(`{"n":10e19999,"s":"y"}`))
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, obj(attrs{"n": num("1e20000"), "s": str("y")}))
	if got, err := Align(prior, raw(`{"n":1e20001}`)); err == nil {
		t.Errorf("got %.100s", got)
	}
}

// A value that is nested too deeply becomes a text that isn't valid JSON. The text stays the same from read to read,
// and a deep value that the configuration itself has stays as it is.
func TestAlign_deep(t *testing.T) {
	t.Parallel()
	nested := func(levels int) string {
		return `{"a":` + strings.Repeat(`{"b":`, levels) + "1" + strings.Repeat("}", levels) + `,"c":2}`
	}
	for levels, shown := range map[int]bool{10: false, maxShown - 1: false, maxShown: true, 498: true, 600: true, 9_000: true} {
		start := time.Now()
		got, err := AlignDynamic(types.DynamicNull(), raw(nested(levels)))
		if err != nil {
			t.Fatalf("%d levels: %v", levels, err)
		}
		if text := got.String(); strings.Contains(text, "nested deeper than 64 levels") != shown ||
			!strings.Contains(text, `"c":2`) {
			t.Errorf("%d levels: %s", levels, text)
		}
		again, err := AlignDynamic(got, raw(nested(levels)))
		if err != nil {
			t.Fatal(err)
		}
		same(t, again, got)
		if took := time.Since(start); took > patience {
			t.Errorf("%d levels took %s", levels, took)
		}
	}
	configured, err := Decode(raw(nested(100)))
	if err != nil {
		t.Fatal(err)
	}
	aligned, err := Align(configured, raw(strings.Replace(nested(100), `"c":2`, `"c":3`, 1)))
	if err != nil || !Matches(aligned, raw(strings.Replace(nested(100), `"c":2`, `"c":3`, 1))) {
		t.Errorf("%s: %v", aligned, err)
	}
}
