package identity_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const oldState = `{"id":"9f425a8d-7efc-4768-8f23-7647a74fdf13","schema_id":"preset://email","state":"active",` +
	`"traits":"{\"email\":\"ada@example.org\"}","metadata_public":null,"metadata_admin":null,"password":"analytical-engine-1843",` +
	`"password_wo":null,"password_wo_version":null,"project_slug":"lucid-babbage","project_api_key":"ory_pat_secret"}`

// move calls MoveState in the way of Terraform.
func move(
	t *testing.T,
	req tfprotov6.MoveResourceStateRequest,
	state string,
) (*tfprotov6.MoveResourceStateResponse, tftypes.Object) {
	t.Helper()
	server, err := acctest.ProtoV6ProviderFactories["ory"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	req.TargetTypeName, req.SourceState = "ory_identity", &tfprotov6.RawState{JSON: []byte(state)}
	resp, err := server.MoveResourceState(t.Context(), &req)
	if err != nil {
		t.Fatal(err)
	}
	return resp, schemas.ResourceSchemas["ory_identity"].ValueType().(tftypes.Object)
}

func TestMoveState(t *testing.T) {
	t.Parallel()
	resp, schemaType := move(t, tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/ory/ory", SourceTypeName: "ory_identity",
	}, oldState)
	for _, d := range resp.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatal(d)
		}
	}
	value, err := resp.TargetState.Unmarshal(schemaType)
	if err != nil {
		t.Fatal(err)
	}
	if text := value.String(); !strings.Contains(text, "ada@example.org") ||
		!strings.Contains(text, "analytical-engine-1843") ||
		strings.Contains(text, "ory_pat_secret") {
		t.Errorf("the state is %s", text)
	}
	if !strings.Contains(string(resp.TargetPrivate), `"imported"`) {
		t.Errorf("no marker in the private state %s", resp.TargetPrivate)
	}
	identity, err := resp.TargetIdentity.IdentityData.Unmarshal(
		tftypes.Object{AttributeTypes: map[string]tftypes.Type{
			"id": tftypes.String, "external_id": tftypes.String, "identifier": tftypes.String,
		}},
	)
	if err != nil || !strings.Contains(identity.String(), "9f425a8d-7efc-4768-8f23-7647a74fdf13") {
		t.Errorf("the resource identity is %s; %v", identity, err)
	}
}

func TestMoveState_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source      tfprotov6.MoveResourceStateRequest
		state, want string
	}{
		"another type": {
			tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/ory/ory", SourceTypeName: "ory_oauth2_client"},
			oldState, "does not include support for the given source resource",
		},
		"another provider": {
			tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/acme/ory", SourceTypeName: "ory_identity"},
			oldState, "does not include support for the given source resource",
		},
		"another version": {
			tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "registry.terraform.io/ory/ory", SourceTypeName: "ory_identity", SourceSchemaVersion: 2},
			oldState, "it has schema version 2, not 0",
		},
		"another shape": {
			tfprotov6.MoveResourceStateRequest{SourceProviderAddress: "ory", SourceTypeName: "ory_identity"},
			`{"id":"x"}`, "it has no schema_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, _ := move(t, test.source, test.state)
			if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, test.want) ||
				resp.TargetState != nil {
				t.Errorf("want an error with %q and no state, got %v and %v", test.want, resp.Diagnostics, resp.TargetState)
			}
		})
	}
}
