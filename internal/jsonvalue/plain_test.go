package jsonvalue

import (
	"encoding/json"
	"math/big"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]any{
		"": nil, "null": nil, "{": nil, "true": true,
		`{"a":[12345678901234567890,null]}`: map[string]any{"a": []any{json.Number("12345678901234567890"), nil}},
	} {
		if got := Plain(raw(in)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q became %#v, want %#v", in, got, want)
		}
	}
}

func TestEncodePlain(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`null`, `"<&>"`, `{"a":[12345678901234567890,null],"b":{}}`, `1.50`} {
		if got := EncodePlain(Plain(raw(text))); string(got) != text {
			t.Errorf("%s became %s", text, got)
		}
	}
	if got := EncodePlain(make(chan int)); got != nil {
		t.Errorf("a channel became %s", got)
	}
}

func TestEqualPlain(t *testing.T) {
	t.Parallel()
	if !EqualPlain(Plain(raw(`{"a":1.0,"b":null}`)), Plain(raw(`{"a":1}`))) ||
		EqualPlain(Plain(raw(`[1,2]`)), Plain(raw(`[2,1]`))) {
		t.Error("EqualPlain differs from EqualJSON")
	}
}

func TestPlainOf(t *testing.T) {
	t.Parallel()
	value := dyn(obj(attrs{
		"a": num("12345678901234567890"), "gone": types.StringNull(), "later": types.DynamicUnknown(), "empty": obj(attrs{}),
		"list": tup(str("x"), types.BoolUnknown(), types.StringNull()),
		"tags": set(types.StringType, str("x")), "more": set(types.StringType, str("x"), types.StringUnknown()),
	}))
	want := map[string]any{
		"a": json.Number("12345678901234567890"), "later": "?", "empty": map[string]any{},
		"list": []any{"x", "?", nil}, "tags": []any{"x"}, "more": "?",
	}
	got, err := PlainOf(value, "?")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v, want %#v", got, err, want)
	}
	for _, v := range []attr.Value{types.DynamicUnknown(), types.ListUnknown(types.StringType)} {
		if got, err := PlainOf(v, "?"); err != nil || got != "?" {
			t.Errorf("%v became %v, %v", v, got, err)
		}
	}
	if got, err := PlainOf(types.DynamicNull(), "?"); err != nil || got != nil {
		t.Errorf("null became %v, %v", got, err)
	}
	infinite := types.NumberValue(new(big.Float).SetInf(false))
	if got, err := PlainOf(obj(attrs{"a": infinite}), "?"); err == nil {
		t.Errorf("infinity became %v", got)
	}
}
