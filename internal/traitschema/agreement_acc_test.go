package traitschema_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// The verdicts of the samples, which TestValidateSamples holds the validator to, are the real server's.
func TestAccValidate_agreesWithServer(t *testing.T) {
	t.Parallel()
	all := documents(t)
	const prefix = "test_" // the server has some of them under the same id
	added := map[string]string{}
	for id, document := range all {
		added[prefix+id] = document
	}
	admin := acctest.AdminOf(acctest.Kratos(t, acctest.Options{Schemas: added}))
	for _, s := range samples {
		body := map[string]any{"schema_id": prefix + s.schema, "traits": json.RawMessage(s.traits)}
		status, answer := admin.TryCreateIdentity(t, body)
		failure, _ := answer["error"].(map[string]any)
		reason, _ := failure["reason"].(string)
		switch {
		case status == http.StatusCreated:
			admin.DeleteIdentity(t, answer["id"].(string)) // so that the next one doesn't conflict
		case status != http.StatusBadRequest || s.want == refused && !strings.Contains(reason, "I[#"):
			t.Fatalf("%s %s: status %d: %v", s.schema, s.traits, status, answer)
		}
		if accepted := status == http.StatusCreated; accepted != (s.want == valid) {
			t.Errorf("%s %s: the server accepts: %v: %s", s.schema, s.traits, accepted, reason)
		}
	}
}
