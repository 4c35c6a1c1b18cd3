package identity

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
		says   string // the summary
	}{
		"url":              {totp, map[string]attr.Value{"url": types.StringValue(someURL)}, "", ""},
		"unknown url":      {totp, map[string]attr.Value{"url": types.StringUnknown()}, "", ""},
		"no url":           {totp, nil, "credentials.totp", "Empty credential"},
		"bad url":          {totp, map[string]attr.Value{"url_wo": types.StringValue("x")}, "credentials.totp.url_wo", "Invalid TOTP URL"},
		"codes":            {lookupSecret, map[string]attr.Value{"codes": textsOf("a", "b")}, "", ""},
		"no codes":         {lookupSecret, map[string]attr.Value{"codes": textsOf()}, "credentials.lookup_secret.codes", "Invalid lookup secrets"},
		"code given twice": {lookupSecret, map[string]attr.Value{"codes": textsOf("a", "a")}, "credentials.lookup_secret.codes", "Invalid lookup secrets"},
		"empty code":       {lookupSecret, map[string]attr.Value{"codes_wo": textsOf("")}, "credentials.lookup_secret.codes_wo", "Invalid lookup secrets"},
		"null codes":       {lookupSecret, nil, "credentials.lookup_secret", "Empty credential"},
		"keys":             {webauthn, map[string]attr.Value{"credentials": keys(key("AQ=="), key("Ag=="))}, "", ""},
		"base64url":        {webauthn, map[string]attr.Value{"credentials": keys(key("_-8="))}, "credentials.webauthn.credentials[0].id", "Value is not base64"},
		"no padding":       {webauthn, map[string]attr.Value{"credentials": keys(key("AQ"))}, "credentials.webauthn.credentials[0].id", "Value is not base64"},
		"key given twice":  {webauthn, map[string]attr.Value{"credentials": keys(key("AQ=="), key("AQ=="))}, "credentials.webauthn.credentials[1].id", "Duplicate key"},
		"no keys":          {webauthn, map[string]attr.Value{"credentials": keys()}, "credentials.webauthn.credentials", "Empty credential"},
		"handle":           {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("YWRh")}, "", ""},
		"binary handle":    {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("//79")}, "credentials.passkey.user_handle", "User handle is not text"},
		"handle with NUL":  {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("AA==")}, "credentials.passkey.user_handle", "User handle is not text"},
		"empty handle":     {passkey, map[string]attr.Value{"credentials": onePasskey, "user_handle": types.StringValue("")}, "credentials.passkey.user_handle", "Value is not base64"},
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
			if on, ok := diags[0].(diag.DiagnosticWithPath); !ok || on.Path().String() != test.at || on.Summary() != test.says {
				t.Errorf("%v, want %s on %s", diags[0], test.says, test.at)
			}
		})
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
