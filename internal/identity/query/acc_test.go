package query_test

import (
	"encoding/json"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// create creates an identity whose body is JSON text.
func create(t *testing.T, admin acctest.Admin, body string) string {
	t.Helper()
	return admin.CreateIdentity(t, json.RawMessage(body))
}
