package credential

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

func TestSignIn_Remains(t *testing.T) {
	t.Parallel()
	names := []string{"ada@example.org"}
	for name, test := range map[string]struct {
		kind       string
		credential kratos.Credential
		guarded    bool
		want       bool
	}{
		"password":                    {"password", kratos.Credential{Identifiers: names, IsSet: true}, false, true},
		"no password":                 {"password", kratos.Credential{Identifiers: names}, true, false},
		"password without identifier": {"password", kratos.Credential{IsSet: true}, true, false},
		"passkey":                     {"passkey", kratos.Credential{Identifiers: names, IsSet: true}, false, true},
		"no passkey":                  {"passkey", kratos.Credential{Identifiers: names}, false, false},
		"webauthn":                    {"webauthn", kratos.Credential{Identifiers: names, IsSet: true}, false, true},
		"link of the other type":      {"saml", kratos.Credential{Identifiers: []string{"okta:1"}}, false, true},
		"same link":                   {"oidc", kratos.Credential{Identifiers: []string{"github:1"}}, false, false},
		"other link":                  {"oidc", kratos.Credential{Identifiers: []string{"github:1", "google:2"}}, false, true},
		"no link":                     {"saml", kratos.Credential{Identifiers: []string{""}}, false, false},
		"code":                        {"code", kratos.Credential{Identifiers: names}, true, true},
		"code, before v25.4":          {"code", kratos.Credential{Identifiers: names}, false, false},
		"code without address":        {"code", kratos.Credential{}, true, false},
		"second factor":               {"totp", kratos.Credential{Identifiers: names, IsSet: true}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := SignIn{&kratos.Identity{Credentials: map[string]kratos.Credential{test.kind: test.credential}}, test.guarded}
			if got := s.Remains(map[string][]string{OIDC: {"github:1"}}); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
