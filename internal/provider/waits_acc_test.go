package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// The log at INFO shows what a long wait is for and how long it may last. It shows no secret.
func TestAccWaits_shownAtInfo(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	lists := acctest.On(http.MethodGet, "/admin/identities")
	slow, limited := acctest.NewProxy(t, server.AdminURL), acctest.NewProxy(t, server.AdminURL)
	slow.Delay(lists, 6*time.Second)
	refused := false
	limited.Intercept(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		if refused {
			return false
		}
		refused = true
		w.Header().Set("Retry-After", "6")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	})
	for name, test := range map[string]struct {
		url  string
		want []string
	}{
		"unreachable": {closed.URL, []string{"waiting for a connection to the server", "connection refused"}},
		"slow":        {slow.URL(), []string{"waiting for the response"}},
		"limited":     {limited.URL(), []string{"waiting for the server's rate limit", "status=429"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.url)
			w.Env = append(w.Env, "TF_LOG=INFO", "TF_LOG_PATH="+filepath.Join(w.Dir, "shown.log"), "ORY_API_KEY=key-secret")
			w.WriteMain(fmt.Sprintf("data \"ory_identities\" \"none\" { credentials_identifier = %q }\n", acctest.RandomEmail()))
			if output, code := w.Try("plan", "-no-color"); (code == 0) != (name != "unreachable") {
				t.Fatalf("exit code %d:\n%s", code, output)
			}
			log := w.Read("shown.log")
			for _, words := range append(test.want, "[WARN]", "waited=", "at_most=", "/admin/identities") {
				if !strings.Contains(log, words) {
					t.Errorf("no %q in\n%s", words, log)
				}
			}
			if strings.Contains(log, "key-secret") {
				t.Error("the log shows the key")
			}
		})
	}
}
