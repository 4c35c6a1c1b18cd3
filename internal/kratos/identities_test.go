package kratos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestClient_requests(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer := identity
		if r.Method == http.MethodPost {
			answer = strings.Replace(identity, `"schema_id":"default"`, `"schema_id":"s"`, 1)
		}
		succeed(t, answer)(w, r)
	}, func(cfg *Config) { cfg.AdminURL += "/base/" })
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	calls := []func() error{
		func() error {
			_, err := c.CreateIdentity(
				t.Context(),
				CreateIdentityBody{SchemaID: "", Traits: raw(`{"n":9007199254740993,"h":"<&>"}`)},
			)
			return err
		},
		func() error {
			_, err := c.CreateIdentity(t.Context(), CreateIdentityBody{
				SchemaID: "s", Traits: raw(`{}`), State: "inactive", MetadataPublic: raw(`null`), MetadataAdmin: raw(`1.0`),
				ExternalID: "e", OrganizationID: "o",
				Credentials: &IdentityCredentials{Password: &PasswordCredential{PasswordConfig{HashedPassword: "$2a$"}}},
			})
			return err
		},
		func() error {
			if _, err := c.GetIdentity(t.Context(), "a/b?c", "code", "oidc"); !errors.Is(err, ErrWrongIdentity) {
				return fmt.Errorf("an identity was taken for another: %w", err)
			}
			return nil
		},
		func() error {
			_, err := c.PatchIdentity(t.Context(), someID, []PatchOperation{
				{OpRemove, "/traits/a", raw(`1`)}, {OpReplace, "/metadata_public", nil}, {OpAdd, "/traits/b", raw(`"<"`)},
			})
			return err
		},
		func() error {
			_, err := put(t.Context(), c, UpdateIdentityBody{SchemaID: "s", Traits: raw(`{}`), ExternalID: "e"})
			return err
		},
		func() error { return c.DeleteIdentity(t.Context(), someID) },
	}
	for i, call := range calls {
		if err := call(); err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	for i, want := range []string{
		`POST /base/admin/identities {"schema_id":"","traits":{"n":9007199254740993,"h":"<&>"}}`,
		`POST /base/admin/identities {"schema_id":"s","traits":{},"state":"inactive","metadata_public":null,"metadata_admin":1.0,` +
			`"external_id":"e","organization_id":"o","credentials":{"password":{"config":{"hashed_password":"$2a$"}}}}`,
		`GET /base/admin/identities/a%2Fb%3Fc?include_credential=code&include_credential=oidc `,
		`PATCH /base/admin/identities/` + someID + ` [{"op":"remove","path":"/traits/a"},` +
			`{"op":"replace","path":"/metadata_public","value":null},{"op":"add","path":"/traits/b","value":"<"}]`,
		`PUT /base/admin/identities/` + someID + ` {"schema_id":"s","traits":{},"external_id":"e"}`,
		`DELETE /base/admin/identities/` + someID + ` `,
	} {
		r := rec.requests[i]
		if got := r.Method + " " + r.RequestURI + " " + rec.bodies[i]; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		contentType := ""
		if rec.bodies[i] != "" {
			contentType = "application/json"
		}
		h := r.Header
		if h.Get("Content-Type") != contentType || h.Get("Accept") != "application/json" || h.Get("User-Agent") != "test/1" {
			t.Errorf("headers %v", h)
		}
	}
}

func TestClient_refusesIDsOfPaths(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, always(t, 200, "[]"))
	for _, id := range []string{"", ".", ".."} {
		_, get := c.GetIdentity(t.Context(), id)
		_, patch := c.PatchIdentity(t.Context(), id, nil)
		_, put := c.UpdateIdentity(
			t.Context(),
			id,
			func(*Identity) (UpdateIdentityBody, bool) { return UpdateIdentityBody{}, true },
		)
		if get == nil || patch == nil || put == nil || c.DeleteIdentity(t.Context(), id) == nil || rec.count() != 0 {
			t.Errorf("%q: %v %v %v, %d requests", id, get, patch, put, rec.count())
		}
	}
}

func TestIdentity_unmarshal(t *testing.T) {
	t.Parallel()
	c, _ := serve(
		t,
		always(t, 200, `{"id":"`+someID+`","credentials":{"password":{"type":"password","identifiers":["a@x.io"],"version":0,
		"config":{"hashed_password":"$2a$secret"}}},"schema_id":"s","schema_url":"u","state":"active","state_changed_at":"t1",
		"traits":{"n":1e21, "b":9007199254740993},"verifiable_addresses":[{"id":"v","value":"a@x.io","verified":true,"via":"email",
		"status":"completed","verified_at":null,"created_at":"t2","updated_at":"t3"}],"recovery_addresses":[{"id":"r",
		"value":"a@x.io","via":"email"}],"metadata_public":null,"metadata_admin":{ },"organization_id":null,"new_field":1}`),
	)
	got, err := c.GetIdentity(t.Context(), someID)
	want := &Identity{
		ID: someID, SchemaID: "s", SchemaURL: "u", State: "active", StateChangedAt: "t1",
		Traits: json.RawMessage(`{"n":1e21, "b":9007199254740993}`), MetadataAdmin: json.RawMessage(`{ }`),
		VerifiableAddresses: []VerifiableAddress{{
			ID: "v", Value: "a@x.io", Verified: true, Via: "email", Status: "completed", CreatedAt: "t2", UpdatedAt: "t3",
		}},
		RecoveryAddresses: []RecoveryAddress{{ID: "r", Value: "a@x.io", Via: "email"}},
		Credentials: map[string]Credential{
			"password": {Type: "password", Identifiers: []string{"a@x.io"}, Known: true, IsSet: true},
		},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v, %v", got, want, err)
	}
	sent, err := json.Marshal(VerifiableAddress{Value: "a@x.io", Via: "email"})
	if err != nil || string(sent) != `{"value":"a@x.io","verified":false,"via":"email"}` {
		t.Errorf("%s %v", sent, err)
	}
}

func TestPasswordConfig_printsNoSecret(t *testing.T) {
	t.Parallel()
	config := PasswordConfig{Password: "hunter22", HashedPassword: "hunter22"}
	credential := PasswordCredential{config}
	credentials := IdentityCredentials{Password: &credential}
	body := CreateIdentityBody{Credentials: &credentials}
	for _, v := range []any{config, &config, credential, &credential, credentials, &credentials, body, config.LogValue(), credential.LogValue()} {
		if text := fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v); strings.Contains(text, "hunter22") {
			t.Errorf("%T: %s", v, text)
		}
	}
}
