package recovery_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// These tests check what the documentation tells about the server. If a version behaves differently, the documentation
// needs a change.

// The fifth wrong attempt invalidates a code, and no earlier attempt does.
func TestAccServer_wrongCodes(t *testing.T) {
	t.Parallel()
	// On a shared SQLite database, an attempt may use the code up and then fail at a lock.
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin, id := acctest.AdminOf(server), newIdentity(t, server)
	for wrong, good := range map[int]bool{4: true, 5: false} {
		link, code := admin.RecoveryCode(t, id, "api")
		for range wrong {
			if _, err := acctest.Recover(t.Context(), server.PublicURL, link, "x"+code[1:]); err == nil {
				t.Error("a wrong code works")
			}
		}
		if _, err := acctest.Recover(t.Context(), server.PublicURL, link, code); (err == nil) != good {
			t.Errorf("after %d wrong attempts it should work: %v, but: %v", wrong, good, err)
		}
	}
}

// Deactivating an identity suspends its code and link. An attempt during the suspension uses the code or link up.
func TestAccServer_deactivation(t *testing.T) {
	t.Parallel()
	// On a shared SQLite database, an attempt may use the code up and then fail at a lock.
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin, id := acctest.AdminOf(server), newIdentity(t, server)
	setState := func(state string) {
		admin.PatchIdentity(t, id, acctest.Operation{Op: "replace", Path: "/state", Value: state})
	}
	for _, tried := range []bool{false, true} {
		page, code := admin.RecoveryCode(t, id, "api")
		link := admin.RecoveryLink(t, id)
		expect := func(good bool, when string) {
			t.Helper()
			if _, err := acctest.Recover(t.Context(), server.PublicURL, page, code); (err == nil) != good {
				t.Errorf("%s: the code should work: %v, but: %v", when, good, err)
			}
			if err := acctest.NewBrowser(t, server).OpenRecoveryLink(t.Context(), link); (err == nil) != good {
				t.Errorf("%s: the link should work: %v, but: %v", when, good, err)
			}
		}
		setState("inactive")
		if tried {
			expect(false, "while inactive")
		} else {
			admin.RecoveryCode(t, id, "browser") // the server still makes a code
		}
		setState("active")
		expect(!tried, "active again")
	}
}

// If the recovery flow is disabled, the server still makes codes and links, and accepts them. But the server shows the
// flow to nobody, so no page can accept a code.
func TestAccServer_noRecoveryFlow(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{NoRecoveryFlow: true})
	admin, id := acctest.AdminOf(server), newIdentity(t, server)
	page, code := admin.RecoveryCode(t, id, "api")
	parsed, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		server.PublicURL+"/self-service/recovery/flows?id="+parsed.Query().Get("flow"), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != http.StatusBadRequest {
		t.Errorf("the flow is shown: %s", response.Status)
	}
	if _, err := acctest.Recover(t.Context(), server.PublicURL, page, code); err != nil {
		t.Error(err)
	}
	if err := acctest.NewBrowser(t, server).OpenRecoveryLink(t.Context(), admin.RecoveryLink(t, id)); err != nil {
		t.Error(err)
	}
}
