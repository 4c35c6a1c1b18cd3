package identity

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// fakeServer simulates a later version of the server with one identity, and records the requests. It tests external_id
// and organization_id, which the Kratos of CI doesn't support.
type fakeServer struct {
	client
	identity kratos.Identity
	patches  []string
	puts     []kratos.UpdateIdentityBody
	ignores  bool            // answers with success but changes nothing, as versions before v25.4 do with external_id
	fails    error           // the answer to the next patch
	owner    kratos.Identity // the answer to a lookup by external_id
	ended    int             // how often the sessions were ended
}

func (f *fakeServer) GetIdentityByExternalID(context.Context, string) (*kratos.Identity, error) {
	if f.owner.ID == "" {
		return nil, &kratos.Error{StatusCode: http.StatusNotFound}
	}
	return &f.owner, nil
}

func (f *fakeServer) DeleteIdentitySessions(context.Context, string) error {
	f.ended++
	return nil
}

func (f *fakeServer) GetIdentity(context.Context, string, ...string) (*kratos.Identity, error) {
	identity := f.identity
	return &identity, nil
}

func (f *fakeServer) PatchIdentity(
	ctx context.Context,
	id string,
	ops []kratos.PatchOperation,
) (*kratos.Identity, error) {
	raw, err := json.Marshal(ops)
	if err != nil {
		return nil, err
	}
	f.patches = append(f.patches, string(raw))
	if f.fails != nil {
		err, f.fails = f.fails, nil
		return nil, err
	}
	for _, op := range ops {
		if op.Path == "/external_id" && !f.ignores {
			f.identity.ExternalID = strings.Trim(strings.ReplaceAll(string(op.Value), "null", ""), `"`)
		}
	}
	return f.GetIdentity(ctx, id)
}

func (f *fakeServer) UpdateIdentity(
	ctx context.Context,
	id string,
	build func(*kratos.Identity) (kratos.UpdateIdentityBody, bool),
) (*kratos.Identity, error) {
	current := f.identity
	body, _ := build(&current)
	f.puts = append(f.puts, body)
	return f.GetIdentity(ctx, id)
}

// update returns an update of an identity whose plan equals its state except for what change modifies.
func update(t *testing.T, server *fakeServer, change func(plan *model)) (*updater, *diag.Diagnostics) {
	t.Helper()
	var diags diag.Diagnostics
	u := &updater{operation: &operation{client: server, schemas: noSchemas{}, diags: &diags}}
	u.state = modelWith(t, func(state *model) {
		state.ID, state.SchemaID = types.StringValue(
			"9f425a8d-7efc-4768-8f23-7647a74fdf13",
		), types.StringValue(
			"preset://email",
		)
		state.Traits, state.State = dynamic(t, `{"email":"ada@example.org"}`), types.StringValue("active")
	})
	u.plan = u.state
	change(&u.plan)
	u.config = u.plan
	server.identity.SchemaID, server.identity.State = "preset://email", "active"
	server.identity.Traits = json.RawMessage(`{"email":"ada@example.org"}`)
	return u, &diags
}

func TestUpdate_keepsUnowned(t *testing.T) {
	t.Parallel()
	server := &fakeServer{identity: kratos.Identity{
		ExternalID: "crm-1", OrganizationID: "3fa85f64-5717-4562-b3fc-2c963f66afa6", MetadataAdmin: json.RawMessage(`{"app":12345678901234567890}`),
	}}
	u, diags := update(t, server, func(plan *model) {
		plan.Traits = dynamic(t, `{"email":"ada@example.org","name":"Ada"}`)
		plan.setPassword(passwordModel{value: types.StringValue("a new password")})
	})
	if !u.patch(t.Context()) || !u.setCredentials(t.Context()) || diags.HasError() {
		t.Fatal(diags)
	}
	if want := `[{"op":"add","path":"/traits/name","value":"Ada"}]`; len(server.patches) != 1 ||
		server.patches[0] != want {
		t.Errorf("patches %v, want one, %s", server.patches, want)
	}
	if len(server.puts) != 1 {
		t.Fatalf("%d PUTs", len(server.puts))
	}
	put := server.puts[0]
	if put.ExternalID != "crm-1" ||
		!jsonvalue.EqualJSON(put.MetadataAdmin, json.RawMessage(`{"app":12345678901234567890}`)) ||
		put.State != "" {
		t.Errorf("the PUT clears what the server has: %+v", put)
	}
	if put.Credentials.Password.Config.Password != "a new password" {
		t.Error("the PUT doesn't have the password")
	}
}

func TestUpdate_externalID(t *testing.T) {
	t.Parallel()
	set := func(plan *model) { plan.ExternalID = types.StringValue("crm-2") }
	for name, test := range map[string]struct {
		server *fakeServer
		before string
		change func(*model)
		want   string // in the saved model
		error  string
	}{
		"set":     {&fakeServer{}, "", set, "crm-2", ""},
		"changed": {&fakeServer{identity: kratos.Identity{ExternalID: "crm-1"}}, "crm-1", set, "crm-2", ""},
		"dropped": {
			&fakeServer{identity: kratos.Identity{ExternalID: "crm-1"}}, "crm-1",
			func(plan *model) { plan.ExternalID = types.StringNull() }, "", "",
		},
		"ignored by the server": {&fakeServer{ignores: true}, "", set, "", "needs Kratos v25.4 or later"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, diags := update(t, test.server, test.change)
			u.state.ExternalID = base.Optional(test.before)
			u.patch(t.Context())
			if got := u.plan.ExternalID.ValueString(); got != test.want {
				t.Errorf("saved %q, want %q", got, test.want)
			}
			if test.error == "" && diags.HasError() ||
				test.error != "" && !strings.Contains(diags.Errors()[0].Detail(), test.error) {
				t.Error(diags)
			}
			if test.error == "" && test.server.identity.ExternalID != test.want {
				t.Errorf("the server has %q", test.server.identity.ExternalID)
			}
		})
	}
}

func TestUpdate_lostAnswer(t *testing.T) {
	t.Parallel()
	server := &fakeServer{fails: &kratos.Error{StatusCode: 0, Message: "connection reset"}}
	u, diags := update(t, server, func(plan *model) { plan.ExternalID = types.StringValue("crm-2") })
	if u.patch(t.Context()) || len(server.patches) != 1 || !diags.HasError() {
		t.Errorf("a failure that isn't a lost answer was repeated: %v", server.patches)
	}

	server = &fakeServer{fails: errors.Join(errors.New("connection reset"), kratos.ErrOutcomeUnknown)}
	u, diags = update(t, server, func(plan *model) { plan.ExternalID = types.StringValue("crm-2") })
	if !u.patch(t.Context()) || len(server.patches) != 2 || diags.HasError() {
		t.Errorf("a lost request was not sent again: %v %v", server.patches, diags)
	}

	server = &fakeServer{fails: errors.Join(errors.New("connection reset"), kratos.ErrOutcomeUnknown)}
	u, diags = update(t, server, func(plan *model) { plan.ExternalID = types.StringValue("crm-2") })
	server.identity.ExternalID = "crm-2" // the server had carried out the request
	if !u.patch(t.Context()) || len(server.patches) != 0 || diags.HasError() {
		t.Errorf("what the server has was sent again: %v %v", server.patches, diags)
	}
}

func TestUpdate_setForList(t *testing.T) {
	t.Parallel()
	server := &fakeServer{}
	u, diags := update(t, server, func(plan *model) {
		plan.Traits = types.DynamicValue(types.ObjectValueMust(
			map[string]attr.Type{"tags": types.SetType{ElemType: types.StringType}, "name": types.StringType},
			map[string]attr.Value{
				"tags": types.SetValueMust(types.StringType, []attr.Value{types.StringValue("a"), types.StringValue("b")}),
				"name": types.StringValue("new"),
			},
		))
	})
	u.state.Traits = dynamic(t, `{"tags":["b","a"],"name":"old"}`)
	server.identity.Traits = json.RawMessage(`{"tags":["b","a","theirs"],"name":"old"}`)
	if !u.patch(t.Context()) || diags.HasError() {
		t.Fatal(diags)
	}
	if want := `[{"op":"replace","path":"/traits/name","value":"new"}]`; server.patches[0] != want {
		t.Errorf("sent %s, want %s", server.patches[0], want)
	}
}

// The error of a conflict is on the attribute that both identities have, and names the other identity.
func TestConflict_externalID(t *testing.T) {
	t.Parallel()
	for want, owner := range map[string]kratos.Identity{
		"The other identity is 1815": {ID: "1815", ExternalID: "crm-2"},
		"ignored the filter":         {ID: "1815", ExternalID: "crm-1"},
		"can't be read":              {},
	} {
		server := &fakeServer{fails: &kratos.Error{StatusCode: 409}, owner: owner}
		u, diags := update(t, server, func(plan *model) { plan.ExternalID = types.StringValue("crm-2") })
		u.patch(t.Context())
		on, ok := diags.Errors()[0].(diag.DiagnosticWithPath)
		if !ok || on.Path().String() != "external_id" || !strings.Contains(on.Detail(), want) {
			t.Errorf("want %q: %v", want, diags)
		}
	}
}

// noSchemas has no schema.
type noSchemas struct{}

var errNoSchema = errors.New("the schema can't be read")

func (noSchemas) Get(context.Context, string) (*traitschema.Schema, error) { return nil, errNoSchema }

func (noSchemas) Require(context.Context, string) (*traitschema.Schema, error) {
	return nil, errNoSchema
}

// neverArrives loses every patch. landed makes the last one arrive.
type neverArrives struct {
	*fakeServer
	landed bool
}

func (n *neverArrives) PatchIdentity(
	ctx context.Context,
	id string,
	ops []kratos.PatchOperation,
) (*kratos.Identity, error) {
	page := errors.Join(&kratos.Error{StatusCode: 403, Message: "a page"}, kratos.ErrOutcomeUnknown)
	if n.landed && len(n.patches) == maxPatches-1 {
		_, err := n.fakeServer.PatchIdentity(ctx, id, ops)
		return nil, errors.Join(err, page)
	}
	n.patches = append(n.patches, "lost")
	return nil, page
}

// After the last answer that isn't Kratos', the identity is read once more: the update is done, or the error says that
// the change wasn't made.
func TestUpdate_readAfterLastAttempt(t *testing.T) {
	t.Parallel()
	for _, landed := range []bool{true, false} {
		server := &neverArrives{fakeServer: &fakeServer{}, landed: landed}
		u, diags := update(t, server.fakeServer, func(plan *model) { plan.ExternalID = types.StringValue("crm-2") })
		u.client = server
		if u.patch(t.Context()) != landed || len(server.patches) != maxPatches || diags.HasError() == landed {
			t.Errorf("landed: %v, %d patches: %v", landed, len(server.patches), diags)
		}
		if !landed && (diags.Errors()[0].Summary() != "Failed to update identity" ||
			!strings.Contains(diags.Errors()[0].Detail(), "does not have the change. Apply again.")) {
			t.Errorf("%v", diags)
		}
	}
}

// If a deactivation fails, the error says whether the person can sign in, and the sessions end if they must end.
func TestUpdate_stillActive(t *testing.T) {
	t.Parallel()
	refused := &kratos.Error{StatusCode: 400, Reason: "no"}
	lost := errors.Join(errors.New("reset"), kratos.ErrOutcomeUnknown)
	on := types.SetValueMust(types.StringType, []attr.Value{types.StringValue(revokeOnDeactivation)})
	for name, test := range map[string]struct {
		fails  error
		revoke types.Set
		says   string
		ended  int
	}{
		"refused":          {refused, on, "The identity is still active: the person can sign in. Its sessions were ended.", 1},
		"refused, no wish": {refused, types.SetNull(types.StringType), "still active: the person can sign in. The sessions were not ended.", 0},
		"not sent":         {errors.Join(errors.New("refused"), kratos.ErrUnreachable), on, "still active: the person can sign in. The sessions could not be ended either", 0},
		"lost":             {lost, on, "It is not known whether the identity is inactive now", 0}, // Update ends them
	} {
		server := &fakeServer{fails: test.fails, identity: kratos.Identity{State: stateActive}}
		u, diags := update(t, server, func(plan *model) {
			plan.State, plan.RevokeSessionsOn = types.StringValue(stateInactive), test.revoke
		})
		ctx, cancel := context.WithCancel(t.Context())
		if name == "lost" {
			cancel() // else the request is repeated
		}
		defer cancel()
		if u.patch(ctx) || server.ended != test.ended {
			t.Errorf("%s: the sessions were ended %d times", name, server.ended)
		}
		last := diags.Errors()[diags.ErrorsCount()-1]
		if !strings.Contains(last.Detail(), test.says) {
			t.Errorf("%s: %s", name, last.Detail())
		}
		if on, ok := last.(diag.DiagnosticWithPath); !ok || on.Path().String() != "state" {
			t.Errorf("%s: it isn't on the state: %v", name, last)
		}
	}
}
