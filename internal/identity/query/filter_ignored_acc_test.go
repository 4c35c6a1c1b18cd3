package query_test

import (
	"net/http"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// dropFilter makes the proxy a gateway that drops one parameter of the query.
func dropFilter(proxy *acctest.Proxy, name string) {
	proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		query := r.URL.Query()
		query.Del(name)
		r.URL.RawQuery = query.Encode()
		return false
	})
}

// Behind a gateway that drops a filter, the data sources show no other identity.
func TestAccIdentities_filterIgnored(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	someone(t, acctest.AdminOf(server), "ada")
	for _, test := range []struct{ filter, source, argument string }{
		{"credentials_identifier", "ory_identity", `credentials_identifier = "nobody@example.org"`},
		{"credentials_identifier", "ory_identities", `credentials_identifier = "nobody@example.org"`},
		{"ids", "ory_identities", `ids = ["` + noUUID + `"]`},
	} {
		t.Run(test.source+" by "+test.filter, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, server.AdminURL)
			dropFilter(proxy, test.filter)
			w := acctest.NewWorkspace(t, proxy.URL())
			w.WriteMain("data \"" + test.source + "\" \"test\" {\n  " + test.argument + "\n}\n")
			w.ExpectFailure([]string{"ignored the filter " + test.filter, "every gateway"}, "plan", "-no-color")
		})
	}
}
