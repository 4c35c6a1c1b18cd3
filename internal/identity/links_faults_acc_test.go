package identity_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// If a PUT with new links or its answer is lost, the provider compares before it repeats the PUT. A blind repetition
// would give a 409.
func TestAccIdentity_lostAnswerOfLinks(t *testing.T) {
	t.Parallel()
	onPut := acctest.On(http.MethodPut, "/admin/identities/")
	for name, test := range map[string]struct {
		lose func(*acctest.Proxy)
		puts []string
		rest string
	}{
		"answer":  {func(p *acctest.Proxy) { p.LoseAnswers(1, onPut) }, []string{"PUT"}, ""},
		"request": {func(p *acctest.Proxy) { p.LoseRequests(1, onPut) }, []string{"PUT", "PUT"}, ""},
		"gateway": {func(p *acctest.Proxy) { p.FailNext(1, onPut, http.StatusBadGateway, "<html>bad gateway</html>") }, []string{"PUT", "PUT"}, ""},
		// The password is sent again without the link. Sending a password twice does no harm.
		"answer with a password": {func(p *acctest.Proxy) { p.LoseAnswers(1, onPut) }, []string{"PUT", "PUT"}, somePassword},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLinkTest(t)
			checks := []resource.TestCheckFunc{l.has(l.github, l.google), l.sent(test.puts...)}
			if test.rest != "" {
				checks = append(checks, l.signsIn("some password", ""))
			}
			l.run(
				resource.TestStep{Config: l.config(credentialsOf(oidcOf(l.github))), Check: takeID(&l.id)},
				resource.TestStep{
					PreConfig: func() { l.proxy.Reset(); test.lose(l.proxy) },
					Config:    l.config(credentialsOf(oidcOf(l.github, l.google), test.rest)),
					Check:     resource.ComposeTestCheckFunc(checks...),
				},
				// Terraform owns the links that were added in this way.
				resource.TestStep{Config: l.config(credentialsOf(oidcOf(l.github), test.rest)), Check: l.has(l.github)},
			)
		})
	}
}

// A deletion whose answer was lost has succeeded. The server refuses the repeated deletion, because it counts too few
// remaining ways to sign in.
func TestAccIdentity_lostAnswerOfUnlink(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	if !l.knowsSAML() {
		t.Skip("the server has no guard of its own (Kratos before v25.4)")
	}
	l.run(
		resource.TestStep{Config: l.withEmail(credentialsOf(oidcOf(l.github))), Check: takeID(&l.id)},
		resource.TestStep{
			PreConfig: func() {
				l.proxy.Reset()
				l.proxy.LoseAnswers(1, acctest.On(http.MethodDelete, "/admin/identities/"))
			},
			Config: l.withEmail(""),
			Check:  resource.ComposeTestCheckFunc(l.has(), l.sent("DELETE", "DELETE")),
		},
	)
}

// withEmail is like config for a person with an address, which can receive a code.
func (l *linkTest) withEmail(rest string) string {
	return throughProxy(l.proxy, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = \"%s@example.org\" "+
		"}\n  %s", l.username, rest))
}

// A code by e-mail is a way to sign in if the server's configuration allows it. Only servers from v25.4 show this, by
// refusing deletions.
func TestAccIdentity_lastLinkBesideCode(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	create := resource.TestStep{Config: l.withEmail(credentialsOf(oidcOf(l.github))), Check: takeID(&l.id)}
	if l.knowsSAML() {
		l.run(create, resource.TestStep{Config: l.withEmail(""), Check: l.has()})
		return
	}
	l.run(
		create,
		resource.TestStep{
			Config:      l.withEmail(""),
			ExpectError: regexp.MustCompile(`(?s)Last way to sign in.*code\s+does\s+not\s+count`),
		},
		resource.TestStep{Config: l.withEmail(credentialsOf(oidcOf(l.github))), Check: l.has(l.github)},
	)
}

// After an import, existing links are recorded and not sent, and Terraform doesn't own them.
func TestAccIdentity_importKeepsLinks(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	l.id = l.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q}}`, l.username))
	t.Cleanup(func() { l.Delete(l.id) })
	l.link(l.id, l.github)
	l.link(l.id, l.google)
	w := acctest.NewWorkspace(t, l.proxy.URL())
	write := func(rest string) { w.WriteMain(importing("test", l.id) + l.config(rest)) }
	apply := func(writes ...string) {
		t.Helper()
		l.proxy.Reset()
		w.Run("apply", "-no-color", "-auto-approve")
		if err := l.sent(writes...)(nil); err != nil {
			t.Error(err)
		}
		w.ExpectEmptyPlan()
	}
	write("")
	apply()
	write(credentialsOf(oidcOf(l.github)))
	apply()
	write(credentialsOf(oidcOf(l.github, l.gitlab)))
	apply("PUT")
	write(credentialsOf(oidcOf()))
	plan := strings.Join(strings.Fields(w.Run("plan", "-no-color")), " ")
	if !strings.Contains(plan, "Link remains on the server") || !strings.Contains(plan, l.github) {
		t.Errorf("the plan doesn't warn:\n%s", plan)
	}
	apply("DELETE")
	if err := l.has(l.github, l.google)(nil); err != nil {
		t.Error(err)
	}
}

func TestAccIdentity_linkMistakes(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	taken, free, _ := someLinks()
	other := api.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q}}`, acctest.RandomName()))
	api.link(other, taken)
	t.Cleanup(func() { api.Delete(other) })
	type mistake struct {
		before, links string
		want          string
		atPlan        bool
	}
	tests := map[string]mistake{
		"empty provider": {
			"",
			`oidc = [{ provider = "", subject = "1" }]`,
			`(?s)Empty link.*credentials\.oidc.*provider\s+is\s+empty`,
			true,
		},
		"empty subject": {
			"",
			`oidc = [{ provider = "gh", subject = "" }]`,
			`(?s)Empty link.*credentials\.oidc.*subject\s+is\s+empty`,
			true,
		},
		"NUL": {
			"",
			`oidc = [{ provider = "gh", subject = "1\u0000" }]`,
			`(?s)Link with NUL character.*credentials\.oidc.*"gh:1\\x00"`,
			true,
		},
		"empty in saml": {
			"",
			`saml = [{ provider = "", subject = "" }]`,
			`(?s)Empty link.*credentials\.saml.*provider\s+and\s+subject\s+is\s+empty`,
			true,
		},
		"no UUID": {
			"",
			`oidc = [{ provider = "gh", subject = "1", organization = "engines" }]`,
			`must be a UUID`,
			true,
		},
		"twice": {
			"",
			`oidc = [{ provider = "gh", subject = "1" }, { provider = "gh", subject = "1", organization = "3fa85f64-5717-4562-b3fc-2c963f66afa6" }]`,
			`(?s)Duplicate link.*credentials\.oidc.*"gh:1"`,
			true,
		},
		"twice for the server": {
			"",
			`oidc = [{ provider = "gh", subject = "a:b" }, { provider = "gh:a", subject = "b" }]`,
			`(?s)Duplicate link.*"gh:a:b"`,
			true,
		},
		"taken, create": {
			"",
			oidcOf(taken),
			`(?s)Conflict with another identity.*The\s+other\s+identity\s+is\s+` + other + `.*remove\s+the\s+common\s+link\s+\(oidc\s+gh:.*from\s+credentials\.oidc`,
			false,
		},
		"taken, update": {
			oidcOf(free),
			oidcOf(free, taken),
			`(?s)Conflict with another identity.*The\s+link\s+"gh:.*in\s+credentials\.oidc\s+belongs\s+to\s+another\s+identity\.\s+The\s+other\s+identity\s+is\s+` + other + `.*The\s+links\s+and\s+the\s+password\s+are\s+unchanged`,
			false,
		},
		"changed": {
			oidcOf(free + "x"),
			fmt.Sprintf("oidc = [{ provider = %q, subject = %q, use_auto_link = true }]", free[:2], free[3:]+"x"),
			`(?s)Link cannot be changed.*credentials\.oidc`,
			true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			username := acctest.RandomName()
			configuration := func(rest string) string {
				return one(server, fmt.Sprintf("  schema_id = \"username\"\n  traits = { username = %q }\n  "+
					"%s", username, credentialsOf(somePassword, rest)))
			}
			steps := []resource.TestStep{
				{Config: configuration(test.links), PlanOnly: test.atPlan, ExpectError: regexp.MustCompile(test.want)},
			}
			if test.before != "" {
				steps = []resource.TestStep{{Config: configuration(test.before)}, steps[0]}
			}
			steps = append(steps, resource.TestStep{Config: configuration(test.before)})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories, CheckDestroy: checkDestroyed(t, server), Steps: steps,
			})
		})
	}
}

// knowsSAML reports whether the server is v25.4 or later.
func (a api) knowsSAML() bool {
	a.t.Helper()
	id := a.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q}}`, acctest.RandomName()))
	defer a.Delete(id)
	return a.admin.Knows(a.t, id, "saml")
}

// Options that v25.4 added work on such a server. On older servers they give an error on the attribute that names the
// version.
func TestAccIdentity_linksOfLaterVersions(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	const organization = "3FA85F64-5717-4562-b3fc-2c963f66afa6"
	for name, test := range map[string]struct {
		attribute, link, refused string
		want                     string // the link on the server without its subject
	}{
		"saml": {
			"saml", `organization = "` + organization + `"`, `(?s)Attribute not supported by the server.*attribute\s+credentials\.saml\s+needs\s+Kratos\s+v25\.4`,
			`{"provider":"saml","organization":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}`,
		},
		"use_auto_link": {
			"oidc", `use_auto_link = true`, `(?s)Attribute not supported by the server.*use_auto_link\s+in\s+credentials\.oidc\s+needs\s+Kratos\s+v25\.4`,
			`{"provider":"saml","use_auto_link":true}`,
		},
		"organization": {
			"oidc", `organization = "` + organization + `"`, `(?s)Attribute not supported by the server.*organization\s+in\s+credentials\.oidc\s+needs\s+Kratos\s+v25\.4`,
			`{"provider":"saml","organization":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			username := acctest.RandomName()
			configuration := func(links string) string {
				return one(server, fmt.Sprintf("  schema_id = \"username\"\n  traits = { username = %q }\n  "+
					"%s", username, credentialsOf(somePassword, links)))
			}
			// Redaction removes the provider's name from errors.
			links := fmt.Sprintf("%s = [{ provider = \"saml\", subject = %q, %s }]", test.attribute, username, test.link)
			var id string
			after := resource.TestStep{Config: configuration(links), Check: func(*terraform.State) error {
				return api.compareLink(id, test.attribute, username, test.want)
			}}
			last := resource.TestStep{Config: configuration(""), Check: func(*terraform.State) error {
				if got := api.linksOf(id, test.attribute); len(got) > 0 {
					return fmt.Errorf("%s on the server is %q", test.attribute, got)
				}
				return nil
			}}
			create := resource.TestStep{Config: configuration(links), Check: takeID(&id)}
			steps := []resource.TestStep{create, after, last, after, last}
			if !api.knowsSAML() {
				after = resource.TestStep{Config: configuration(links), ExpectError: regexp.MustCompile(test.refused)}
				steps = []resource.TestStep{after, {Config: configuration(""), Check: takeID(&id)}, after, last}
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories, CheckDestroy: checkDestroyed(t, server), Steps: steps,
			})
		})
	}
}

func (a api) compareLink(id, kind, subject, want string) error {
	a.t.Helper()
	credentials, _ := a.admin.GetIdentity(a.t, id, kind)["credentials"].(map[string]any)
	credential, _ := credentials[kind].(map[string]any)
	config, _ := credential["config"].(map[string]any)
	providers, _ := config["providers"].([]any)
	var wanted map[string]any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		return err
	}
	wanted["subject"] = subject
	for _, provider := range providers {
		has, _ := provider.(map[string]any)
		for _, token := range []string{"initial_id_token", "initial_access_token", "initial_refresh_token"} {
			delete(has, token)
		}
		if fmt.Sprint(has) == fmt.Sprint(wanted) {
			return nil
		}
	}
	return fmt.Errorf("%s on the server is %v, want %v", kind, providers, wanted)
}

// A deletion first reads the credentials with their hashes. The most verbose log contains no hash.
func TestAccIdentity_linksTellNoHash(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	username := acctest.RandomName()
	github, _, _ := someLinks()
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.Env = append(w.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.Dir, "trace.log"))
	for _, rest := range []string{oidcOf(github), ""} {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = { username = "+
			"%q }\n"+
			"  %s\n}\n", username, credentialsOf(somePassword, rest)))
		w.Run("apply", "-no-color", "-auto-approve")
	}
	api := newAPI(t, server)
	for _, id := range api.admin.FindByIdentifier(t, username) {
		if credentials := fmt.Sprint(api.admin.GetIdentity(t, id, "password")["credentials"]); !strings.Contains(
			credentials,
			"$2a$",
		) {
			t.Fatal("the server's answer has no such hash")
		}
	}
	w.Run("destroy", "-no-color", "-auto-approve")
	log, state := w.Read("trace.log"), w.Read("terraform.tfstate.backup")
	if !strings.Contains(log, "include_credential=password") {
		t.Fatal("the log doesn't have the request")
	}
	if strings.Contains(log, "$2a$") || strings.Contains(state, "$2a$") {
		t.Error("the log or the state has the hash")
	}
}
