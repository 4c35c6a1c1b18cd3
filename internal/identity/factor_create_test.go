package identity

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// factorServer simulates a server that creates and patches one identity, and records the requests.
type factorServer struct {
	fakeServer
	imports bool // a create takes factors
	patches bool // a JSON Patch changes a part of a credential
	keeps   bool // a deletion has no effect

	ignoresFactors bool // a JSON Patch that sets a credential succeeds without an effect

	created []string
	deleted []string
}

func (s *factorServer) CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	s.created = append(s.created, string(raw))
	if kinds := body.Credentials.Factors(); len(kinds) > 0 && !s.imports {
		return nil, &kratos.Error{StatusCode: 400, Message: `json: unknown field "` + kinds[0] + `"`}
	}
	s.identity.ID, s.identity.SchemaID = "9f425a8d-7efc-4768-8f23-7647a74fdf13", body.SchemaID
	s.identity.Traits, s.identity.State = body.Traits, body.State
	s.identity.Credentials = map[string]kratos.Credential{}
	for _, kind := range body.Credentials.Factors() {
		s.identity.Credentials[kind] = kratos.Credential{Type: kind}
	}
	return s.GetIdentity(ctx, "")
}

func (s *factorServer) PatchIdentity(
	ctx context.Context, id string, ops []kratos.PatchOperation,
) (*kratos.Identity, error) {
	for _, op := range ops {
		kind, ok := strings.CutPrefix(op.Path, "/credentials/")
		if ok && op.Op == kratos.OpAdd && s.fails == nil && !s.ignoresFactors {
			s.identity.Credentials[kind] = kratos.Credential{Type: kind}
		}
		if op.Path == "/state" && s.fails == nil {
			s.identity.State = strings.Trim(string(op.Value), `"`)
		}
	}
	return s.fakeServer.PatchIdentity(ctx, id, ops)
}

func (s *factorServer) ListIdentities(
	_ context.Context, opts kratos.ListIdentitiesOptions,
) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		if len(opts.IncludeCredential) == 1 && opts.IncludeCredential[0] == kratos.CredentialSAML && !s.patches {
			yield(nil, &kratos.Error{StatusCode: 400, Reason: "Invalid value for parameter `include_credential`."})
		}
	}
}

func (s *factorServer) DeleteCredential(_ context.Context, _, kind, _ string) error {
	s.deleted = append(s.deleted, kind)
	if !s.keeps {
		delete(s.identity.Credentials, kind)
	}
	return nil
}

func (*factorServer) Earliest() time.Time { return time.Time{} }

func (*factorServer) NoteCreation(string) {}

// newOf makes a value of a type that this package can't name.
func newOf[T any](*T) *T { return new(T) }

// createWith runs a create of an active identity with an authenticator app.
func createWith(t *testing.T, server client) (c creator, saved model) {
	t.Helper()
	c = create(t, server, emailSchema, func(plan *model) {
		plan.ID, plan.State = types.StringUnknown(), types.StringValue(stateActive)
		plan.setTOTP(someURL, "", 0)
	})
	resp := resource.CreateResponse{
		State: tfsdk.State{Schema: resourceSchema(t.Context()), Raw: nullObject()}, Diagnostics: *c.diags,
	}
	resp.Private = newOf(resp.Private)
	if !c.prepareFactors(t.Context()) {
		return c, saved
	}
	identity := c.create(t.Context())
	if identity == nil {
		return c, saved
	}
	c.save(t.Context(), &resp, identity)
	if c.staged {
		c.completeFactors(t.Context(), &resp, identity)
	}
	return c, decode(t.Context(), resp.State.Raw, c.diags)
}

const totpImport = `"credentials":{"totp":{"config":{"totp_url":"` + someURL + `"}}}`

// A server that takes factors with a create gets one request.
func TestFactor_createdAtOnce(t *testing.T) {
	t.Parallel()
	server := &factorServer{imports: true, patches: true}
	c, saved := createWith(t, server)
	raw := strings.ReplaceAll(strings.Join(server.created, "\n"), `\u0026`, "&")
	if c.diags.HasError() || len(server.created) != 1 || !strings.Contains(raw, totpImport) ||
		!strings.Contains(raw, `"state":"active"`) || len(server.fakeServer.patches) > 0 {
		t.Errorf("%v: %s, %v", c.diags, raw, server.fakeServer.patches)
	}
	if totp.of(&saved).IsNull() || len(c.owned.Factors[totp.kind]) != 1 {
		t.Errorf("saved %s, owns %v", saved.Credentials, c.owned.Factors)
	}
}

// Elsewhere the identity is inactive until a patch has given it the factor.
func TestFactor_createStaged(t *testing.T) {
	t.Parallel()
	server := &factorServer{patches: true}
	c, saved := createWith(t, server)
	if c.diags.HasError() || len(server.created) != 2 {
		t.Fatalf("%v: %v", c.diags, server.created)
	}
	if staged := server.created[1]; strings.Contains(staged, "totp") || !strings.Contains(staged, `"state":"inactive"`) {
		t.Errorf("the second create is %s", staged)
	}
	id := server.identity.ID
	want := `[{"op":"add","path":"/credentials/totp","value":{"config":{"totp_url":"` + someURL + `"},"identifiers":["` + id +
		`"],"type":"totp"}}]` + "\n" + `[{"op":"replace","path":"/state","value":"active"}]`
	if got := strings.ReplaceAll(strings.Join(server.fakeServer.patches, "\n"), `\u0026`, "&"); got != want {
		t.Errorf("patches %s, want %s", got, want)
	}
	if totp.of(&saved).IsNull() || saved.State.ValueString() != stateActive || len(c.owned.Factors[totp.kind]) != 1 {
		t.Errorf("saved %s %s, owns %v", saved.State, saved.Credentials, c.owned.Factors)
	}
	// The next create of the walk knows.
	next := create(t, server, emailSchema, func(plan *model) { plan.setTOTP(someURL, "", 0) })
	next.data = c.data
	if !next.prepareFactors(t.Context()) || !next.staged || len(next.body.Credentials.Factors()) > 0 {
		t.Errorf("%+v; %v", next.body, next.diags)
	}
}

// If the patch is refused, an inactive identity stays, and the state says so.
func TestFactor_stagedPatchRefused(t *testing.T) {
	t.Parallel()
	server := &factorServer{patches: true}
	server.fails = &kratos.Error{StatusCode: 400, Reason: "no"}
	c, saved := createWith(t, server)
	if !c.diags.HasError() || server.identity.State != stateInactive {
		t.Fatalf("%v: %s", c.diags, server.identity.State)
	}
	if saved.ID.ValueString() != server.identity.ID || saved.State.ValueString() != stateInactive ||
		!totp.of(&saved).IsNull() || len(c.owned.Factors) > 0 {
		t.Errorf("saved %s %s %s, owns %v", saved.ID, saved.State, saved.Credentials, c.owned.Factors)
	}
	last := c.diags.Errors()[len(c.diags.Errors())-1]
	if !strings.Contains(last.Detail(), "inactive") || !strings.Contains(last.Detail(), "untaint") {
		t.Error(last)
	}
}

// A server that ignores the factor gets no active identity.
func TestFactor_stagedPatchIgnored(t *testing.T) {
	t.Parallel()
	server := &factorServer{ignoresFactors: true}
	c, saved := createWith(t, server)
	if !c.diags.HasError() || server.identity.State != stateInactive || saved.State.ValueString() != stateInactive {
		t.Fatalf("%v: %s, saved %s", c.diags, server.identity.State, saved.State)
	}
	if on, ok := c.diags.Errors()[0].(diag.DiagnosticWithPath); !ok || !on.Path().Equal(totp.path()) ||
		on.Summary() != "Credential ignored by the server" {
		t.Error(c.diags)
	}
}

// A server that can't set passkeys creates nothing.
func TestFactor_nothingCreated(t *testing.T) {
	t.Parallel()
	server := &factorServer{}
	c := create(t, server, emailSchema, func(plan *model) {
		plan.setCredential(passkey.kind, memberOf(passkey, map[string]attr.Value{
			"credentials": passkeyList("AQ=="), "user_handle": types.StringValue("YWRh"),
		}))
	})
	if !c.prepareFactors(t.Context()) || c.create(t.Context()) != nil || server.identity.ID != "" || !c.diags.HasError() {
		t.Fatalf("created %v, %v", server.created, c.diags)
	}
	on, ok := c.diags.Errors()[0].(diag.DiagnosticWithPath)
	if !ok || !on.Path().Equal(passkey.path()) || !strings.Contains(on.Detail(), sinceV25) {
		t.Error(c.diags)
	}
}
