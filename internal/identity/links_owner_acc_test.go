package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func linkedTo(name, username, link, rest string) string {
	return fmt.Sprintf("resource \"ory_identity\" %q {\n  schema_id = \"username\"\n  traits = { username = %q }\n  "+
		"%s\n  %s\n}\n",
		name, username, credentialsOf(oidcOf(link)), rest)
}

// A create whose link belongs to another identity adopts this identity if on_conflict allows it.
func TestAccIdentity_adoptByLink(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	a := newAPI(t, server)
	link, _, _ := someLinks()
	id := a.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q}}`, acctest.RandomName()))
	a.link(id, link)
	w := acctest.NewWorkspace(t, server.AdminURL)
	username := acctest.RandomName()
	w.WriteMain(linkedTo("test", username, link, `on_conflict = "adopt"`))
	w.Run("apply", "-no-color", "-auto-approve")
	if err := a.Compare(id, fmt.Sprintf(`{"traits":{"username":%q}}`, username)); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The plan refuses two resources with the same link, new or existing.
func TestAccIdentity_linkDeclaredTwice(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	link, _, _ := someLinks()
	w := acctest.NewWorkspace(t, server.AdminURL)
	first, second := linkedTo("first", acctest.RandomName(), link, ""), linkedTo("second", acctest.RandomName(), link, "")
	refused := []string{"Two resources declare one identity", "both have the same link in credentials.oidc"}
	w.WriteMain(first + second)
	expectFailure(t, w, refused, "plan", "-no-color")
	w.WriteMain(first)
	w.Run("apply", "-no-color", "-auto-approve")
	w.WriteMain(first + second)
	expectFailure(t, w, refused, "plan", "-no-color")
	w.WriteMain(first)
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// An address moves from one resource to another. The error recommends neither an import nor a deletion.
func TestAccIdentity_addressHandedOver(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	handed, other := acctest.RandomEmail(), acctest.RandomEmail()
	old := func(email string) string {
		return person("old", email, "metadata_public = { after = try(ory_identity.new.id, \"\") }")
	}
	w.WriteMain(person("old", handed, ""))
	w.Run("apply", "-no-color", "-auto-approve")
	w.WriteMain(old(other) + person("new", handed, ""))
	output, code := w.Try("apply", "-no-color", "-auto-approve")
	if code == 0 || strings.Contains(output, "delete it.") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	w.WriteMain(person("old", other, "") + person("new", handed, "depends_on = [ory_identity.old]"))
	w.Run("apply", "-no-color", "-auto-approve")
	w.Run("destroy", "-no-color", "-auto-approve")
}
