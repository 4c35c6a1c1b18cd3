package identity_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// linksOf returns the sorted identifiers of a type of credential on the server.
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

// linked returns a configuration of a person behind a proxy. The person has no address, so that a code is no way to
// sign in.
func linked(proxy *acctest.Proxy, username, rest string) string {
	return throughProxy(proxy, fmt.Sprintf("  schema_id = \"username\"\n  traits = { username = %q }\n  "+
		"%s", username, rest))
}

// credentialsOf returns the attribute credentials with these members, or an empty text without members.
func credentialsOf(members ...string) string {
	members = slices.DeleteFunc(members, func(member string) bool { return member == "" })
	if len(members) == 0 {
		return ""
	}
	return "credentials = {\n    " + strings.Join(members, "\n    ") + "\n  }"
}

// somePassword is a member of credentials.
const somePassword = `password = { value = "some password" }`

func passwordOf(password string) string { return fmt.Sprintf("password = { value = %q }", password) }

func hashOf(hash string) string { return fmt.Sprintf("password = { hash = %q }", hash) }

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
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate), unknowns{names}, onlyChange{"credentials"},
	}}
}

// someLinks returns identifiers that no other test uses. They contain upper-case letters, because the server compares
// links exactly.
func someLinks() (github, google, gitlab string) {
	name := acctest.RandomName()
	return "gh:" + name + " A:b/c", "go:" + name, "gl:" + name
}

// linkTest is a person without an address, a server behind a proxy, and links that no other test uses.
type linkTest struct {
	api
	server                 *acctest.Server
	proxy                  *acctest.Proxy
	id, username           string
	github, google, gitlab string
}

func newLinkTest(t *testing.T) *linkTest {
	t.Helper()
	server := acctest.Kratos(t)
	l := linkTest{
		api: newAPI(t, server), server: server, proxy: acctest.NewProxy(t, server.AdminURL), username: acctest.RandomName(),
	}
	l.github, l.google, l.gitlab = someLinks()
	return &l
}

// config returns the person's configuration with these additional attributes.
func (l *linkTest) config(rest ...string) string {
	return linked(l.proxy, l.username, strings.Join(rest, "\n  "))
}

// has checks the identifiers of oidc on the server.
func (l *linkTest) has(want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := l.linksOf(l.id, "oidc"); !slices.Equal(got, want) {
			return fmt.Errorf("oidc on the server is %q, want %q", got, want)
		}
		return nil
	}
}

// sent checks the writes that passed the proxy since its last reset, in order.
func (l *linkTest) sent(want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for _, r := range l.proxy.Requests() {
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

func (l *linkTest) signsIn(password, not string) resource.TestCheckFunc {
	return signsIn(l.t, l.server, l.username, password, not)
}

func (l *linkTest) run(steps ...resource.TestStep) {
	l.t.Helper()
	resource.Test(l.t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories, CheckDestroy: checkDestroyed(l.t, l.server), Steps: steps,
	})
}

// link adds a link outside Terraform.
func (a api) link(id, identifier string) {
	a.t.Helper()
	has := a.Get(id)
	a.put(id, map[string]any{
		"schema_id": has["schema_id"], "state": has["state"], "traits": has["traits"],
		"metadata_public": has["metadata_public"], "metadata_admin": has["metadata_admin"],
		"credentials": json.RawMessage(
			fmt.Sprintf(`{"oidc":{"config":{"providers":[{"provider":%q,"subject":%q}]}}}`, identifier[:2], identifier[3:]),
		),
	})
}
