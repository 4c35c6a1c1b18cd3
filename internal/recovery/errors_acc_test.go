package recovery_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// An error is reported on the attribute that causes it, with the change to make, in both forms of a code and of a link.
func TestAccRecovery_errors(t *testing.T) {
	t.Parallel()
	server, disabled := acctest.Kratos(t), acctest.Kratos(t, acctest.Options{NoRecovery: true})
	const nobody = "00000000-0000-4000-8000-000000000000"
	here, there := newIdentity(t, server), newIdentity(t, disabled)
	for _, test := range []struct {
		name, arguments string
		server          *acctest.Server
		only            string // "code" or "link", "" for both
		want            []string
	}{
		{"unknown identity", `identity_id = "` + nobody + `"`, server, "", []string{"Identity not found", `identity_id = "` + nobody, "Set identity_id to the id of an ory_identity"}},
		{"no UUID", `identity_id = "ada@example.org"`, server, "", []string{`identity_id = "ada@`, "must be a UUID"}},
		{"no duration", `identity_id = "` + here + "\"\n  expires_in = \"1d\"", server, "", []string{`expires_in = "1d"`, "Invalid duration", "24h"}},
		{"no time", `identity_id = "` + here + "\"\n  expires_in = \"0s\"", server, "", []string{`expires_in = "0s"`, "Invalid duration"}},
		{"past", `identity_id = "` + here + "\"\n  expires_in = \"-1h\"", server, "", []string{`expires_in = "-1h"`, "Invalid duration"}},
		{
			"foreign URL", `identity_id = "` + here + "\"\n  return_to = \"https://evil.example/\"", server, "link",
			[]string{`return_to = "https://evil`, "URL not allowed", "allowed_return_urls"},
		},
		{
			"no URL", `identity_id = "` + here + "\"\n  return_to = \":foo\"", server, "link",
			[]string{`return_to = ":foo"`, "Invalid URL", "missing protocol scheme", "https://app.example.org/welcome"},
		},
		{"flow type", `identity_id = "` + here + "\"\n  flow_type = \"app\"", server, "code", []string{`flow_type = "app"`, "browser"}},
		{
			"disabled code", `identity_id = "` + there + `"`, disabled, "code",
			[]string{"identity_id =", "Recovery method disabled", "selfservice.methods.code.enabled to true"},
		},
		{
			"disabled link", `identity_id = "` + there + `"`, disabled, "link",
			[]string{"identity_id =", "Recovery method disabled", "selfservice.methods.link.enabled to true"},
		},
	} {
		for _, form := range []string{"ephemeral", "resource"} {
			for _, kind := range []string{"code", "link"} {
				if test.only != "" && test.only != kind {
					continue
				}
				t.Run(form+" "+kind+" "+test.name, func(t *testing.T) {
					t.Parallel()
					w := acctest.NewWorkspace(t, test.server.AdminURL)
					w.WriteMain(fmt.Sprintf("%s \"ory_recovery_%s\" \"test\" {\n  %s\n}\n", form, kind, test.arguments))
					expectError(t, w, test.want)
				})
			}
		}
	}
	t.Run("renewal", func(t *testing.T) {
		t.Parallel()
		w := acctest.NewWorkspace(t, server.AdminURL)
		for renewBefore, says := range map[string]string{"60m": "Always due for renewal", "1d": "Invalid duration", "-1m": "Invalid duration"} {
			w.WriteMain(fmt.Sprintf("resource \"ory_recovery_code\" \"test\" {\n  identity_id = %q\n  expires_in = \"1h\"\n  "+
				"renew_before = %q\n}\n",
				here, renewBefore))
			expectError(t, w, []string{fmt.Sprintf("renew_before = %q", renewBefore), says})
		}
	})
}

// The apply checks the values that only the apply knows by the same rules, before it sends a request.
func TestAccRecovery_errorsAtApply(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w, id := acctest.NewWorkspace(t, proxy.URL()), newIdentity(t, server)
	write := func(input, argument string) {
		w.WriteMain(fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = %q\n}\nresource \"ory_recovery_code\" "+
			"\"test\" {\n"+
			"  identity_id = %q\n  %s = terraform_data.late.output\n}\n", input, id, argument))
	}
	write("1d", "expires_in")
	expectError(t, w, []string{"expires_in = terraform_data.late.output", "Invalid duration"})
	if n := len(proxy.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	write("1m", "renew_before")
	w.Run("apply", "-no-color", "-auto-approve")
	write("-1m", "renew_before")
	expectError(t, w, []string{"renew_before = terraform_data.late.output", "Invalid duration"})
	write("2m", "renew_before")
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

func newIdentity(t *testing.T, server *acctest.Server) string {
	t.Helper()
	return acctest.AdminOf(server).CreateIdentity(t, map[string]any{
		"schema_id": "preset://email", "traits": map[string]any{"email": acctest.RandomEmail()},
	})
}

func expectError(t *testing.T, w *acctest.Workspace, want []string) {
	t.Helper()
	output, code := w.Try("apply", "-no-color", "-auto-approve")
	text := acctest.Unwrapped(output)
	for _, words := range want {
		if !strings.Contains(text, strings.Join(strings.Fields(words), " ")) || code == 0 {
			t.Errorf("exit code %d, want %q in\n%s", code, words, output)
		}
	}
}

// A lost answer doesn't fail the apply: nobody has the code in it, and a new code works as well.
func TestAccRecovery_lostAnswer(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain("resource \"ory_recovery_code\" \"test\" {\n  identity_id = \"" + newIdentity(t, server) + "\"\n}\n")
	proxy.LoseAnswers(1, acctest.On(http.MethodPost, "/admin/recovery/code"))
	w.Run("apply", "-no-color", "-auto-approve")
	if n := proxy.Count(http.MethodPost, "/admin/recovery/code"); n != 2 {
		t.Errorf("%d requests, want the lost one and another", n)
	}
	w.ExpectEmptyPlan()
}
