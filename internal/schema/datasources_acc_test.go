package schema_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// schemaFile reads an identity schema that every test server has.
func schemaFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile("../kratostest/schemas/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func paths(all ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(all))
	for _, path := range all {
		checks = append(checks, knownvalue.StringExact(path))
	}
	return knownvalue.ListExact(checks)
}

// sameJSON checks that a string is a JSON document with the same meaning as want.
func sameJSON(want string) knownvalue.Check {
	return knownvalue.StringFunc(func(got string) error {
		var a, b any
		if err := json.Unmarshal([]byte(got), &a); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(want), &b); err != nil {
			return err
		}
		left, _ := json.Marshal(a)
		right, _ := json.Marshal(b)
		if string(left) != string(right) {
			return fmt.Errorf("got %s, want %s", left, right)
		}
		return nil
	})
}

func TestAccIdentitySchema(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const address = "data.ory_identity_schema.test"
	config := func(id string) string {
		return acctest.ProviderConfig(server) + fmt.Sprintf("data \"ory_identity_schema\" \"test\" {\n  id = %q\n}\n", id)
	}
	is := func(name string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: config("preset://email"),
				ConfigStateChecks: []statecheck.StateCheck{
					is("schema", sameJSON(schemaFile(t, "email"))),
					is("url", knownvalue.StringExact(server.AdminURL+"/schemas/cHJlc2V0Oi8vZW1haWw")),
					is(
						"login_identifiers",
						knownvalue.MapExact(
							map[string]knownvalue.Check{"code": paths("email"), "password": paths("email"), "webauthn": paths("email")},
						),
					),
					is("verifiable_addresses", knownvalue.MapExact(map[string]knownvalue.Check{"email": paths("email")})),
					is("recovery_addresses", knownvalue.MapExact(map[string]knownvalue.Check{"email": paths("email")})),
					is("complete", knownvalue.Bool(true)),
				},
			},
			{
				Config: config("two_addresses"),
				ConfigStateChecks: []statecheck.StateCheck{
					is(
						"verifiable_addresses",
						knownvalue.MapExact(map[string]knownvalue.Check{"email": paths("backup_email", "email"), "sms": paths("phone")}),
					),
					is(
						"recovery_addresses",
						knownvalue.MapExact(map[string]knownvalue.Check{"email": paths("backup_email", "email")}),
					),
				},
			},
			{
				Config:      config("nope"),
				ExpectError: regexp.MustCompile(`(?s)Identity schema not found.*id = "nope".*ory_identity_schemas`),
			},
			{Config: config("username")},
		},
	})
}

func TestAccIdentitySchemas(t *testing.T) {
	t.Parallel()
	// The list includes a schema that refers to another document, and doesn't load that document.
	server := acctest.Kratos(t, acctest.Options{Schemas: map[string]string{
		"customer": `{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"traits":{"type":"object","properties":{"id":{"$ref":"#/definitions/id"}}}},` +
			`"definitions":{"id":{"type":"object","properties":{"number":{"ory.sh/kratos":{"credentials":{"password":{"identifier":true}}}},"next":{"$ref":"#/definitions/id"}}}}}`,
	}})
	proxy := acctest.NewProxy(t, server.AdminURL)
	schemas := tfjsonpath.New("schemas")
	const address = "data.ory_identity_schemas.test"
	var checks []statecheck.StateCheck
	for i, id := range []string{"customer", "phone", "preset://email", "two_addresses", "two_logins", "username"} {
		checks = append(
			checks,
			statecheck.ExpectKnownValue(address, schemas.AtSliceIndex(i).AtMapKey("id"), knownvalue.StringExact(id)),
		)
	}
	checks = append(
		checks,
		statecheck.ExpectKnownValue(address, schemas, knownvalue.ListSizeExact(6)),
		statecheck.ExpectKnownValue(address, schemas.AtSliceIndex(0).AtMapKey("complete"), knownvalue.Bool(false)),
		statecheck.ExpectKnownValue(
			address,
			schemas.AtSliceIndex(0).AtMapKey("login_identifiers"),
			knownvalue.MapExact(map[string]knownvalue.Check{"password": paths("id.number")}),
		),
		statecheck.ExpectKnownValue(address, schemas.AtSliceIndex(1).AtMapKey("schema"), sameJSON(schemaFile(t, "phone"))),
	)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfigURL(proxy.URL()) + "data \"ory_identity_schemas\" \"test\" " +
				"{}\n", ConfigStateChecks: checks,
		}},
	})
	for _, request := range proxy.Requests() {
		if !strings.Contains(request.Path, "/schemas") {
			t.Errorf("a request for %s", request.Path)
		}
	}
}

// If the schemas can't be read, there is an error: a user would believe an empty list.
func TestAccIdentitySchemas_unreachable(t *testing.T) {
	t.Parallel()
	proxy := acctest.NewProxy(t, acctest.Kratos(t).AdminURL)
	proxy.FailNext(1_000_000, acctest.On("", "/"), http.StatusNotFound, "<html>gateway</html>")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config:      acctest.ProviderConfigURL(proxy.URL()) + "data \"ory_identity_schemas\" \"test\" {}\n",
				ExpectError: regexp.MustCompile(`Failed to read identity schemas`),
			},
			{
				Config: acctest.ProviderConfigURL(proxy.URL()) + "data \"ory_identity_schema\" \"test\" {\n  id = " +
					"\"username\"\n}\n",
				ExpectError: regexp.MustCompile(`Failed to read identity schema`),
			},
		},
	})
}
