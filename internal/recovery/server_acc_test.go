package recovery_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// What the documentation says of the server. Should a version behave otherwise, that needs another sentence.

// The fifth wrong attempt ends a code, and no earlier one.
func TestAccServer_wrongCodes(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
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

// Deactivating suspends a code and a link. Trying one meanwhile uses it up.
func TestAccServer_deactivation(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
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
			admin.RecoveryCode(t, id, "browser") // is made all the same
		}
		setState("active")
		expect(!tried, "active again")
	}
}

// Where the flow of recovery is switched off, the server makes codes and links as ever, and takes them. But it shows
// nobody the flow, so that a page has nothing to type a code into.
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
