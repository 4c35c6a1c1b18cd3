package identity_test

import (
	"fmt"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// If the login identifiers or the external id of a configuration belong to different people, no identity is adopted.
func TestAccIdentity_adoptOfSeveralOwners(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	username, email, external := acctest.RandomName(), acctest.RandomEmail(), acctest.RandomName()
	named := api.Create(
		fmt.Sprintf(`{"schema_id":"two_logins","traits":{"username":%q,"email":%q}}`, username, acctest.RandomEmail()),
	)
	reached := api.Create(
		fmt.Sprintf(`{"schema_id":"two_logins","traits":{"username":%q,"email":%q}}`, acctest.RandomName(), email),
	)
	people := []string{named, reached}
	tests := map[string]struct{ attributes, one, other string }{
		"two login identifiers": {fmt.Sprintf("traits = { username = %q, email = %q }", username, email), named, reached},
	}
	if api.KnowsExternalID() {
		customer := api.Create(
			fmt.Sprintf(`{"schema_id":"two_logins","traits":{"username":%q},"external_id":%q}`, acctest.RandomName(), external),
		)
		people = append(people, customer)
		tests["external id and login identifier"] = struct{ attributes, one, other string }{
			fmt.Sprintf("traits = { username = %q }\n  external_id = %q", username, external), customer, named,
		}
	}
	t.Cleanup(func() {
		for _, id := range people {
			api.Delete(id)
		}
	})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"two_logins\"\n  %s\n  on_conflict "+
				"= \"adopt\"\n  metadata_public = { team = \"engines\" }\n}\n", test.attributes))
			expectFailure(
				t,
				w,
				[]string{"belong to several identities", test.one, test.other, "belong to one identity only"},
				"apply",
				"-no-color",
				"-auto-approve",
			)
			if state := w.Run("state", "list"); state != "" {
				t.Errorf("the state has %s", state)
			}
			for _, id := range people {
				if err := newAPI(t, server).Compare(id, `{"metadata_public":null}`); err != nil {
					t.Errorf("%s was changed: %v", id, err)
				}
			}
		})
	}
}
