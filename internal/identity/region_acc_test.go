package identity_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A server that doesn't support region refuses it on create and ignores it on update. Both give an error that names the
// version.
func TestAccIdentity_regionUnknownToServer(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	email := acctest.RandomEmail()
	write := func(rest string) {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n"+
			"  traits = { email = %q }\n  %s\n}\n", email, rest))
	}
	status, made := acctest.AdminOf(server).TryCreateIdentity(t, map[string]any{
		"schema_id": "preset://email", "traits": map[string]any{"email": acctest.RandomEmail()}, "region": "eu-central",
	})
	if status == http.StatusCreated {
		acctest.AdminOf(server).DeleteIdentity(t, fmt.Sprint(made["id"]))
		t.Skip("this Kratos knows region: the error is for servers up to v26.2")
	}
	write("")
	w.Run("apply", "-no-color", "-auto-approve")
	want := []string{`region = "eu-central"`, "needs a Kratos later than v26.2"}
	write(`region = "eu-central"`)
	expectFailure(t, w, want, "apply", "-no-color", "-auto-approve")
	w.Run("destroy", "-no-color", "-auto-approve")
	expectFailure(t, w, want, "apply", "-no-color", "-auto-approve")
	write("")
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}
