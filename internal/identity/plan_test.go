package identity

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// dynamic converts JSON to a dynamic value.
func dynamic(t *testing.T, text string) types.Dynamic {
	t.Helper()
	value, err := jsonvalue.Dynamic(json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// schemaStub answers with one schema or with an error.
type schemaStub struct {
	document string
	asked    int
}

func (s *schemaStub) Get(context.Context, string) (*traitschema.Schema, error) {
	s.asked++
	if s.document == "" {
		return nil, errors.New("unreachable")
	}
	return traitschema.Parse(json.RawMessage(s.document))
}

func (s *schemaStub) Require(ctx context.Context, id string) (*traitschema.Schema, error) {
	return s.Get(ctx, id)
}

const emailSchema = `{"properties":{"traits":{"properties":{
	"email":{"ory.sh/kratos":{"credentials":{"password":{"identifier":true}}}},
	"phone":{"ory.sh/kratos":{"verification":{"via":"sms"}}},
	"name":{"properties":{"first":{},"last":{}}}, "tags":{"items":{}}, "age":{}}}}}`

func TestOperation_identifiersChange(t *testing.T) {
	t.Parallel()
	const before = `{"email":"Ada@Example.org","phone":"+1 (555) 1","name":{"first":"Ada"},"tags":["a"],"age":36,"empty":""}`
	tests := map[string]struct {
		after       string
		schema      string
		want, asked bool
	}{
		"nothing":                        {before, emailSchema, false, false},
		"the identifier":                 {strings.Replace(before, "Ada@", "Eve@", 1), emailSchema, true, false},
		"the identifier's case":          {strings.Replace(before, "Ada@", "ada@", 1), emailSchema, true, false},
		"a phone number as later stored": {strings.Replace(before, "(555) 1", "(555) 2", 1), emailSchema, true, false},
		"another trait":                  {strings.Replace(before, `"Ada"`, `"Augusta"`, 1), emailSchema, false, false},
		"a number":                       {strings.Replace(before, "36", "37", 1), "", false, false},
		"a removed trait":                {strings.Replace(before, `,"age":36`, "", 1), "", false, false},
		"the removed identifier":         {strings.Replace(before, `"email":"Ada@Example.org",`, "", 1), "", true, false},
		"a new trait": {
			strings.Replace(before, `"first":"Ada"`, `"first":"Ada","last":"King"`, 1),
			emailSchema,
			false,
			true,
		},
		"a new address": {
			strings.Replace(before, `"empty":""`, `"phone2":"1"`, 1),
			`{"properties":{"traits":{"properties":{"phone2":{"ory.sh/kratos":{"recovery":{"via":"sms"}}}}}}}`,
			true,
			true,
		},
		"a new trait, schema unknown": {
			strings.Replace(before, `"first":"Ada"`, `"first":"Ada","last":"King"`, 1),
			"",
			true,
			true,
		},
		"unknown yet":             {"", emailSchema, true, false},
		"an empty trait filled":   {strings.Replace(before, `"empty":""`, `"empty":"x"`, 1), emailSchema, false, true},
		"a list":                  {strings.Replace(before, `["a"]`, `["a","b"]`, 1), emailSchema, false, true},
		"a scalar becomes a list": {strings.Replace(before, `36`, `["x"]`, 1), emailSchema, false, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := types.DynamicUnknown()
			if test.after != "" {
				after = dynamic(t, test.after)
			}
			schemas := &schemaStub{document: test.schema}
			o := operation{refreshed: true, schemas: schemas, plan: modelWith(t, func(plan *model) { plan.Traits = after })}
			o.state = modelWith(t, func(state *model) {
				state.SchemaID, state.Traits = types.StringValue("preset://email"), dynamic(t, before)
				state.Identifiers = Identifiers(
					map[string]kratos.Credential{"password": {Identifiers: []string{"ada@example.org"}}},
				)
				state.VerifiableAddresses = VerifiableAddresses([]kratos.VerifiableAddress{
					{Value: "ada@example.org", Via: "email"}, {Value: "+15551", Via: "sms"},
				})
			})
			if got := o.identifiersChange(t.Context()); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if asked := schemas.asked > 0; asked != test.asked {
				t.Errorf("schema asked for: %v, want %v", asked, test.asked)
			}
		})
	}
}

func TestViolations_paths(t *testing.T) {
	t.Parallel()
	configured := types.DynamicValue(types.ObjectValueMust(
		map[string]attr.Type{
			"name": types.MapType{ElemType: types.StringType},
			"tags": types.ListType{ElemType: types.StringType},
			"a/b":  types.StringType,
		},
		map[string]attr.Value{
			"name": types.MapValueMust(types.StringType, map[string]attr.Value{"first": types.StringValue("x")}),
			"tags": types.ListValueMust(types.StringType, []attr.Value{types.StringValue("y")}),
			"a/b":  types.StringValue("z"),
		},
	))
	reason := strings.Join([]string{
		`I[#/traits] S[#/properties/traits] validation failed`,
		`  I[#/traits] S[#/properties/traits/required] missing properties: "email"`,
		`  I[#/traits/name] S[#/properties/traits/properties/name] validation failed`,
		`    I[#/traits/name/first] S[#/x/type] expected number, but got string`,
		`  I[#/traits/tags/0] S[#/y] length must be >= 3, but got 1`,
		`  I[#/traits/tags/0] S[#/y] length must be >= 3, but got 1`,
		`  I[#/traits/a~1b] S[#/z] no`,
		`  I[#/traits/gone/deep] S[#/z] not here`,
	}, "\n")
	var diags diag.Diagnostics
	plan := modelWith(t, func(plan *model) { plan.Traits, plan.SchemaID = configured, types.StringValue("customer") })
	answer := &kratos.Error{Reason: reason, RequestID: "r1"}
	isAboutTraits := traits{}.refused(t.Context(), failure{plan: &plan}, answer, &diags)
	if !isAboutTraits {
		t.Error("the answer isn't taken to be about the traits")
	}
	var got []string
	for _, d := range diags {
		if on, ok := d.(diag.DiagnosticWithPath); ok {
			got = append(got, on.Path().String())
		}
		if !strings.Contains(d.Detail(), "customer") || !strings.Contains(d.Detail(), "r1") {
			t.Errorf("the detail lacks schema or request id: %s", d.Detail())
		}
	}
	want := []string{"traits", `traits.name["first"]`, "traits.tags[0]", "traits.a/b", "traits.gone"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The configuration may mark a trait as sensitive, so the error must show no value of the trait, and no key of it that
// isn't the schema's.
func TestViolations_hideValues(t *testing.T) {
	t.Parallel()
	rates := types.MapValueMust(types.NumberType, map[string]attr.Value{"hunter2": types.NumberValue(big.NewFloat(1))})
	prefs := types.ObjectValueMust(map[string]attr.Type{"a": types.BoolType, "hunter2": types.BoolType},
		map[string]attr.Value{"a": types.BoolValue(true), "hunter2": types.BoolValue(true)})
	configured := types.DynamicValue(types.ObjectValueMust(
		map[string]attr.Type{
			"salary": types.NumberType, "name": types.StringType, "rates": rates.Type(t.Context()), "prefs": prefs.Type(t.Context()),
		},
		map[string]attr.Value{
			"salary": types.NumberValue(big.NewFloat(987654)), "name": types.StringValue("hunter2"), "rates": rates, "prefs": prefs,
		},
	))
	const known = "S[#/properties/traits/properties/"
	reason := strings.Join([]string{
		`I[#/traits/salary] ` + known + `salary/maximum] must be <= 100 but found 987654`,
		`I[#/traits/salary] ` + known + `salary/maximum] must be <= 1e+02 but found 9.87654e+05`,
		`I[#/traits/salary] ` + known + `salary/multipleOf] 987654 not multipleOf 5`,
		`I[#/traits/name] ` + known + `name/format] "hunter2" is not valid "email"`,
		`I[#/traits/name] ` + known + `name/minLength] length must be >= 8, but got 7`,
		`I[#/traits/name] ` + known + `name/x] hunter2 is no good`,
		`I[#/traits/rates] ` + known + `rates/additionalProperties] additionalProperties "hunter2" not allowed`,
		`I[#/traits/rates/hunter2] ` + known + `rates/additionalProperties/type] expected string, but got number`,
		`I[#/traits/prefs] ` + known + `prefs/additionalProperties] additionalProperties "hunter2" not allowed`,
	}, "\n")
	var diags diag.Diagnostics
	plan := modelWith(t, func(plan *model) { plan.Traits, plan.SchemaID = configured, types.StringValue("customer") })
	traits{}.refused(t.Context(), failure{plan: &plan}, &kratos.Error{Reason: reason, RequestID: "r1"}, &diags)
	var details []string
	for _, d := range diags {
		details = append(details, d.Detail())
	}
	text := strings.Join(details, "\n")
	for _, value := range []string{"987654", "9.87654", "hunter2", "got 7"} {
		if strings.Contains(text, value) {
			t.Errorf("it shows %s:\n%s", value, text)
		}
	}
	for _, want := range []string{
		"traits.salary because of the identity schema \"customer\": must be <= 100 (", "traits.salary because of the identity schema " +
			"\"customer\": must be a multiple of 5", "traits.name because of the identity schema \"customer\": the value is not valid " +
			"\"email\"", `the value violates the keyword "x" of the schema`, "traits.prefs.(key 2 of 2 in alphabetical order) because",
		"traits.rates.(key 1 of 1 in alphabetical order) because of the identity schema \"customer\": expected string, but got number",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
