package jsonvalue

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

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

func TestEncode_numericTypes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		v    attr.Value
		want string
	}{
		{types.Int32Value(math.MinInt32), "-2147483648"},
		{types.Int64Value(math.MaxInt64), "9223372036854775807"},
		{types.Int64Value(math.MinInt64), "-9223372036854775808"},
		{types.Float32Value(0.1), "0.1"},
		{types.Float64Value(0.1), "0.1"},
		{types.Float64Value(2.5e-300), "0." + strings.Repeat("0", 299) + "25"},
		{types.Int64Null(), "null"},
		{types.NumberValue(nil), "null"},
	} {
		got, err := Encode(tc.v)
		if err != nil || string(got) != tc.want {
			t.Errorf("%s became %s, %v, want %s", tc.v, got, err, tc.want)
		}
		if !Matches(tc.v, raw(tc.want)) {
			t.Errorf("%s doesn't match %s", tc.v, tc.want)
		}
	}
	for _, v := range []attr.Value{types.Float64Value(math.Inf(1)), types.NumberValue(new(big.Float).SetInf(true))} {
		if got, err := Encode(v); err == nil {
			t.Errorf("%s became %s", v, got)
		}
	}
}

// A custom type means the same as its base type.
func TestEncode_customTypes(t *testing.T) {
	t.Parallel()
	custom := email{types.StringValue("ada@example.org")}
	if !Matches(custom, raw(`"ada@example.org"`)) || !HasUnknown(email{types.StringUnknown()}) {
		t.Error("a custom string is none")
	}
	if got, err := Encode(foreign{types.StringValue("x")}); err == nil {
		t.Errorf("a type of no known kind became %s", got)
	}
}

type email struct{ basetypes.StringValue }

type foreign struct{ attr.Value }
