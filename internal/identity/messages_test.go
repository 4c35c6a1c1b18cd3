package identity

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// expectMessages fails the test unless the diagnostics have exactly these summaries.
func expectMessages(t *testing.T, diags diag.Diagnostics, want ...string) {
	t.Helper()
	if len(diags) != len(want) {
		t.Fatalf("want %q, got %v", want, diags)
	}
	for i, d := range diags {
		if d.Summary() != want[i] || d.Detail() == "" {
			t.Errorf("want %q, got %v", want[i], d)
		}
	}
}

// Values that have no JSON form, and JSON that has no value.
func TestMessages_json(t *testing.T) {
	t.Parallel()
	member := func(value attr.Value) types.Dynamic {
		kinds := map[string]attr.Type{"a": value.Type(t.Context())}
		return types.DynamicValue(types.ObjectValueMust(kinds, map[string]attr.Value{"a": value}))
	}
	at := path.Root("traits")
	var unknown, infinite, extreme diag.Diagnostics
	encodeJSON(at, member(types.StringUnknown()), nil, &unknown)
	expectMessages(t, unknown, "Provider defect")
	encodeJSON(at, member(types.NumberValue(new(big.Float).SetInf(false))), nil, &infinite)
	expectMessages(t, infinite, "Value cannot be written as JSON")
	align(at, types.DynamicNull(), []byte(`{"a":1e99999}`), &extreme)
	expectMessages(t, extreme, "Value cannot be represented")
}

// What the configuration no longer has, and what that means on the server.
func TestMessages_dropped(t *testing.T) {
	t.Parallel()
	u, diags := update(t, &fakeServer{}, func(*model) {})
	u.state.State, u.config.State, u.owned.Scalars = types.StringValue(stateInactive), types.StringNull(), []string{state.name}
	state.check(t.Context(), u.operation)
	u.state.MetadataPublic, u.plan.MetadataPublic = dynamic(t, `{"a":1}`), dynamic(t, `{}`)
	metadataPublic.check(t.Context(), u.operation)
	u.state.setPassword(passwordModel{value: types.StringValue("x")})
	password{}.check(t.Context(), u.operation)
	list := types.ListType{ElemType: types.StringType}
	u.state.Identifiers = types.MapValueMust(list, map[string]attr.Value{"password": textsOf("ada@example.org")})
	next, err := traitschema.Parse([]byte(`{"properties":{"traits":{"properties":{"email":{"type":"string"}}}}}`))
	schemaIDAttribute{}.warnOfLingering(t.Context(), u.operation, next, err)
	expectMessages(t, *diags, "Identity becomes active again", "Metadata remains on the server",
		"Password remains on the server", "Login identifiers of the old schema remain")
}

// What the server refuses or changes.
func TestMessages_server(t *testing.T) {
	t.Parallel()
	u, diags := update(t, &fakeServer{}, func(*model) {})
	f := failure{plan: &u.plan}
	password{}.refused(t.Context(), f, &kratos.Error{StatusCode: 400, Reason: "I[#/password] is too short"}, diags)
	state.refused(t.Context(), f, &kratos.Error{StatusCode: 400, Reason: "identity state is not valid"}, diags)
	changed := kratos.Identity{Traits: []byte(`{"email":"eve@example.org"}`)}
	traits{}.answered(u.operation, func(string) bool { return true }, &changed)
	expectMessages(t, *diags, "Password refused", "State refused", "Server changed the traits")
}

// A row needs a schema and traits, and a version its write-only value.
func TestMessages_missing(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	o := operation{config: emptyModel(t), diags: &diags, data: base.NewData(nil, nil)}
	o.validate(t.Context())
	expectMessages(t, diags, "Missing schema_id", "Missing traits")
	credential := types.ObjectValueMust(
		map[string]attr.Type{"url_wo": types.StringType, "wo_version": types.Int64Type},
		map[string]attr.Value{"url_wo": types.StringNull(), "wo_version": types.Int64Value(1)},
	)
	var resp validator.ObjectResponse
	versionValidator{of: []string{"url_wo"}}.ValidateObject(t.Context(),
		validator.ObjectRequest{Path: totp.path(), ConfigValue: credential}, &resp)
	expectMessages(t, resp.Diagnostics, "Invalid Attribute Combination")
}

func TestMessages_privateState(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	loadOwned(t.Context(), privateStub{ownedKey: "{"}, &diags)
	expectMessages(t, diags, "Private state cannot be read")
}

// A create doesn't adopt an identity that another resource of the same apply manages.
func TestMessages_managedElsewhere(t *testing.T) {
	t.Parallel()
	const id = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
	existing := kratos.Identity{ID: id, SchemaID: "preset://email", Traits: []byte(`{"email":"ada@example.org"}`)}
	server := &fakeCreates{fakeServer: fakeServer{identity: existing}, found: true}
	c := create(t, server, emailSchema, func(plan *model) { plan.OnConflict = types.StringValue(ConflictAdopt) })
	c.data.Walk.Claim(id)
	if adopted, _ := c.mayAdopt(t.Context(), id); adopted != nil {
		t.Errorf("adopted %v", adopted)
	}
	expectMessages(t, *c.diags, "Identity managed by another resource")
}
