package identity

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
)

// blockOf returns the resource identity of an import block with these attributes.
func blockOf(given map[string]string) *tfsdk.ResourceIdentity {
	values := map[string]tftypes.Value{}
	for key := range resourceIdentityType.AttributeTypes {
		values[key] = tftypes.NewValue(tftypes.String, nil)
	}
	for key, value := range given {
		values[key] = tftypes.NewValue(tftypes.String, value)
	}
	return &tfsdk.ResourceIdentity{Schema: resourceIdentitySchema(), Raw: tftypes.NewValue(resourceIdentityType, values)}
}

func TestParseImport_resourceIdentity(t *testing.T) {
	t.Parallel()
	const uuid = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
	type object = map[string]string
	for name, test := range map[string]struct {
		given     object
		attribute string
		want      lookup.Reference
		says      []string // empty if it is valid
	}{
		"id":                 {object{"id": " " + strings.ToUpper(uuid)}, "identity.id", lookup.Reference{ID: uuid}, nil},
		"external id":        {object{"external_id": "a=b "}, "identity.external_id", lookup.Reference{ExternalID: "a=b "}, nil},
		"identifier":         {object{"identifier": "gh:1"}, "identity.identifier", lookup.Reference{Identifier: "gh:1"}, nil},
		"UUID as identifier": {object{"identifier": uuid}, "identity.identifier", lookup.Reference{Identifier: uuid}, nil},
		"none":               {object{}, "", lookup.Reference{}, []string{"exactly one of identity.id, identity.external_id and identity.identifier", "none"}},
		"two":                {object{"id": uuid, "identifier": "ada"}, "", lookup.Reference{}, []string{"exactly one of", "sets identity.id and identity.identifier"}},
		"two, one empty":     {object{"id": "", "external_id": "crm-1"}, "", lookup.Reference{}, []string{"sets identity.id and identity.external_id"}},
		"three": {
			object{"id": uuid, "identifier": "ada", "external_id": "crm-1"},
			"",
			lookup.Reference{},
			[]string{"sets identity.id, identity.external_id and identity.identifier"},
		},
		"wrong id":          {object{"id": "ada@example.org"}, "", lookup.Reference{}, []string{"Invalid import id", `identity.id is "ada@example.org"`, "UUID", "identity.identifier"}},
		"keyed id":          {object{"id": "external_id=crm-1"}, "", lookup.Reference{}, []string{"Invalid import id", "identity.external_id"}},
		"empty id":          {object{"id": ""}, "", lookup.Reference{}, []string{`identity.id is ""`}},
		"empty external id": {object{"external_id": ""}, "", lookup.Reference{}, []string{`identity.external_id is ""`, "crm-4711"}},
		"blank identifier":  {object{"identifier": " "}, "", lookup.Reference{}, []string{`identity.identifier is " "`, "ada@example.org"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			attribute, got := parseImport(t.Context(), resource.ImportStateRequest{Identity: blockOf(test.given)}, &diags)
			if diags.HasError() != (test.says != nil) {
				t.Fatal(diags)
			}
			if !diags.HasError() {
				if attribute != test.attribute || got != test.want {
					t.Errorf("%s refers to %+v", attribute, got)
				}
				return
			}
			text := diags[0].Summary() + "\n" + diags[0].Detail()
			for _, part := range test.says {
				if !strings.Contains(text, part) {
					t.Errorf("%q is missing in:\n%s", part, text)
				}
			}
		})
	}
}

// An import id doesn't go with a resource identity: the framework then passes one that is null.
func TestParseImport_importID(t *testing.T) {
	t.Parallel()
	null := &tfsdk.ResourceIdentity{Schema: resourceIdentitySchema(), Raw: tftypes.NewValue(resourceIdentityType, nil)}
	for text, want := range map[string]lookup.Reference{"external_id=crm-1": {ExternalID: "crm-1"}, "": {}} {
		var diags diag.Diagnostics
		attribute, got := parseImport(t.Context(), resource.ImportStateRequest{ID: text, Identity: null}, &diags)
		if attribute != "" || got != want || diags.HasError() != (text == "") {
			t.Errorf("%q: %q refers to %+v, %v", text, attribute, got, diags)
		}
	}
}

// The type of the values that are stored is that of the schema, and only the id is stored.
func TestSetIdentity(t *testing.T) {
	t.Parallel()
	if got := resourceIdentitySchema().Type().TerraformType(t.Context()); !got.Equal(resourceIdentityType) {
		t.Errorf("the schema has the type %s, the values %s", got, resourceIdentityType)
	}
	stored := blockOf(map[string]string{"external_id": "crm-1"})
	setIdentity(stored, types.StringValue("x"))
	if want := blockOf(map[string]string{"id": "x"}); !stored.Raw.Equal(want.Raw) {
		t.Errorf("stored %s, want %s", stored.Raw, want.Raw)
	}
}

// A state of version 0 has the id only, or, from Terraform before 1.12, no resource identity.
func TestUpgradeIdentity(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string]map[string]string{`{"id":"x"}`: {"id": "x"}, "": {}, "{": nil} {
		resp := resource.UpgradeIdentityResponse{Identity: &tfsdk.ResourceIdentity{Schema: resourceIdentitySchema()}}
		req := resource.UpgradeIdentityRequest{RawIdentity: &tfprotov6.RawState{JSON: []byte(stored)}}
		(&identityResource{}).UpgradeIdentity(t.Context())[0].IdentityUpgrader(t.Context(), req, &resp)
		if want == nil {
			expectMessages(t, resp.Diagnostics, "Resource identity cannot be read")
			continue
		}
		expectMessages(t, resp.Diagnostics)
		if !resp.Identity.Raw.Equal(blockOf(want).Raw) {
			t.Errorf("%q became %s", stored, resp.Identity.Raw)
		}
	}
}
