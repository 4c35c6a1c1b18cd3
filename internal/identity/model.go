package identity

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// model is the resource ory_identity in configuration, plan and state.
type model struct {
	ID                  types.String
	SchemaID            types.String
	SchemaURL           types.String
	Traits              types.Dynamic
	MetadataPublic      types.Dynamic
	MetadataAdmin       types.Dynamic
	State               types.String
	ExternalID          types.String
	OrganizationID      types.String
	Region              types.String
	Credentials         types.Object
	CredentialsRemoved  types.Map
	VerifiedAddresses   types.Set
	RevokeSessionsOn    types.Set
	OnConflict          types.String
	DeletionPolicy      types.String
	VerifiableAddresses types.List
	RecoveryAddresses   types.List
	Identifiers         types.Map
	CreatedAt           types.String
	UpdatedAt           types.String
	StateChangedAt      types.String
	Timeouts            timeouts.Value
}

// field binds one attribute or block of the schema to its field of the model. The framework does this by reflection on
// struct tags, which takes more time than all other work of a call.
type field struct {
	name     string
	attrType attr.Type
	get      func(*model) attr.Value
	set      func(*model, attr.Value)
}

func fieldOf[T attr.Value](name string, attrType attr.Type, at func(*model) *T) field {
	return field{
		name: name, attrType: attrType,
		get: func(m *model) attr.Value { return *at(m) },
		set: func(m *model, value attr.Value) {
			if typed, ok := value.(T); ok {
				*at(m) = typed
			}
		},
	}
}

func stringField(name string, at func(*model) *types.String) field {
	return fieldOf(name, types.StringType, at)
}

// shape is the part of the schema that decode and encode need.
type shape struct {
	fields []field
	object tftypes.Object
	nulls  map[string]attr.Value // the null values of the fields: their types are costly to make
}

var modelShape = sync.OnceValue(func() shape {
	s := resourceSchema(context.Background())
	all := []field{
		fieldOf("credentials", s.Attributes["credentials"].GetType(), func(m *model) *types.Object { return &m.Credentials }),
		fieldOf("timeouts", s.Blocks["timeouts"].Type(), func(m *model) *timeouts.Value { return &m.Timeouts }),
	}
	for _, a := range managed {
		all = append(all, a.fields()...)
	}
	object, _ := s.Type().TerraformType(context.Background()).(tftypes.Object)
	nulls := map[string]attr.Value{}
	for _, f := range all {
		null := tftypes.NewValue(object.AttributeTypes[f.name], nil)
		if value, err := f.attrType.ValueFromTerraform(context.Background(), null); err == nil {
			nulls[f.name] = value
		}
	}
	return shape{fields: all, object: object, nulls: nulls}
})

// decode converts an object of the resource's schema to a model. A null object becomes a model of null values.
func decode(ctx context.Context, raw tftypes.Value, diags *diag.Diagnostics) model {
	var m model
	members := map[string]tftypes.Value{}
	if err := raw.As(&members); err != nil {
		addDefect(diags, err)
		return m
	}
	for _, f := range modelShape().fields {
		member := members[f.name]
		if null, ok := modelShape().nulls[f.name]; ok && member.IsNull() {
			f.set(&m, null)
			continue
		}
		value, err := f.attrType.ValueFromTerraform(ctx, member)
		if err != nil {
			addDefect(diags, err)
			continue
		}
		f.set(&m, value)
	}
	return m
}

// encode converts the model to an object of the resource's schema.
func (m *model) encode(ctx context.Context, diags *diag.Diagnostics) tftypes.Value {
	members := make(map[string]tftypes.Value, len(modelShape().fields))
	for _, f := range modelShape().fields {
		if f.get(m).IsNull() {
			members[f.name] = tftypes.NewValue(modelShape().object.AttributeTypes[f.name], nil)
			continue
		}
		value, err := f.toTerraform(ctx, m)
		if err != nil {
			addDefect(diags, err)
			return tftypes.NewValue(modelShape().object, nil)
		}
		members[f.name] = value
	}
	return tftypes.NewValue(modelShape().object, members)
}

func (f field) toTerraform(ctx context.Context, m *model) (tftypes.Value, error) {
	value := f.get(m)
	if t, ok := f.attrType.(credentialsType); ok && !value.IsUnknown() {
		return t.toTerraform(ctx, m.Credentials)
	}
	return value.ToTerraformValue(ctx)
}

func addDefect(diags *diag.Diagnostics, err error) {
	diags.AddError("Provider defect", "A value does not match the schema of ory_identity: "+err.Error()+
		". Please report this to the provider's developers.")
}

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// resolveTo sets an attribute to the value if the attribute is unknown.
func resolveTo[T attr.Value](attribute *T, value T) {
	if (*attribute).IsUnknown() {
		*attribute = value
	}
}

func unknownIf[T any](changes bool, unknown, state T) T {
	if changes {
		return unknown
	}
	return state
}

// nullObject returns the null object of the resource's schema.
func nullObject() tftypes.Value { return tftypes.NewValue(modelShape().object, nil) }
