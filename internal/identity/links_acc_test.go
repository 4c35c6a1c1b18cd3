package identity_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// linksOf are the sorted identifiers that the server has of a type of credential.
func (a api) linksOf(id, kind string) []string {
	a.t.Helper()
	credentials, _ := a.Get(id)["credentials"].(map[string]any)
	credential, _ := credentials[kind].(map[string]any)
	identifiers, _ := credential["identifiers"].([]any)
	links := []string{}
	for _, identifier := range identifiers {
		links = append(links, fmt.Sprint(identifier))
	}
	slices.Sort(links)
	return links
}

// hasLinks checks what the server has of oidc.
func hasLinks(api api, id *string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := api.linksOf(*id, "oidc"); !slices.Equal(got, want) {
			return fmt.Errorf("oidc on the server is %q, want %q", got, want)
		}
		return nil
	}
}

// sent checks the writes that came through the proxy since it was last reset, in their order.
func sent(proxy *acctest.Proxy, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for _, r := range proxy.Requests() {
			if r.Method != http.MethodGet {
				got = append(got, r.Method)
			}
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("sent %q, want %q", got, want)
		}
		return nil
	}
}

// linked is a configuration of a person without an address, so that no code is a way in, talking through a proxy.
func linked(proxy *acctest.Proxy, username, rest string) string {
	return throughProxy(proxy, fmt.Sprintf("  schema_id = \"username\"\n  traits = { username = %q }\n  %s", username, rest))
}

func oidcOf(links ...string) string {
	list := ""
	for _, l := range links {
		list += fmt.Sprintf("{ provider = %q, subject = %q },", l[:2], l[3:])
	}
	return "oidc = [" + list + "]"
}

func linkPlan(unknown ...string) resource.ConfigPlanChecks {
	names := map[string]bool{}
	for _, name := range unknown {
		names[name] = true
	}
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate), unknowns{names}, onlyChange{"oidc"},
	}}
}

// someLinks are identifiers that no other test uses. Their case matters to the server.
func someLinks() (github, google, gitlab string) {
	name := acctest.RandomName()
	return "gh:" + name + " A:b/c", "go:" + name, "gl:" + name
}

func TestAccIdentity_links(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	username := acctest.RandomName()
	github, google, gitlab := someLinks()
	var id string
	const password = `password = "some password"` + "\n  "
	configuration := func(rest string) string { return linked(proxy, username, password+rest) }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: configuration(oidcOf(github, google)),
				Check:  resource.ComposeTestCheckFunc(takeID(&id), hasLinks(api, &id, github, google), sent(proxy, "POST")),
			},
			{ // Written in another order: nothing to do, so nothing is sent.
				PreConfig:        proxy.Reset,
				Config:           configuration(oidcOf(google, github)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            sent(proxy),
			},
			{ // A new link beside one that the person has made meanwhile, and what others wrote stays.
				PreConfig: func() {
					api.Patch(id, `[{"op":"add","path":"/metadata_public","value":{"n":9007199254740993}}]`)
					api.link(id, "me:"+username)
					proxy.Reset()
				},
				Config:           configuration(oidcOf(github, google, gitlab)),
				ConfigPlanChecks: linkPlan("credentials", "updated_at"),
				Check:            resource.ComposeTestCheckFunc(hasLinks(api, &id, github, gitlab, google, "me:"+username), sent(proxy, "PUT")),
			},
			{
				PreConfig:        proxy.Reset,
				Config:           configuration(oidcOf(google, gitlab)),
				ConfigPlanChecks: linkPlan("credentials", "updated_at"),
				Check:            resource.ComposeTestCheckFunc(hasLinks(api, &id, gitlab, google, "me:"+username), sent(proxy, "DELETE")),
			},
			{ // Without the attribute, what Terraform added goes and what the person linked stays.
				PreConfig:        proxy.Reset,
				Config:           configuration(""),
				ConfigPlanChecks: linkPlan("credentials", "updated_at"),
				Check: resource.ComposeTestCheckFunc(hasLinks(api, &id, "me:"+username), sent(proxy, "DELETE", "DELETE"),
					signsIn(t, server, username, "some password", ""),
					func(*terraform.State) error { return api.Compare(id, `{"metadata_public":{"n":9007199254740993}}`) }),
			},
		},
	})
}

// link links an account behind Terraform's back.
func (a api) link(id, identifier string) {
	a.t.Helper()
	has := a.Get(id)
	a.put(id, map[string]any{
		"schema_id": has["schema_id"], "state": has["state"], "traits": has["traits"],
		"metadata_public": has["metadata_public"], "metadata_admin": has["metadata_admin"],
		"credentials": json.RawMessage(fmt.Sprintf(`{"oidc":{"config":{"providers":[{"provider":%q,"subject":%q}]}}}`, identifier[:2], identifier[3:])),
	})
}

// One account takes the place of another although there is no password: it is there before the other goes.
func TestAccIdentity_linkSwapped(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	username := acctest.RandomName()
	github, google, _ := someLinks()
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: linked(proxy, username, oidcOf(github)), Check: takeID(&id)},
			{
				PreConfig: proxy.Reset,
				Config:    linked(proxy, username, oidcOf(google)),
				Check:     resource.ComposeTestCheckFunc(hasLinks(api, &id, google), sent(proxy, "PUT", "DELETE")),
			},
			{ // The deletion fails: the state has both, and the next plan has nothing else to do.
				PreConfig: func() {
					proxy.FailNext(1, acctest.On(http.MethodDelete, "/admin/identities/"), http.StatusInternalServerError,
						`{"error":{"code":500,"message":"the shredder is full"}}`)
				},
				Config:      linked(proxy, username, oidcOf(github)),
				ExpectError: regexp.MustCompile(`(?s)Deleting the link.*oidc = \[.*the shredder is full.*next apply tries again`),
			},
			{
				PreConfig:        proxy.Reset,
				Config:           linked(proxy, username, oidcOf(github)),
				ConfigPlanChecks: linkPlan("credentials", "updated_at"),
				Check:            resource.ComposeTestCheckFunc(hasLinks(api, &id, github), sent(proxy, "DELETE")),
			},
		},
	})
}

// The last way in stays, whatever the server would do, and the state says so.
func TestAccIdentity_lastLink(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	username := acctest.RandomName()
	github, google, _ := someLinks()
	var id string
	refused := regexp.MustCompile(`(?s)Last way to sign in.*no password, no other link and no passkey.*Give the person another way`)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: linked(proxy, username, oidcOf(github, google)), Check: takeID(&id)},
			{PreConfig: proxy.Reset, Config: linked(proxy, username, ""), ExpectError: refused},
			{Config: linked(proxy, username, "oidc = []\n  metadata_public = { changed = true }"), ExpectError: refused},
			{
				Config:           linked(proxy, username, oidcOf(github, google)+"\n  metadata_public = { changed = true }"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            resource.ComposeTestCheckFunc(hasLinks(api, &id, github, google), sent(proxy, "PATCH")),
			},
			{Config: linked(proxy, username, oidcOf(github)), Check: hasLinks(api, &id, github)},
			{ // The way out that the error names.
				Config: linked(proxy, username, `password = "some password"`),
				Check:  resource.ComposeTestCheckFunc(hasLinks(api, &id), signsIn(t, server, username, "some password", "")),
			},
			{ // The server keeps an empty list, to which a link can be added again.
				Config: linked(proxy, username, "password = \"some password\"\n  "+oidcOf(github)),
				Check:  hasLinks(api, &id, github),
			},
		},
	})
}

// A link that is gone is drift and comes back. What only people have linked is no drift.
func TestAccIdentity_linkDrift(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	username := acctest.RandomName()
	github, google, gitlab := someLinks()
	configuration := linked(proxy, username, oidcOf(github, google))
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration, Check: takeID(&id)},
			{
				PreConfig:        func() { api.link(id, gitlab); proxy.Reset() },
				Config:           configuration,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            sent(proxy),
			},
			{
				PreConfig:        func() { api.unlink(id, google); proxy.Reset() },
				Config:           configuration,
				ConfigPlanChecks: linkPlan("credentials", "updated_at"),
				Check:            resource.ComposeTestCheckFunc(hasLinks(api, &id, github, gitlab, google), sent(proxy, "PUT")),
			},
			{ // Unlinked, forgotten, and linked again by the person: not Terraform's any more.
				PreConfig: func() { api.unlink(id, google) },
				Config:    linked(proxy, username, oidcOf(github)),
			},
			{
				PreConfig: func() { api.link(id, google); proxy.Reset() },
				Config:    linked(proxy, username, ""),
				Check:     resource.ComposeTestCheckFunc(hasLinks(api, &id, gitlab, google), sent(proxy, "DELETE")),
			},
		},
	})
}

// A password and a link that change together go in one request that clears nothing.
func TestAccIdentity_linkAndPassword(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	username := acctest.RandomName()
	github, google, _ := someLinks()
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: linked(proxy, username, "state = \"active\"\n  password = \"first password\"\n  metadata_admin = { note = \"kept\" }\n  "+oidcOf(github)),
				Check:  takeID(&id),
			},
			{
				PreConfig: func() {
					api.Patch(id, `[{"op":"add","path":"/metadata_public","value":{"app":1.5}},{"op":"add","path":"/traits/age","value":36}]`)
					proxy.Reset()
				},
				Config: throughProxy(proxy, fmt.Sprintf("  schema_id = \"username\"\n  traits = { username = %q, age = 36 }\n  state = \"active\"\n"+
					"  password = \"second password\"\n  metadata_admin = { note = \"kept\" }\n  %s", username, oidcOf(github, google))),
				Check: resource.ComposeTestCheckFunc(sent(proxy, "PUT"), hasLinks(api, &id, github, google),
					signsIn(t, server, username, "second password", "first password"), func(*terraform.State) error {
						return api.Compare(id, fmt.Sprintf(`{"traits":{"username":%q,"age":36},"state":"active","metadata_public":{"app":1.5},"metadata_admin":{"note":"kept"}}`, username))
					}),
			},
			{
				PreConfig: func() {
					want := []any{map[string]any{"provider": google[:2], "subject": google[3:]}}
					var body struct {
						Credentials map[string]struct{ Config map[string]any }
					}
					for _, r := range proxy.Requests() {
						if r.Method == http.MethodPut && json.Unmarshal(r.Body, &body) == nil &&
							!reflect.DeepEqual(body.Credentials["oidc"].Config["providers"], want) {
							t.Errorf("the PUT's links are %v, want %v", body.Credentials["oidc"].Config, want)
						}
					}
				},
				Config: linked(proxy, username, ""),
				Check:  hasLinks(api, &id),
			},
		},
	})
}
