package identity_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestAccIdentity_links(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	l.run(
		resource.TestStep{
			Config: l.config(credentialsOf(somePassword, oidcOf(l.github, l.google))),
			Check:  resource.ComposeTestCheckFunc(takeID(&l.id), l.has(l.github, l.google), l.sent("POST")),
		},
		resource.TestStep{ // The order changes: the plan is empty, and nothing is sent.
			PreConfig:        l.proxy.Reset,
			Config:           l.config(credentialsOf(somePassword, oidcOf(l.google, l.github))),
			ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
			Check:            l.sent(),
		},
		resource.TestStep{ // Terraform adds a link. A link that the person added and changes outside Terraform stay.
			PreConfig: func() {
				l.Patch(l.id, `[{"op":"add","path":"/metadata_public","value":{"n":9007199254740993}}]`)
				l.link(l.id, "me:"+l.username)
				l.proxy.Reset()
			},
			Config:           l.config(credentialsOf(somePassword, oidcOf(l.github, l.google, l.gitlab))),
			ConfigPlanChecks: linkPlan("identifiers", "updated_at"),
			Check: resource.ComposeTestCheckFunc(
				l.has(l.github, l.gitlab, l.google, "me:"+l.username),
				l.sent("PUT"),
			),
		},
		resource.TestStep{
			PreConfig:        l.proxy.Reset,
			Config:           l.config(credentialsOf(somePassword, oidcOf(l.google, l.gitlab))),
			ConfigPlanChecks: linkPlan("identifiers", "updated_at"),
			Check:            resource.ComposeTestCheckFunc(l.has(l.gitlab, l.google, "me:"+l.username), l.sent("DELETE")),
		},
		resource.TestStep{ // Without the attribute, links of Terraform are deleted, and links of the person stay.
			PreConfig:        l.proxy.Reset,
			Config:           l.config(credentialsOf(somePassword)),
			ConfigPlanChecks: linkPlan("identifiers", "updated_at"),
			Check: resource.ComposeTestCheckFunc(
				l.has("me:"+l.username),
				l.sent("DELETE", "DELETE"),
				l.signsIn("some password", ""),
				func(*terraform.State) error {
					return l.Compare(l.id, `{"metadata_public":{"n":9007199254740993}}`)
				},
			),
		},
	)
}

// One link replaces another without a password: the new link is added before the old link is deleted.
func TestAccIdentity_linkSwapped(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	l.run(
		resource.TestStep{Config: l.config(credentialsOf(oidcOf(l.github))), Check: takeID(&l.id)},
		resource.TestStep{
			PreConfig: l.proxy.Reset,
			Config:    l.config(credentialsOf(oidcOf(l.google))),
			Check:     resource.ComposeTestCheckFunc(l.has(l.google), l.sent("PUT", "DELETE")),
		},
		resource.TestStep{ // The deletion fails: the state has both links, and the next plan only deletes the old link.
			PreConfig: func() {
				l.proxy.FailNext(3, acctest.On(http.MethodDelete, "/admin/identities/"), http.StatusInternalServerError,
					`{"error":{"code":500,"message":"the shredder is full"}}`)
			},
			Config: l.config(credentialsOf(oidcOf(l.github))),
			ExpectError: regexp.MustCompile(
				`(?s)Failed to delete link.*Deleting\s+the\s+link.*the\s+shredder\s+is\s+full.*credentials\.oidc.*next\s+apply\s+tries\s+again`,
			),
		},
		resource.TestStep{
			PreConfig:        l.proxy.Reset,
			Config:           l.config(credentialsOf(oidcOf(l.github))),
			ConfigPlanChecks: linkPlan("identifiers", "updated_at"),
			Check:            resource.ComposeTestCheckFunc(l.has(l.github), l.sent("DELETE")),
		},
	)
}

// The last way to sign in stays, whatever the server allows, and the state shows it.
func TestAccIdentity_lastLink(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	const changed = "metadata_public = { changed = true }"
	refused := regexp.MustCompile(
		`(?s)Last way to sign in.*no password, no other link and no passkey.*Give the person another way`,
	)
	l.run(
		resource.TestStep{Config: l.config(credentialsOf(oidcOf(l.github, l.google))), Check: takeID(&l.id)},
		resource.TestStep{PreConfig: l.proxy.Reset, Config: l.config(), ExpectError: refused},
		resource.TestStep{Config: l.config(credentialsOf("oidc = []"), changed), ExpectError: refused},
		resource.TestStep{
			Config:           l.config(credentialsOf(oidcOf(l.github, l.google)), changed),
			ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
			Check:            resource.ComposeTestCheckFunc(l.has(l.github, l.google), l.sent("PATCH")),
		},
		resource.TestStep{Config: l.config(credentialsOf(oidcOf(l.github))), Check: l.has(l.github)},
		resource.TestStep{ // The remedy that the error names.
			Config: l.config(credentialsOf(somePassword)),
			Check:  resource.ComposeTestCheckFunc(l.has(), l.signsIn("some password", "")),
		},
		// The server keeps an empty list, and a link can be added to it again.
		resource.TestStep{Config: l.config(credentialsOf(somePassword, oidcOf(l.github))), Check: l.has(l.github)},
	)
}

// A missing link is drift and is added again. Links that people created themselves are no drift.
func TestAccIdentity_linkDrift(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	both := l.config(credentialsOf(oidcOf(l.github, l.google)))
	l.run(
		resource.TestStep{Config: both, Check: takeID(&l.id)},
		resource.TestStep{
			PreConfig:        func() { l.link(l.id, l.gitlab); l.proxy.Reset() },
			Config:           both,
			ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
			Check:            l.sent(),
		},
		resource.TestStep{
			PreConfig:        func() { l.unlink(l.id, l.google); l.proxy.Reset() },
			Config:           both,
			ConfigPlanChecks: linkPlan("identifiers", "updated_at"),
			Check:            resource.ComposeTestCheckFunc(l.has(l.github, l.gitlab, l.google), l.sent("PUT")),
		},
		// The person removes the link, Terraform drops it, and the person adds it again: Terraform no longer owns it.
		resource.TestStep{PreConfig: func() { l.unlink(l.id, l.google) }, Config: l.config(credentialsOf(oidcOf(l.github)))},
		resource.TestStep{
			PreConfig: func() { l.link(l.id, l.google); l.proxy.Reset() },
			Config:    l.config(),
			Check:     resource.ComposeTestCheckFunc(l.has(l.gitlab, l.google), l.sent("DELETE")),
		},
	)
}

// A password and a link that change together are sent in one request, which clears nothing.
func TestAccIdentity_linkAndPassword(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	const rest = "state = \"active\"\n  metadata_admin = { note = \"kept\" }"
	l.run(
		resource.TestStep{
			Config: l.config(rest, credentialsOf(passwordOf("first password"), oidcOf(l.github))),
			Check:  takeID(&l.id),
		},
		resource.TestStep{
			PreConfig: func() {
				l.Patch(
					l.id,
					`[{"op":"add","path":"/metadata_public","value":{"app":1.5}},{"op":"add","path":"/traits/age","value":36}]`,
				)
				l.proxy.Reset()
			},
			Config: throughProxy(l.proxy, fmt.Sprintf("  schema_id = \"username\"\n  traits = { username = %q, age = 36 }\n  "+
				"%s\n"+
				"  %s", l.username, rest, credentialsOf(passwordOf("second password"), oidcOf(l.github, l.google)))),
			Check: resource.ComposeTestCheckFunc(
				l.sent("PUT"),
				l.has(l.github, l.google),
				l.signsIn("second password", "first password"),
				func(*terraform.State) error {
					return l.Compare(
						l.id,
						fmt.Sprintf(
							`{"traits":{"username":%q,"age":36},"state":"active","metadata_public":{"app":1.5},"metadata_admin":{"note":"kept"}}`,
							l.username,
						),
					)
				},
			),
		},
		resource.TestStep{PreConfig: func() { l.expectPutOf(l.google) }, Config: l.config(), Check: l.has()},
	)
}

// expectPutOf checks that the last PUT sent only this link.
func (l *linkTest) expectPutOf(identifier string) {
	l.t.Helper()
	var body struct {
		Credentials map[string]struct{ Config map[string]any }
	}
	for _, r := range l.proxy.Requests() {
		if r.Method == http.MethodPut {
			if err := json.Unmarshal(r.Body, &body); err != nil {
				l.t.Fatal(err)
			}
		}
	}
	want := []any{map[string]any{"provider": identifier[:2], "subject": identifier[3:]}}
	if got := body.Credentials["oidc"].Config["providers"]; !reflect.DeepEqual(got, want) {
		l.t.Errorf("the PUT's links are %v, want %v", got, want)
	}
}
