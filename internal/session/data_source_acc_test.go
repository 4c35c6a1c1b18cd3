package session_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestAccIdentitySessions(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	email, password := acctest.RandomEmail(), "correct horse battery"
	id := admin.CreateIdentity(t, map[string]any{
		"schema_id": "preset://email", "traits": map[string]any{"email": email},
		"credentials": map[string]any{"password": map[string]any{"config": map[string]any{"password": password}}},
	})
	t.Cleanup(func() { admin.DeleteIdentity(t, id) })
	var sessions []acctest.Session
	for range 2 {
		session, err := acctest.Login(t.Context(), server.PublicURL, email, password)
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, session)
	}
	const address = "data.ory_identity_sessions.test"
	config := func(rest string) string {
		return acctest.ProviderConfig(server) + fmt.Sprintf("data \"ory_identity_sessions\" \"test\" {\n  identity_id = "+
			"%q\n%s}\n", id, rest)
	}
	is := func(want ...acctest.Session) statecheck.StateCheck {
		checks := make([]knownvalue.Check, 0, len(want))
		for _, session := range want {
			checks = append(
				checks,
				knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact(session.ID)}),
			)
		}
		return statecheck.ExpectKnownValue(address, tfjsonpath.New("sessions"), knownvalue.ListExact(checks))
	}
	rfc3339 := knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT`))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: config(""),
				ConfigStateChecks: []statecheck.StateCheck{
					is(sessions...),
					statecheck.ExpectKnownValue(
						address,
						tfjsonpath.New("sessions").AtSliceIndex(0),
						knownvalue.ObjectPartial(map[string]knownvalue.Check{
							"active": knownvalue.Bool(true), "issued_at": rfc3339, "authenticated_at": rfc3339, "expires_at": rfc3339,
							"authenticator_assurance_level": knownvalue.StringExact("aal1"),
							"authentication_methods": knownvalue.ListExact(
								[]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{
									"method": knownvalue.StringExact(
										"password",
									), "aal": knownvalue.StringExact("aal1"), "provider": knownvalue.Null(),
								})},
							),
							"devices": knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{
								"ip_address": knownvalue.StringRegexp(regexp.MustCompile(`^[\d.]+:\d+$`)), "user_agent": knownvalue.NotNull(),
							})}),
						}),
					),
				},
			},
			{
				PreConfig:         func() { admin.RevokeSession(t, sessions[0].ID) },
				Config:            config("  active = true\n"),
				ConfigStateChecks: []statecheck.StateCheck{is(sessions[1])},
			},
			{Config: config("  active = false\n"), ConfigStateChecks: []statecheck.StateCheck{is(sessions[0])}},
			{
				Config:            strings.Replace(config(""), id, "00000000-0000-4000-8000-000000000000", 1),
				ConfigStateChecks: []statecheck.StateCheck{is()},
			},
			{Config: strings.Replace(config(""), id, "ada", 1), ExpectError: regexp.MustCompile(`identity_id must be a UUID`)},
			{Config: config(""), ConfigStateChecks: []statecheck.StateCheck{is(sessions...)}},
		},
	})
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.WriteMain(fmt.Sprintf("data \"ory_identity_sessions\" \"test\" {\n  identity_id = %q\n}\n", id))
	w.Run("apply", "-no-color", "-auto-approve")
	state := w.Read("terraform.tfstate")
	for _, session := range sessions {
		if !strings.Contains(state, session.ID) || strings.Contains(state, session.Token) {
			t.Error("the state lacks a session, or has its token")
		}
	}
}

// The data source reads all pages of sessions, although the server gives tokens of further pages that it doesn't
// accept.
func TestAccIdentitySessions_pages(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	username, password := acctest.RandomName(), "correct horse battery"
	id := admin.CreateIdentity(t, map[string]any{
		"schema_id": "username", "traits": map[string]any{"username": username},
		"credentials": map[string]any{"password": map[string]any{"config": map[string]any{"password": password}}},
	})
	t.Cleanup(func() { admin.DeleteIdentity(t, id) })
	const total = 252
	for range total {
		if _, err := acctest.Login(t.Context(), server.PublicURL, username, password); err != nil {
			t.Fatal(err)
		}
	}
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.WriteMain(fmt.Sprintf("data \"ory_identity_sessions\" \"test\" {\n  identity_id = %q\n}\noutput \"count\" {\n"+
		"  value = length(distinct(data.ory_identity_sessions.test.sessions[*].id))\n}\n", id))
	w.Run("apply", "-no-color", "-auto-approve")
	if count := strings.TrimSpace(w.Output("output", "-raw", "count")); count != fmt.Sprint(total) {
		t.Errorf("%s of %d sessions", count, total)
	}
}

func TestAccIdentitySessions_serverFails(t *testing.T) {
	t.Parallel()
	proxy := acctest.NewProxy(t, acctest.Kratos(t).AdminURL)
	proxy.FailNext(9, acctest.On(http.MethodGet, "/admin/identities/"), http.StatusInternalServerError,
		`{"error":{"code":500,"status":"Internal Server Error","message":"the disk is full"}}`)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain("data \"ory_identity_sessions\" \"test\" {\n  identity_id = \"00000000-0000-4000-8000-000000000000\"\n}\n")
	w.ExpectFailure([]string{"Failed to read sessions", "the disk is full"}, "plan", "-no-color")
}
