package query_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const (
	dataAddress = "data.ory_identity.test"
	noUUID      = "00000000-0000-4000-8000-000000000000"
)

// data returns a configuration of the data source ory_identity.
func data(server *acctest.Server, attributes string) string {
	return acctest.ProviderConfig(server) + "\ndata \"ory_identity\" \"test\" {\n" + attributes + "\n}\n"
}

// someone creates an identity with a value in every attribute that all versions of the server support, and returns its
// id.
func someone(t *testing.T, admin acctest.Admin, username string) string {
	t.Helper()
	id := create(
		t,
		admin,
		fmt.Sprintf(
			`{"schema_id":"username","traits":{"username":%q,"email":"%s@example.org","age":12345678901234567890,"profile":{"first":""}},
		"metadata_public":{"team":["engines",null]},"metadata_admin":{"note":"hunter2"},"state":"inactive",
		"credentials":{"password":{"config":{"password":"correct horse battery"}},"oidc":{"config":{"providers":[{"provider":"gh","subject":%[1]q}]}}}}`,
			username,
			username,
		),
	)
	t.Cleanup(func() { admin.DeleteIdentity(t, id) })
	return id
}

// The data source shows all attributes of an identity and no secret, for every kind of reference.
func TestAccIdentityDataSource(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	username := acctest.RandomName()
	id := someone(t, admin, username)
	is := func(name string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New(name), check)
	}
	checks := []statecheck.StateCheck{
		is("id", knownvalue.StringExact(id)),
		is("schema_id", knownvalue.StringExact("username")),
		is("state", knownvalue.StringExact("inactive")),
		is("schema_url", knownvalue.StringRegexp(regexp.MustCompile(`/schemas/`))),
		is("organization_id", knownvalue.Null()),
		is("created_at", knownvalue.NotNull()),
		is("metadata_public", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"team": knownvalue.TupleExact([]knownvalue.Check{knownvalue.StringExact("engines"), knownvalue.Null()}),
		})),
		is("metadata_admin", knownvalue.ObjectExact(map[string]knownvalue.Check{"note": knownvalue.StringExact("hunter2")})),
		statecheck.ExpectSensitiveValue(dataAddress, tfjsonpath.New("metadata_admin")),
		is("verifiable_addresses", knownvalue.ListPartial(map[int]knownvalue.Check{
			0: knownvalue.ObjectPartial(
				map[string]knownvalue.Check{
					"value":    knownvalue.StringExact(username + "@example.org"),
					"verified": knownvalue.Bool(false),
				},
			),
		})),
		statecheck.ExpectKnownValue(
			dataAddress,
			tfjsonpath.New("traits").AtMapKey("profile"),
			knownvalue.ObjectExact(map[string]knownvalue.Check{"first": knownvalue.StringExact("")}),
		),
	}
	without := append(checks[:len(checks):len(checks)], is("identifiers", knownvalue.Null()))
	with := append(checks[:len(checks):len(checks)], is("identifiers", knownvalue.MapPartial(map[string]knownvalue.Check{
		"password": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(username)}),
		"oidc":     knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("gh:" + username)}),
	})))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{Config: data(server, fmt.Sprintf("  id = %q", id)), ConfigStateChecks: without},
			{Config: data(server, fmt.Sprintf("  id = %q\n  include_credentials = true", id)), ConfigStateChecks: with},
			{Config: data(server, fmt.Sprintf("  credentials_identifier = %q\n  include_credentials = "+
				"true", strings.ToUpper(username))), ConfigStateChecks: with},
		},
	})
}

// The data source makes one request for every kind of reference.
func TestAccIdentityDataSource_requests(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin, proxy := acctest.AdminOf(server), acctest.NewProxy(t, server.AdminURL)
	username := acctest.RandomName()
	id := someone(t, admin, username)
	w := acctest.NewWorkspace(t, proxy.URL())
	for _, name := range []string{
		fmt.Sprintf("id = %q", id), fmt.Sprintf("credentials_identifier = %q", username), fmt.Sprintf("credentials_identifier = \"gh:%s\"", username),
	} {
		for _, credentials := range []string{"", "\ninclude_credentials = true"} {
			proxy.Reset()
			w.WriteMain("data \"ory_identity\" \"test\" {\n" + name + credentials + "\n}\n")
			w.Run("apply", "-no-color", "-auto-approve")
			if n := proxy.Count("", ""); n != 1 {
				t.Errorf("%s%s: %d requests", name, credentials, n)
			}
		}
	}
}

// A large number reaches an output exactly.
func TestAccIdentityDataSource_exactNumbers(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.WriteMain(fmt.Sprintf("data \"ory_identity\" \"test\" {\n  id = %q\n}\noutput \"age\" {\n  value = "+
		"data.ory_identity.test.traits.age\n}\n",
		someone(t, acctest.AdminOf(server), acctest.RandomName())))
	w.Run("apply", "-no-color", "-auto-approve")
	if age := strings.TrimSpace(w.Output("output", "-json", "age")); age != "12345678901234567890" {
		t.Errorf("the age is %s", age)
	}
	if state := w.Read("terraform.tfstate"); strings.Contains(state, "correct horse") ||
		strings.Contains(state, "hashed_password") {
		t.Error("the state has a secret")
	}
}

func TestAccIdentityDataSource_byExternalID(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	external := acctest.RandomName() + "=1/2"
	step := resource.TestStep{
		Config:      data(server, fmt.Sprintf("  external_id = %q", external)),
		ExpectError: regexp.MustCompile(`external_id\s+needs\s+Kratos\s+v25.4\s+or\s+later`),
	}
	if admin.KnowsExternalID(t) {
		id := create(
			t,
			admin,
			fmt.Sprintf(
				`{"schema_id":"preset://email","traits":{"email":%q},"external_id":%q}`,
				acctest.RandomEmail(),
				external,
			),
		)
		t.Cleanup(func() { admin.DeleteIdentity(t, id) })
		step.ExpectError = nil
		step.ConfigStateChecks = []statecheck.StateCheck{
			statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("id"), knownvalue.StringExact(id)),
			statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("external_id"), knownvalue.StringExact(external)),
		}
	}
	resource.Test(
		t,
		resource.TestCase{ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories, Steps: []resource.TestStep{step}},
	)
}

func TestAccIdentityDataSource_errors(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	shared := acctest.RandomName()
	first := create(t, admin, fmt.Sprintf(`{"schema_id":"username","traits":{"username":"gh:%s"}}`, shared))
	second := create(
		t,
		admin,
		fmt.Sprintf(
			`{"schema_id":"username","traits":{"username":%q},"credentials":{"oidc":{"config":{"providers":[{"provider":"gh","subject":%q}]}}}}`,
			acctest.RandomName(),
			shared,
		),
	)
	t.Cleanup(func() { admin.DeleteIdentity(t, first); admin.DeleteIdentity(t, second) })
	for name, test := range map[string]struct {
		attributes string
		want       []string
	}{
		"none": {"  include_credentials = true", []string{"exactly one of id, external_id and " +
			"credentials_identifier. The configuration sets none of them"}},
		"several": {"  id = \"" + noUUID + "\"\n  external_id = \"a\"", []string{"exactly one of", "The configuration " +
			"sets id and external_id."}},
		"null later":   {"  id = terraform_data.null.output", []string{"exactly one of", "sets none of them to a value"}},
		"no UUID":      {"  id = \"ada\"", []string{"id must be a UUID"}},
		"not there":    {"  id = \"" + noUUID + "\"", []string{"Identity not found", `id = "` + noUUID + `"`, "no identity with the id", "deleted, or may belong to another server or project"}},
		"nobody's":     {"  credentials_identifier = \"nobody@example.org\"", []string{"Identity not found", `login identifier "nobody@example.org"`, "not login identifiers"}},
		"several have": {fmt.Sprintf("  credentials_identifier = \"gh:%s\"", shared), []string{"Several identities", first, second, "by its UUID"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain("resource \"terraform_data\" \"null\" {}\ndata \"ory_identity\" \"test\" " +
				"{\n" + test.attributes + "\n}\n")
			w.ExpectFailure(test.want, "apply", "-no-color", "-auto-approve")
		})
	}
}
