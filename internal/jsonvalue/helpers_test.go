package jsonvalue

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// patience is far longer than any test here needs, even on a busy machine with the race detector. A failure that it
// detects takes minutes or never ends.
const patience = 20 * time.Second

// The constructors read like HCL. They panic on errors, so they are for tests only.

func str(s string) attr.Value { return types.StringValue(s) }

func num(literal string) attr.Value {
	f, _, err := big.ParseFloat(literal, 10, 512, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return types.NumberValue(f)
}

type attrs map[string]attr.Value

func obj(values attrs) attr.Value {
	of := make(map[string]attr.Type, len(values))
	for name, value := range values {
		of[name] = value.Type(nil) //nolint:staticcheck // no type uses its context
	}
	return types.ObjectValueMust(of, values)
}

func tup(values ...attr.Value) attr.Value {
	of := make([]attr.Type, len(values))
	for i, value := range values {
		of[i] = value.Type(nil) //nolint:staticcheck // no type uses its context
	}
	return types.TupleValueMust(of, values)
}

func list(of attr.Type, values ...attr.Value) attr.Value { return types.ListValueMust(of, values) }

func set(of attr.Type, values ...attr.Value) attr.Value { return types.SetValueMust(of, values) }

func dict(of attr.Type, values attrs) attr.Value { return types.MapValueMust(of, values) }

func dyn(v attr.Value) attr.Value { return types.DynamicValue(v) }

func raw(s string) json.RawMessage { return json.RawMessage(s) }

// same compares values including their types at every level. The method Equal of a null object ignores the attributes.
func same(t *testing.T, got, want attr.Value) {
	t.Helper()
	if !got.Type(t.Context()).Equal(want.Type(t.Context())) {
		t.Fatalf("type %s, want %s", got.Type(t.Context()), want.Type(t.Context()))
	}
	if !got.Equal(want) {
		t.Fatalf("got %s, want %s", got, want)
	}
}

// survivesWire sends v to Terraform and back as a dynamic attribute.
func survivesWire(t *testing.T, v attr.Value) {
	t.Helper()
	ctx := t.Context()
	tf, err := types.DynamicValue(Unwrap(v)).ToTerraformValue(ctx)
	if err != nil {
		t.Fatalf("to Terraform: %v\n%s", err, v)
	}
	wire, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, tf)
	if err != nil {
		t.Fatalf("onto the wire: %v\n%s", err, v)
	}
	back, err := wire.Unmarshal(tftypes.DynamicPseudoType)
	if err != nil {
		t.Fatalf("off the wire: %v\n%s", err, v)
	}
	value, err := types.DynamicType.ValueFromTerraform(ctx, back)
	if err != nil {
		t.Fatalf("from Terraform: %v\n%s", err, v)
	}
	same(t, Unwrap(value), Unwrap(v))
}
