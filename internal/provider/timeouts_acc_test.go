package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// onePerYear makes the server announce that it takes one request a year of each kind.
func onePerYear(proxy *acctest.Proxy) {
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		w.Header().Set("X-Ratelimit-Limit", "1, 1;w=31536000")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // fails only if the client has gone
		return true
	})
}

// Every operation that reaches the server has a time-out, also where no timeouts block can be written: a wait of a year
// ends at once, and the error says why.
func TestAccTimeouts_everyOperationEnds(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	email := acctest.RandomEmail()
	id := admin.CreateIdentity(t, map[string]any{"schema_id": "preset://email", "traits": map[string]string{"email": email}})
	t.Cleanup(func() { admin.DeleteIdentity(t, id) })
	twice := func(block, arguments string) string {
		return fmt.Sprintf("%s \"one\" {\n%s\n}\n%[1]s \"two\" {\n%[2]s\n}\n", block, arguments)
	}
	triggering := func(action, config string) string {
		return twice(fmt.Sprintf("action %q", action), "  config {\n    "+config+"\n  }") + fmt.Sprintf(
			"resource \"terraform_data\" \"trigger\" {\n  lifecycle {\n    action_trigger {\n      events = [after_create]\n      "+
				"actions = [action.%s.one, action.%[1]s.two]\n    }\n  }\n}\n", action)
	}
	ofID := fmt.Sprintf("identity_id = %q", id)
	for name, test := range map[string]struct {
		main, query string
	}{
		"identity":      {main: twice(`data "ory_identity"`, fmt.Sprintf("id = %q", id))},
		"by identifier": {main: twice(`data "ory_identity"`, fmt.Sprintf("credentials_identifier = %q", email))},
		"identities":    {main: twice(`data "ory_identities"`, fmt.Sprintf("credentials_identifier = %q", email))},
		"schema":        {main: twice(`data "ory_identity_schema"`, `id = "preset://email"`)},
		"schemas":       {main: twice(`data "ory_identity_schemas"`, "")},
		"sessions":      {main: twice(`data "ory_identity_sessions"`, ofID)},
		"code":          {main: twice(`resource "ory_recovery_code"`, ofID)},
		"link":          {main: twice(`resource "ory_recovery_link"`, ofID)},
		"ephemeral":     {main: twice(`ephemeral "ory_recovery_code"`, ofID)},
		"revoke":        {main: triggering("ory_revoke_sessions", ofID)},
		"delete":        {main: triggering("ory_delete_credential", ofID+"\n    type = \"totp\"")},
		"list": {
			query: twice(`list "ory_identity"`, "  provider = ory\n  config {\n    ids = [for i in range(101) : "+
				"format(\"00000000-0000-4000-8000-%012d\", i)]\n  }"),
		},
		"import": {main: "resource \"ory_identity\" \"test\" {\n  for_each = toset([\"a\", \"b\"])\n  schema_id = \"preset://email\"\n" +
			"  traits = { email = each.key }\n}\nimport {\n  for_each = toset([\"a\", \"b\"])\n  to = ory_identity.test[each.key]\n" +
			"  id = \"identifier=" + email + "\"\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, server.AdminURL)
			onePerYear(proxy)
			w := acctest.NewWorkspace(t, proxy.URL())
			w.WriteMain(test.main)
			args := []string{"apply", "-no-color", "-auto-approve", "-parallelism=1"}
			if test.query != "" {
				w.Write("find.tfquery.hcl", test.query)
				args = []string{"query", "-no-color"}
			}
			w.ExpectFailure([]string{"the rate limit allows the next request in 8760h", "of the time limit are left"}, args...)
		})
	}
}
