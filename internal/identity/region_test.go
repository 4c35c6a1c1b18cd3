package identity

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// regionServer simulates a server later than v26.2, which stores a region. The Kratos of CI doesn't.
type regionServer struct {
	fakeServer
	knows bool
}

func (s *regionServer) PatchIdentity(
	ctx context.Context, id string, ops []kratos.PatchOperation,
) (*kratos.Identity, error) {
	for _, op := range ops {
		if op.Path == "/region" && s.knows {
			s.identity.Region = strings.Trim(strings.ReplaceAll(string(op.Value), "null", ""), `"`)
		}
	}
	return s.fakeServer.PatchIdentity(ctx, id, ops)
}

func TestRegion_update(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		knows         bool
		before, after string
		error         string
	}{
		"set":     {true, "", "eu-central", ""},
		"changed": {true, "eu-central", "us-east", ""},
		"dropped": {true, "eu-central", "", ""},
		"ignored": {false, "", "eu-central", "The attribute region needs a Kratos later than v26.2, or Ory Network"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &regionServer{knows: test.knows}
			u, diags := update(t, &server.fakeServer, func(plan *model) { plan.Region = base.Optional(test.after) })
			u.client = server
			u.state.Region = base.Optional(test.before)
			server.identity.Region = test.before
			u.patch(t.Context())
			if test.error != "" {
				if !diags.HasError() || !strings.Contains(diags.Errors()[0].Detail(), test.error) || !u.plan.Region.IsNull() {
					t.Errorf("%v, saved %s", diags, u.plan.Region)
				}
				return
			}
			if diags.HasError() || server.identity.Region != test.after || len(server.patches) != 1 {
				t.Errorf("%v, the server has %q after %v", diags, server.identity.Region, server.patches)
			}
		})
	}
}

func TestRegion_createAndRead(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	o := &operation{plan: model{Region: types.StringValue("eu-central")}, diags: &diags}
	var body kratos.CreateIdentityBody
	region.create(t.Context(), o, &body)
	raw, err := json.Marshal(body)
	if err != nil || !strings.Contains(string(raw), `"region":"eu-central"`) {
		t.Errorf("the body is %s; %v", raw, err)
	}
	m := emptyModel(t)
	region.refresh(&m, &kratos.Identity{Region: "us-east"}, nil, &diags)
	if m.Region.ValueString() != "us-east" {
		t.Errorf("read %s", m.Region)
	}
}

func TestRegion_unknownToServer(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	answer := &kratos.Error{StatusCode: 400, Message: `json: unknown field "region"`}
	if !region.refused(t.Context(), failure{}, answer, &diags) {
		t.Fatal("the refusal is not about region")
	}
	on, ok := diags.Errors()[0].(diag.DiagnosticWithPath)
	if !ok || on.Path().String() != "region" || !strings.Contains(on.Detail(), "later than v26.2") {
		t.Error(diags)
	}
}
