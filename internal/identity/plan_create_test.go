package identity_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Neither the private state of a replaced identity nor the missing values of an upgraded state affect the plan of a new
// identity.
func TestPlan_createWithoutWarnings(t *testing.T) {
	t.Parallel()
	for name, private := range map[string]map[string][]byte{
		"new": nil,
		"replacement": {
			"owned": []byte(`{"scalars":["state"],"metadata":{"metadata_public":{"keys":["a"]}}}`), "unrevoked": []byte(`["password"]`),
			"imported": []byte("true"), "planned": []byte(`"9f425a8d-7efc-4768-8f23-7647a74fdf13"`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diagnostics := planCreate(t, private); len(diagnostics) > 0 {
				t.Errorf("unexpected: %+v", diagnostics[0])
			}
		})
	}
}

// planCreate plans an identity with a password.
func planCreate(t *testing.T, private map[string][]byte) []*tfprotov6.Diagnostic {
	t.Helper()
	server, err := acctest.ProtoV6ProviderFactories["ory"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	object := schemas.ResourceSchemas["ory_identity"].ValueType().(tftypes.Object)
	credentials := object.AttributeTypes["credentials"].(tftypes.Object)
	config := withMembers(object, map[string]tftypes.Value{
		"schema_id": tftypes.NewValue(tftypes.String, "preset://email"),
		"traits": tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"email": tftypes.String}},
			map[string]tftypes.Value{"email": tftypes.NewValue(tftypes.String, "ada@example.org")}),
		"revoke_sessions_on": tftypes.NewValue(
			tftypes.Set{ElementType: tftypes.String},
			[]tftypes.Value{tftypes.NewValue(tftypes.String, "password")},
		),
		"credentials": withMembers(credentials, map[string]tftypes.Value{
			"password": withMembers(credentials.AttributeTypes["password"].(tftypes.Object), map[string]tftypes.Value{
				"value": tftypes.NewValue(tftypes.String, "analytical-engine-1843"),
			}),
		}),
	})
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName:         "ory_identity",
		Config:           encoded(t, config),
		ProposedNewState: encoded(t, config),
	}
	req.PriorState = encoded(t, tftypes.NewValue(object, nil))
	if req.PriorPrivate, err = json.Marshal(private); err != nil {
		t.Fatal(err)
	}
	resp, err := server.PlanResourceChange(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// withMembers returns an object with these members, the others null.
func withMembers(object tftypes.Object, members map[string]tftypes.Value) tftypes.Value {
	all := map[string]tftypes.Value{}
	for name, memberType := range object.AttributeTypes {
		all[name] = tftypes.NewValue(memberType, nil)
	}
	maps.Copy(all, members)
	return tftypes.NewValue(object, all)
}

func encoded(t *testing.T, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	dynamic, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &dynamic
}
