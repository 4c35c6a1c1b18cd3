package identity

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

const officialID = "9f425a8d-7efc-4768-8f23-7647a74fdf13"

// upgrade runs the upgrader on a state of the official provider, in the way of the framework.
func upgrade(t *testing.T, raw string) (model, tfsdk.State, diag.Diagnostics) {
	t.Helper()
	req := resource.UpgradeStateRequest{RawState: &tfprotov6.RawState{JSON: []byte(raw)}}
	resp := resource.UpgradeStateResponse{State: tfsdk.State{Schema: resourceSchema(t.Context())}}
	(&identityResource{}).UpgradeState(t.Context())[0].StateUpgrader(t.Context(), req, &resp)
	var m model
	if !resp.Diagnostics.HasError() {
		var diags diag.Diagnostics
		m = decode(t.Context(), resp.State.Raw, &diags)
		if diags.HasError() {
			t.Fatal(diags)
		}
	}
	return m, resp.State, resp.Diagnostics
}

func TestOfficialState(t *testing.T) {
	t.Parallel()
	const required = `"id":"` + officialID + `","schema_id":"preset://email"`
	for name, test := range map[string]struct {
		state                         string
		traits, public, admin, status string // traits and metadata as JSON, "" for null
		password                      types.String
		version                       types.Int64
		warning                       string
	}{
		"first shape, all set": {
			state: `{` + required + `,"state":"inactive","traits":"{\"email\":\"ada@example.org\",\"name\":{\"first\":\"Ada\"}}",` +
				`"metadata_public":"{\"team\":\"engines\"}","metadata_admin":"[1,\"x\",null]","password":"analytical-engine-1843",` +
				`"project_slug":null,"project_api_key":null}`,
			traits: `{"email":"ada@example.org","name":{"first":"Ada"}}`, public: `{"team":"engines"}`, admin: `[1,"x",null]`,
			status: stateInactive, password: types.StringValue("analytical-engine-1843"),
		},
		"first shape, nulls": {
			state: `{` + required + `,"state":"active","traits":"{}","metadata_public":null,"metadata_admin":null,"password":null,` +
				`"project_slug":null,"project_api_key":null}`,
			traits: `{}`, status: stateActive,
		},
		"second shape, write-only password": {
			state: `{` + required + `,"state":"active","traits":"{\"email\":\"ada@example.org\"}","metadata_public":null,` +
				`"metadata_admin":null,"password":null,"password_wo":null,"password_wo_version":"3","project_slug":null,"project_api_key":null}`,
			traits: `{"email":"ada@example.org"}`, status: stateActive, version: types.Int64Value(3),
		},
		"second shape, version that is no number": {
			state:  `{` + required + `,"state":"active","traits":"{\"email\":\"ada@example.org\"}","password_wo":null,"password_wo_version":"2026-q1"}`,
			traits: `{"email":"ada@example.org"}`, status: stateActive, warning: `Version is not a number: In the ory/ory provider, password_wo_version was "2026-q1"`,
		},
		"empty strings": {
			state: `{` + required + `,"state":"","traits":"","metadata_public":"","metadata_admin":" ","password":"","password_wo_version":""}`,
		},
		"JSON null": {
			state:  `{` + required + `,"traits":"{\"email\":\"ada@example.org\",\"phone\":null}","metadata_public":"null"}`,
			traits: `{"email":"ada@example.org"}`,
		},
		"numbers of any size": {
			state:  `{` + required + `,"traits":"{\"n\":12345678901234567890123.000000001}","metadata_public":"9007199254740993"}`,
			traits: `{"n":12345678901234567890123.000000001}`, public: `9007199254740993`,
		},
		"attributes of later versions": {
			state:  `{` + required + `,"traits":"{}","recovery":{"a":[1]},"password_hash":7}`,
			traits: `{}`,
		},
		"credentials of its own": {
			state:  `{` + required + `,"traits":"{}","project_slug":"lucid-babbage","project_api_key":"ory_pat_secret"}`,
			traits: `{}`, warning: `Identity has its own project: In the ory/ory provider, the identity ` + officialID + ` has its own project ("lucid-babbage")`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, state, diags := upgrade(t, test.state)
			if diags.HasError() {
				t.Fatal(diags)
			}
			for attribute, pair := range map[string][2]types.Dynamic{
				"traits":          {m.Traits, dynamic(t, test.traits)},
				"metadata_public": {m.MetadataPublic, dynamic(t, test.public)},
				"metadata_admin":  {m.MetadataAdmin, dynamic(t, test.admin)},
			} {
				if !jsonvalue.Equal(pair[0], pair[1]) {
					t.Errorf("%s is %s, want %s", attribute, pair[0], pair[1])
				}
			}
			if m.ID.ValueString() != officialID || m.SchemaID.ValueString() != "preset://email" ||
				!m.State.Equal(base.Optional(test.status)) {
				t.Errorf("id %s, schema_id %s, state %s", m.ID, m.SchemaID, m.State)
			}
			if p := m.password(); !p.value.Equal(test.password) || !p.version.Equal(test.version) || !p.valueWO.IsNull() {
				t.Errorf("password %q, version %s, write-only %s", p.value.ValueString(), p.version, p.valueWO)
			}
			if m.Credentials.IsNull() != (test.password.IsNull() && test.version.IsNull()) {
				t.Errorf("credentials are %s", m.Credentials)
			}
			if !m.SchemaURL.IsNull() || !m.Identifiers.IsNull() || !m.VerifiableAddresses.IsNull() || !m.Timeouts.IsNull() {
				t.Error("an attribute that the old state didn't have isn't null")
			}
			if strings.Contains(state.Raw.String(), "ory_pat_secret") {
				t.Error("the project's API key is in the state")
			}
			checkWarning(t, diags, test.warning)
		})
	}
}

func checkWarning(t *testing.T, diags diag.Diagnostics, want string) {
	t.Helper()
	switch {
	case want == "" && len(diags) > 0:
		t.Errorf("unexpected: %v", diags)
	case want != "" && (len(diags) != 1 || diags[0].Severity() != diag.SeverityWarning || !strings.Contains(diags[0].Summary()+": "+diags[0].Detail(), want)):
		t.Errorf("want one warning with %s, got %v", want, diags)
	}
	for _, d := range diags {
		if strings.Contains(d.Summary()+d.Detail(), "ory_pat_secret") {
			t.Error("the project's API key is in a diagnostic")
		}
	}
}

func TestOfficialState_errors(t *testing.T) {
	t.Parallel()
	const required = `"id":"` + officialID + `","schema_id":"preset://email"`
	for name, test := range map[string]struct{ state, want string }{
		"malformed traits":         {`{` + required + `,"traits":"{\"email\":"}`, "Malformed JSON in state: The attribute traits in the state of the ory/ory provider is not valid JSON"},
		"malformed metadata":       {`{` + required + `,"traits":"{}","metadata_public":"{} x"}`, "The attribute metadata_public in the state"},
		"malformed admin metadata": {`{` + required + `,"traits":"{}","metadata_admin":"hunter2"}`, "The attribute metadata_admin in the state"},
		"traits are no object":     {`{` + required + `,"traits":"[1]"}`, "The attribute traits in the state of the ory/ory provider contains JSON that is not an object"},
		"traits are no string":     {`{` + required + `,"traits":{"email":"ada@example.org"}}`, "Unknown state of the ory/ory provider: The state is not the state of an ory_identity that a known version of the ory/ory provider writes: its attribute traits is not a string"},
		"no id":                    {`{"schema_id":"preset://email","traits":"{}"}`, "it has no id"},
		"null id":                  {`{"id":null,"schema_id":"preset://email","traits":"{}"}`, "it has no id"},
		"no schema_id":             {`{"id":"` + officialID + `","traits":"{}"}`, "it has no schema_id"},
		"no object":                {`[]`, "it is not a JSON object"},
		"no JSON":                  {``, "it is not a JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, diags := upgrade(t, test.state)
			if !diags.HasError() || !strings.Contains(diags[0].Summary()+": "+diags[0].Detail(), test.want) {
				t.Errorf("want an error with %q, got %v", test.want, diags)
			}
			if strings.Contains(diags[0].Detail(), "hunter2") {
				t.Error("the error shows admin metadata")
			}
		})
	}
}

func TestIsOfficial(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"registry.terraform.io/ory/ory":      true,
		"registry.opentofu.org/ory/ory":      true,
		"ory/ory":                            true,
		"ory":                                true,
		"registry.terraform.io/d66889dc/ory": false,
		"registry.terraform.io/ory/hydra":    false,
		"registry.terraform.io/builtin/x":    false,
		"":                                   false,
	} {
		if got := isOfficial(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// privateStub simulates the private state with these keys.
type privateStub map[string]string

func (p privateStub) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return []byte(p[key]), nil
}

func TestRecordsPassword(t *testing.T) {
	t.Parallel()
	imported, ours := privateStub{importedKey: "true"}, privateStub{ownedKey: "{}"}
	with := func(password string, version int64, url string) model {
		p := passwordModel{value: base.Optional(password)}
		if version != 0 {
			p.version = types.Int64Value(version)
		}
		return modelWith(t, func(m *model) {
			m.SchemaURL = base.Optional(url)
			if p.isSet() {
				m.setPassword(p)
			}
		})
	}
	for name, test := range map[string]struct {
		private     privateStub
		state, plan model
		want        bool
	}{
		"of our own":                      {ours, with("", 0, "url"), with("new", 0, "url"), false},
		"imported":                        {imported, with("", 0, "url"), with("new", 0, "url"), true},
		"moved, same password":            {imported, with("old", 0, "url"), with("old", 0, "url"), true},
		"moved, other password":           {imported, with("old", 0, "url"), with("new", 0, "url"), false},
		"moved, other version":            {imported, with("", 1, "url"), with("", 2, "url"), false},
		"moved, from password to version": {imported, with("old", 0, "url"), with("", 1, "url"), true},
		"upgraded, not read":              {privateStub{}, with("", 0, ""), with("", 1, ""), true},
		"upgraded, not read, recorded":    {ours, with("", 1, ""), with("", 2, ""), false},
		"upgraded, not read, other":       {privateStub{}, with("", 1, ""), with("", 2, ""), false},
		"read, no record":                 {privateStub{}, with("", 0, "url"), with("", 1, "url"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			o := operation{state: test.state, plan: test.plan, diags: &diags}
			o.imported = o.recordsCredentials(t.Context(), test.private)
			if got := o.recordsPassword(); got != test.want || diags.HasError() {
				t.Errorf("%v, want %v; %v", got, test.want, diags)
			}
		})
	}
}
