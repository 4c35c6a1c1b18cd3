package identity

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// emptyModel returns a model whose attributes are all null and have the types of the schema.
func emptyModel(t *testing.T) model {
	t.Helper()
	var diags diag.Diagnostics
	m := decode(t.Context(), nullObject(), &diags)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return m
}

// modelWith returns an empty model after change.
func modelWith(t *testing.T, change func(*model)) model {
	t.Helper()
	m := emptyModel(t)
	change(&m)
	return m
}

func TestModel_fieldPerAttribute(t *testing.T) {
	t.Parallel()
	s := resourceSchema(t.Context())
	var names []string
	for _, f := range modelShape().fields {
		names = append(names, f.name)
	}
	slices.Sort(names)
	want := slices.Sorted(maps.Keys(s.Attributes))
	want = append(want, slices.Collect(maps.Keys(s.Blocks))...)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("the model has the fields %q, the schema %q", names, want)
	}
}

// No two fields are bound to the same place in the model, and each field has the type of the schema.
func TestModel_fieldTypes(t *testing.T) {
	t.Parallel()
	attributes := modelShape().object.AttributeTypes
	for _, f := range modelShape().fields {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			if got := f.attrType.TerraformType(t.Context()); !got.Equal(attributes[f.name]) {
				t.Errorf("the type of the field is %s, that of the schema %s", got, attributes[f.name])
			}
			m := emptyModel(t)
			value, err := f.attrType.ValueFromTerraform(t.Context(), tftypes.NewValue(attributes[f.name], tftypes.UnknownValue))
			if err != nil {
				t.Fatal(err)
			}
			f.set(&m, value)
			for _, other := range modelShape().fields {
				if isUnknown := other.get(&m).IsUnknown(); isUnknown != (other.name == f.name) {
					t.Errorf("after setting %s, %s is unknown: %v", f.name, other.name, isUnknown)
				}
			}
		})
	}
}

func TestModel_encodeDecode(t *testing.T) {
	t.Parallel()
	object := modelShape().object
	unknown := map[string]tftypes.Value{}
	for name, memberType := range object.AttributeTypes {
		unknown[name] = tftypes.NewValue(memberType, tftypes.UnknownValue)
	}
	for name, value := range map[string]tftypes.Value{
		"every member set": sample(object, "sample"),
		"all null":         sampleOfNulls(object),
		"all unknown":      tftypes.NewValue(object, unknown),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			m := decode(t.Context(), value, &diags)
			if got := m.encode(t.Context(), &diags); diags.HasError() || !got.Equal(value) {
				t.Errorf("got %s, want %s; %v", got, value, diags)
			}
		})
	}
}

func TestModel_nullObject(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	m := emptyModel(t)
	if got, want := m.encode(t.Context(), &diags), sampleOfNulls(modelShape().object); diags.HasError() ||
		!got.Equal(want) {
		t.Errorf("got %s, want %s; %v", got, want, diags)
	}
}

// sample returns a value of the type in which every member of every object is set.
func sample(of tftypes.Type, text string) tftypes.Value {
	switch typ := of.(type) {
	case tftypes.Object:
		members := map[string]tftypes.Value{}
		for name, memberType := range typ.AttributeTypes {
			members[name] = sample(memberType, text+"."+name)
		}
		return tftypes.NewValue(typ, members)
	case tftypes.List:
		return tftypes.NewValue(typ, []tftypes.Value{sample(typ.ElementType, text+".0"), sample(typ.ElementType, text+".1")})
	case tftypes.Set:
		return tftypes.NewValue(typ, []tftypes.Value{sample(typ.ElementType, text+".a"), sample(typ.ElementType, text+".b")})
	case tftypes.Tuple:
		var elements []tftypes.Value
		for _, elementType := range typ.ElementTypes {
			elements = append(elements, sample(elementType, text))
		}
		return tftypes.NewValue(typ, elements)
	case tftypes.Map:
		return tftypes.NewValue(typ, map[string]tftypes.Value{"a": sample(typ.ElementType, text+".a"), "b": sample(typ.ElementType, text+".b")})
	}
	switch {
	case of.Is(tftypes.Bool):
		return tftypes.NewValue(of, true)
	case of.Is(tftypes.Number):
		return tftypes.NewValue(of, 7)
	case of.Is(tftypes.DynamicPseudoType):
		return sample(tftypes.Object{AttributeTypes: map[string]tftypes.Type{
			"text": tftypes.String, "list": tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String, tftypes.Bool}},
		}}, text)
	}
	return tftypes.NewValue(of, text)
}

func sampleOfNulls(object tftypes.Object) tftypes.Value {
	members := map[string]tftypes.Value{}
	for name, memberType := range object.AttributeTypes {
		members[name] = tftypes.NewValue(memberType, nil)
	}
	return tftypes.NewValue(object, members)
}
