package passwordhash_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// The plan's verdicts on the samples, which TestValidator_samples checks, are the real server's.
func TestAccValidator_agreesWithServer(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	taken, refused := 0, 0
	for hash, want := range samples {
		email := acctest.RandomEmail()
		status, answer := admin.TryCreateIdentity(t, map[string]any{
			"schema_id": "preset://email", "traits": map[string]any{"email": email},
			"credentials": map[string]any{"password": map[string]any{"config": map[string]any{"hashed_password": hash}}},
		})
		created := status == http.StatusCreated
		if !created && status != http.StatusBadRequest {
			t.Fatalf("%s: status %d: %v", hash, status, answer)
		}
		ok := false
		switch want {
		case accepted:
			ok = created && signsIn(t, server, email)
		case unknown:
			ok = !created
		case damaged:
			ok = !created || !signsIn(t, server, email)
		case useless:
			ok = created && !signsIn(t, server, email)
		case bounded:
			ok = true
			if created {
				taken++
			} else {
				refused++
			}
		}
		if !ok {
			t.Errorf("%s: verdict %d, but the server answers %d: %v", hash, want, status, answer["error"])
		}
	}
	if taken > 0 && refused > 0 {
		t.Errorf("the server takes %d of the hashes with high costs, and refuses %d", taken, refused)
	}
}

// signsIn reports whether the right password signs in, and no other.
func signsIn(t *testing.T, server *acctest.Server, email string) bool {
	t.Helper()
	login := func(password string) error {
		_, err := acctest.Login(t.Context(), server.PublicURL, email, password)
		return err
	}
	return errors.Is(login("another password"), acctest.ErrBadCredentials) && login(hashed) == nil
}
