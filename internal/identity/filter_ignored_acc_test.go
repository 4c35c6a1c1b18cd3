package identity_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Behind a gateway that drops the filter of a list, neither an import nor an adoption takes another identity.
func TestAccIdentity_filterIgnored(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	eve := api.Create(
		`{"schema_id":"preset://email","traits":{"email":"eve@example.org"},"metadata_public":{"team":"engines"}}`,
	)
	proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		query := r.URL.Query()
		query.Del("credentials_identifier")
		r.URL.RawQuery = query.Encode()
		return false
	})
	resource := func(email, rest string) string {
		return fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email = "+
			"%q }\n%s}\n", email, rest)
	}
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain("import {\n  to = ory_identity.test\n  id = " +
		"\"identifier=nobody@example.org\"\n}\n" + resource("nobody@example.org", ""))
	w.ExpectFailure([]string{"Failed to find identity", "ignored the filter " +
		"credentials_identifier"}, "plan", "-no-color")

	ada := api.Create(`{"schema_id":"preset://email","traits":{"email":"ada@example.org"}}`)
	w.WriteMain(resource("ada@example.org", "  on_conflict = \"adopt\"\n  metadata_public = { team = \"taken\" }\n"))
	w.ExpectFailure([]string{"Conflict with another identity", "ignored the filter " +
		"credentials_identifier"}, "apply", "-no-color", "-auto-approve")
	for id, want := range map[string]string{
		eve: `{"traits":{"email":"eve@example.org"},"metadata_public":{"team":"engines"}}`,
		ada: `{"traits":{"email":"ada@example.org"},"metadata_public":null}`,
	} {
		if err := api.Compare(id, want); err != nil {
			t.Error(err)
		}
	}
}
