package identity

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// someURL is the URL of an authenticator app.
const someURL = "otpauth://totp/Example:ada@example.org?secret=JBSWY3DPEHPK3PXP&issuer=Example"

// objectOf returns an object of a type whose other members are null.
func objectOf(of attr.Type, values map[string]attr.Value) types.Object {
	memberTypes := of.(attr.TypeWithAttributeTypes).AttributeTypes()
	members := map[string]attr.Value{}
	for name, memberType := range memberTypes {
		members[name] = memberType.ValueType(context.Background()) // null
	}
	for name, value := range values {
		members[name] = value
	}
	return types.ObjectValueMust(memberTypes, members)
}

func memberOf(f factor, values map[string]attr.Value) types.Object {
	return objectOf(f.form.attribute().GetType(), values)
}

// setTOTP configures an authenticator app in the state ("") or write-only with a version.
func (m *model) setTOTP(url, urlWO string, version int64) {
	values := map[string]attr.Value{"url": base.Optional(url), "url_wo": base.Optional(urlWO)}
	if version != 0 {
		values["wo_version"] = types.Int64Value(version)
	}
	m.setCredential(totp.kind, memberOf(totp, values))
}

func textsOf(values ...string) types.List {
	elements := make([]attr.Value, 0, len(values))
	for _, value := range values {
		elements = append(elements, types.StringValue(value))
	}
	return types.ListValueMust(types.StringType, elements)
}

// passkeyList returns passkeys with these ids.
func passkeyList(ids ...string) types.List {
	keyType := passkey.form.attribute().Attributes["credentials"].GetType().(types.ListType).ElemType
	var keys []attr.Value
	for _, id := range ids {
		values := map[string]attr.Value{"id": types.StringValue(id), "public_key": types.StringValue("Ag==")}
		keys = append(keys, objectOf(keyType, values))
	}
	return types.ListValueMust(keyType, keys)
}

// Kratos takes any URL, and checks 6 digits of SHA-1 every 30 seconds whatever the URL says.
func TestTOTP_problem(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		someURL: "",
		"otpauth://totp/x?secret=jbswy3dpehpk3pxp&digits=6&period=30&algorithm=sha1":       "",
		"otpauth://totp/x?secret=MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYTEMZUGU======": "",
		"https://example.org/?secret=JBSWY3DPEHPK3PXP":                                     "scheme otpauth",
		"otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP":                                         "time-based",
		"otpauth://totp/x":                                          "no secret",
		"otpauth://totp/x?secret=not-base-32!":                      "no secret",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=8":         "another digits than 6",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=60":        "another period than 30",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=SHA256": "another algorithm than SHA1",
	} {
		got := totpProblem(url)
		if want == "" && got != "" || !strings.Contains(got, want) || strings.Contains(got, "JBSWY3DPEHPK3PXP") {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}

// Values that nobody could sign in with are refused on their attribute.
func TestFactor_check(t *testing.T) {
	t.Parallel()
	keyType := webauthn.form.attribute().Attributes["credentials"].GetType().(types.ListType).ElemType
	key := func(id string) attr.Value {
		return objectOf(keyType, map[string]attr.Value{"id": types.StringValue(id), "public_key": types.StringValue("Ag==")})
	}
	keys := func(all ...attr.Value) attr.Value { return types.ListValueMust(keyType, all) }
	onePasskey := passkeyList("AQ==")
	for name, test := range map[string]struct {
		factor factor
		values map[string]attr.Value
		at     string // "" for no error
	}{
		"url":              {totp, map[string]attr.Value{"url": types.StringValue(someURL)}, ""},
		"unknown url":      {totp, map[string]attr.Value{"url": types.StringUnknown()}, ""},
		"no url":           {totp, nil, "credentials.totp"},
		"bad url":          {totp, map[string]attr.Value{"url_wo": types.StringValue("x")}, "credentials.totp.url_wo"},
		"codes":            {lookupSecret, map[string]attr.Value{"codes": textsOf("a", "b")}, ""},
		"no codes":         {lookupSecret, map[string]attr.Value{"codes": textsOf()}, "credentials.lookup_secret.codes"},
		"code given twice": {lookupSecret, map[string]attr.Value{"codes": textsOf("a", "a")}, "credentials.lookup_secret.codes"},
		"empty code":       {lookupSecret, map[string]attr.Value{"codes_wo": textsOf("")}, "credentials.lookup_secret.codes_wo"},
		"null codes":       {lookupSecret, nil, "credentials.lookup_secret"},
		"keys":             {webauthn, map[string]attr.Value{"credentials": keys(key("AQ=="), key("Ag=="))}, ""},
		"base64url":        {webauthn, map[string]attr.Value{"credentials": keys(key("_-8="))}, "credentials.webauthn.credentials[0].id"},
		"no padding":       {webauthn, map[string]attr.Value{"credentials": keys(key("AQ"))}, "credentials.webauthn.credentials[0].id"},
		"key given twice":  {webauthn, map[string]attr.Value{"credentials": keys(key("AQ=="), key("AQ=="))}, "credentials.webauthn.credentials[1].id"},
		"no keys":          {webauthn, map[string]attr.Value{"credentials": keys()}, "credentials.webauthn.credentials"},
		"handle":           {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("YWRh")}, ""},
		"binary handle":    {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("//79")}, "credentials.passkey.user_handle"},
		"handle with NUL":  {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("AA==")}, "credentials.passkey.user_handle"},
		"empty handle":     {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("")}, "credentials.passkey.user_handle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			test.factor.form.check(test.factor.path(), memberOf(test.factor, test.values), &diags)
			if test.at == "" {
				if diags.HasError() {
					t.Error(diags)
				}
				return
			}
			if len(diags) != 1 {
				t.Fatalf("%d errors: %v", len(diags), diags)
			}
			if on, ok := diags[0].(diag.DiagnosticWithPath); !ok || on.Path().String() != test.at {
				t.Errorf("%v, want it on %s", diags[0], test.at)
			}
		})
	}
}

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
	if on, ok := c.diags.Errors()[0].(diag.DiagnosticWithPath); !ok || !on.Path().Equal(totp.path()) {
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

// After an import a configured factor is recorded, not sent.
func TestFactor_imported(t *testing.T) {
	t.Parallel()
	o := operation{imported: true, state: emptyModel(t), diags: &diag.Diagnostics{}}
	o.plan = modelWith(t, func(plan *model) { plan.setTOTP("", "", 1) })
	o.config = modelWith(t, func(config *model) { config.setTOTP("", someURL, 1) })
	if ops := totp.patch(&o, &kratos.Identity{}); totp.effect(&o) != unchanged || len(ops) > 0 {
		t.Errorf("%v, %v", totp.effect(&o), ops)
	}
	totp.check(t.Context(), &o)
	if len(*o.diags) != 1 || o.diags.HasError() || !strings.Contains((*o.diags)[0].Summary(), "not sent after import") {
		t.Error(o.diags)
	}
	o.imported = false
	if ops := totp.patch(&o, &kratos.Identity{}); totp.effect(&o) != patched || len(ops) != 1 {
		t.Errorf("%v, %v", totp.effect(&o), ops)
	}
}

// A dropped secret is removed only if Terraform has set it and the person hasn't replaced it.
func TestFactor_drop(t *testing.T) {
	t.Parallel()
	mark := []string{kratos.Fingerprint(someURL)}
	for name, test := range map[string]struct {
		owned   []string
		has     string
		removed bool
	}{
		"set by Terraform": {mark, someURL, true},
		"replaced":         {mark, "otpauth://totp/x?secret=MFRGGZDF", false},
		"never set":        {nil, someURL, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &factorServer{patches: true}
			server.identity = kratos.Identity{ID: "x", Credentials: map[string]kratos.Credential{
				"totp": {Type: "totp", Known: true, Fingerprint: kratos.Fingerprint(test.has)},
			}}
			o := operation{client: server, plan: emptyModel(t), diags: &diag.Diagnostics{}}
			o.state = modelWith(t, func(state *model) { state.setTOTP("", "", 1) })
			o.owned.setFactor(totp.kind, test.owned)
			if !totp.remove(t.Context(), &o, func() {}) || o.diags.HasError() {
				t.Fatal(o.diags)
			}
			if len(server.deleted) > 0 != test.removed {
				t.Errorf("deleted %v", server.deleted)
			}
			if len(o.owned.Factors) > 0 {
				t.Errorf("still owns %v", o.owned.Factors)
			}
		})
	}
}

// A server that keeps what it was asked to delete is an error, and the plan shows the rest.
func TestFactor_dropIgnored(t *testing.T) {
	t.Parallel()
	server := &factorServer{keeps: true}
	mark := kratos.Fingerprint(someURL)
	server.identity = kratos.Identity{ID: "x", Credentials: map[string]kratos.Credential{
		"totp": {Type: "totp", Known: true, Fingerprint: mark},
	}}
	o := operation{client: server, plan: emptyModel(t), diags: &diag.Diagnostics{}}
	o.state = modelWith(t, func(state *model) { state.setTOTP("", "", 1) })
	o.owned.setFactor(totp.kind, []string{mark})
	held := o.plan
	totp.held(&o, &held)
	if totp.remove(t.Context(), &o, func() {}) || !o.diags.HasError() || totp.of(&held).IsNull() ||
		len(o.owned.Factors) != 1 {
		t.Errorf("%v, held %s, owns %v", o.diags, held.Credentials, o.owned.Factors)
	}
}

// keyServer has passkeys and records patches.
func keyServer(has ...string) *factorServer {
	server := &factorServer{patches: true}
	var keys []kratos.StoredKey
	for _, id := range has {
		keys = append(keys, kratos.StoredKey{ID: id, IsPasswordless: true})
	}
	server.identity = kratos.Identity{ID: "x", Credentials: map[string]kratos.Credential{
		"passkey":  {Type: "passkey", Identifiers: []string{"theirs"}, Known: true, IsSet: true, Keys: keys},
		"password": {Type: "password", Identifiers: []string{"ada"}, Known: true, IsSet: true},
	}}
	return server
}

// Keys are merged with those that the person has, and no key of the person is touched.
func TestKeys_operations(t *testing.T) {
	t.Parallel()
	plan := memberOf(passkey, map[string]attr.Value{
		"credentials": passkeyList("AQ==", "Ag==", "Aw=="), "user_handle": types.StringValue("YWRh"),
	})
	state := memberOf(passkey, map[string]attr.Value{
		"credentials": passkeyList("Aw=="), "user_handle": types.StringValue("YWRh"),
	})
	server := keyServer("theirs", "Ag==", "Aw==")
	ops, err := passkey.form.operations("x", plan, state, server.identity.Credentials["passkey"])
	var got []string
	for _, op := range ops {
		got = append(got, op.Op+" "+op.Path)
	}
	want := "add /credentials/passkey/config/credentials/-, replace /credentials/passkey/config/credentials/1, " +
		"add /credentials/passkey/identifiers, add /credentials/passkey/config/user_handle"
	if err != nil || strings.Join(got, ", ") != want {
		t.Errorf("%v, %v\nwant %s", got, err, want)
	}
	if string(ops[2].Value) != `["theirs","ada"]` {
		t.Errorf("identifiers %s", ops[2].Value)
	}
}

func TestKeys_removal(t *testing.T) {
	t.Parallel()
	form := keyForm{"passkey"}
	for name, test := range map[string]struct {
		has, marks []string
		want       string
	}{
		"some": {[]string{"a", "b", "c"}, []string{"a", "c"}, "/credentials/passkey/config/credentials/2 /credentials/passkey/config/credentials/0"},
		"all":  {[]string{"a", "b"}, []string{"a", "b", "gone"}, "/credentials/passkey"},
	} {
		var paths []string
		for _, op := range form.removal(keyServer(test.has...).identity.Credentials["passkey"], test.marks) {
			paths = append(paths, op.Path)
		}
		if got := strings.Join(paths, " "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if form.finds(keyServer("theirs").identity.Credentials["passkey"], []string{"a"}) {
		t.Error("found a key that the identity doesn't have")
	}
}

// The answer to a removal is lost: the identity is read again, and what is left is removed.
func TestKeys_dropLostAnswer(t *testing.T) {
	t.Parallel()
	server := keyServer("a")
	server.fails = errors.Join(errors.New("reset"), kratos.ErrOutcomeUnknown)
	o := operation{client: server, plan: emptyModel(t), diags: &diag.Diagnostics{}}
	o.state = modelWith(t, func(state *model) {
		state.setCredential(passkey.kind, memberOf(passkey, map[string]attr.Value{"credentials": passkeyList("a")}))
	})
	o.owned.setFactor(passkey.kind, []string{"a"})
	if passkey.remove(t.Context(), &o, func() {}) || len(server.fakeServer.patches) != maxPatches {
		t.Errorf("%v, %v", o.diags, server.fakeServer.patches) // this server keeps it
	}
}
