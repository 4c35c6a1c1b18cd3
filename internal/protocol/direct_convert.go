package protocol

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// privateState has the methods of the framework's type for private state. That type is internal, so this package can't
// name it.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// settable is a pointer to the framework's type for private state.
type settable[T any] interface {
	*T
	privateState
}

// loadPrivate decodes the private state of a resource: a JSON object of keys and base64 values, as the framework writes
// it for an import or a move. The second parameter only determines the type to make. Keys that begin with a dot belong
// to the framework, and no direct resource uses them.
func loadPrivate[T any, P settable[T]](ctx context.Context, _ P, raw []byte, diags *diag.Diagnostics) P {
	private := P(new(T))
	if len(raw) == 0 {
		return private
	}
	var values map[string][]byte
	if err := json.Unmarshal(raw, &values); err != nil {
		diags.AddError("Private state cannot be read", "The private state of the resource cannot be read: "+err.Error()+
			". Remove the resource from the state and import it again.")
		return private
	}
	for key, value := range values {
		if key != "" && key[0] != '.' {
			diags.Append(private.SetKey(ctx, key, value)...)
		}
	}
	return private
}

// savePrivate encodes the private state in the framework's format.
func (t *directType) savePrivate(ctx context.Context, private privateState, diags *diag.Diagnostics) []byte {
	values := map[string][]byte{}
	for _, key := range t.privateKeys {
		value, d := private.GetKey(ctx, key)
		diags.Append(d...)
		if len(value) > 0 {
			values[key] = value
		}
	}
	if len(values) == 0 {
		return nil
	}
	raw, err := json.Marshal(values)
	if err != nil {
		diags.AddError("Provider defect", "The private state of the resource cannot be written: "+err.Error()+
			". Please report this to the provider's developers.")
	}
	return raw
}

// protocolDiagnostics converts the framework's diagnostics to diagnostics of the protocol.
func protocolDiagnostics(ctx context.Context, diags diag.Diagnostics) []*tfprotov6.Diagnostic {
	converted := make([]*tfprotov6.Diagnostic, 0, len(diags))
	for _, d := range diags {
		severity := tfprotov6.DiagnosticSeverityError
		if d.Severity() == diag.SeverityWarning {
			severity = tfprotov6.DiagnosticSeverityWarning
		}
		diagnostic := &tfprotov6.Diagnostic{Severity: severity, Summary: d.Summary(), Detail: d.Detail()}
		if with, ok := d.(diag.DiagnosticWithPath); ok {
			diagnostic.Attribute = attributePath(ctx, with.Path())
		}
		converted = append(converted, diagnostic)
	}
	return converted
}

// attributePath converts the part of a path that Terraform can follow.
func attributePath(ctx context.Context, at path.Path) *tftypes.AttributePath {
	var steps []tftypes.AttributePathStep
	for _, step := range at.Steps() {
		converted, err := attributePathStep(ctx, step)
		if err != nil {
			break
		}
		steps = append(steps, converted)
	}
	if len(steps) == 0 {
		return nil
	}
	return tftypes.NewAttributePathWithSteps(steps)
}

func attributePathStep(ctx context.Context, step path.PathStep) (tftypes.AttributePathStep, error) {
	switch s := step.(type) {
	case path.PathStepAttributeName:
		return tftypes.AttributeName(s), nil
	case path.PathStepElementKeyInt:
		return tftypes.ElementKeyInt(s), nil
	case path.PathStepElementKeyString:
		return tftypes.ElementKeyString(s), nil
	case path.PathStepElementKeyValue:
		value, err := s.ToTerraformValue(ctx)
		return tftypes.ElementKeyValue(value), err
	}
	return nil, fmt.Errorf("unknown step %T", step)
}
