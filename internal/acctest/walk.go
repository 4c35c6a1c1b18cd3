package acctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
	"github.com/d66889dc/terraform-provider-ory/internal/provider"
)

// Walk is the provider as Terraform runs it for one walk of its graph, within this process and without Terraform.
type Walk struct {
	tfprotov6.ProviderServer
	Schemas *tfprotov6.GetProviderSchemaResponse
}

// NewWalk starts and configures the provider. The configuration has the attributes of the provider block as JSON has
// them.
func NewWalk(ctx context.Context, configuration map[string]any) (*Walk, error) {
	//nolint:contextcheck // the schemas of the framework take no time
	server, err := protocol.NewServer(provider.New("test")())
	if err != nil {
		return nil, err
	}
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	config, err := Encoded(schemas.Provider, configuration)
	if err != nil {
		return nil, err
	}
	request := &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.16.4", Config: config}
	resp, err := server.ConfigureProvider(ctx, request)
	if err == nil {
		err = Failure(resp.Diagnostics)
	}
	return &Walk{server, schemas}, err
}

// Failure is an error with the texts of all diagnostics that are errors, nil for none.
func Failure(diagnostics []*tfprotov6.Diagnostic) error {
	var failures []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			failures = append(failures, errors.New(DiagnosticText(d)))
		}
	}
	return errors.Join(failures...)
}

// DiagnosticText is all that Terraform would show of a diagnostic.
func DiagnosticText(d *tfprotov6.Diagnostic) string {
	return strings.Join([]string{d.Severity.String(), d.Attribute.String(), d.Summary, d.Detail}, ": ")
}

// Encoded makes an object of a schema's type from values as JSON has them. Attributes without a value are null.
func Encoded(schema *tfprotov6.Schema, values map[string]any) (*tfprotov6.DynamicValue, error) {
	value, err := Value(schema.ValueType(), values)
	if err != nil {
		return nil, err
	}
	encoded, err := tfprotov6.NewDynamicValue(schema.ValueType(), value)
	return &encoded, err
}

// Value makes a value of a type from decoded JSON. Under the dynamic type, objects and arrays become objects and
// tuples, as HCL writes them.
func Value(kind tftypes.Type, from any) (tftypes.Value, error) {
	if from == nil {
		return tftypes.NewValue(kind, nil), nil
	}
	if kind.Is(tftypes.DynamicPseudoType) {
		return natural(from)
	}
	switch kind := kind.(type) {
	case tftypes.Object:
		members, ok := from.(map[string]any)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%T is no object", from)
		}
		return objectOf(kind, members)
	case tftypes.List:
		return listOf(kind, kind.ElementType, from)
	case tftypes.Set:
		return listOf(kind, kind.ElementType, from)
	case tftypes.Map:
		members, _ := from.(map[string]any)
		values := make(map[string]tftypes.Value, len(members))
		for name, member := range members {
			var err error
			if values[name], err = Value(kind.ElementType, member); err != nil {
				return tftypes.Value{}, err
			}
		}
		return tftypes.NewValue(kind, values), nil
	default:
		return leaf(kind, from)
	}
}

func objectOf(kind tftypes.Object, members map[string]any) (tftypes.Value, error) {
	values := make(map[string]tftypes.Value, len(kind.AttributeTypes))
	for name, attribute := range kind.AttributeTypes {
		var err error
		if values[name], err = Value(attribute, members[name]); err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	for name := range members {
		if _, ok := kind.AttributeTypes[name]; !ok {
			return tftypes.Value{}, fmt.Errorf("no attribute %s", name)
		}
	}
	return tftypes.NewValue(kind, values), nil
}

func listOf(kind, element tftypes.Type, from any) (tftypes.Value, error) {
	items, ok := from.([]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%T is no list", from)
	}
	values := make([]tftypes.Value, len(items))
	for i, item := range items {
		var err error
		if values[i], err = Value(element, item); err != nil {
			return tftypes.Value{}, err
		}
	}
	return tftypes.NewValue(kind, values), nil
}

func leaf(kind tftypes.Type, from any) (tftypes.Value, error) {
	if number, ok := from.(json.Number); ok {
		const precision = 512 // of Terraform
		parsed, _, err := big.ParseFloat(number.String(), 10, precision, big.ToNearestEven)
		return tftypes.NewValue(kind, parsed), err
	}
	if err := tftypes.ValidateValue(kind, from); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(kind, from), nil
}

// natural is the value that HCL makes of an expression without a type.
func natural(from any) (tftypes.Value, error) {
	switch from := from.(type) {
	case map[string]any:
		kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
		values := make(map[string]tftypes.Value, len(from))
		for name, member := range from {
			value, err := Value(tftypes.DynamicPseudoType, member)
			if err != nil {
				return tftypes.Value{}, err
			}
			kind.AttributeTypes[name], values[name] = value.Type(), value
		}
		return tftypes.NewValue(kind, values), nil
	case []any:
		kind := tftypes.Tuple{}
		values := make([]tftypes.Value, len(from))
		for i, item := range from {
			value, err := Value(tftypes.DynamicPseudoType, item)
			if err != nil {
				return tftypes.Value{}, err
			}
			kind.ElementTypes, values[i] = append(kind.ElementTypes, value.Type()), value
		}
		return tftypes.NewValue(kind, values), nil
	case string:
		return leaf(tftypes.String, from)
	case bool:
		return leaf(tftypes.Bool, from)
	default:
		return leaf(tftypes.Number, from)
	}
}
