package provider_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
)

// diagnostic is a diagnostic of apply -json.
type diagnostic struct {
	Severity, Summary, Detail, Address string
}

// If many identities are created at the same time, exactly those that the server refuses fail, each with its own reason
// on its own resource. All others are created and recorded in the state.
func TestAccErrorsStayExact(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	prefix := acctest.RandomName()
	person := func(n int) string { return fmt.Sprintf(`ory_identity.people["%02d"]`, n) }
	want := map[string]string{} // by address: the expected text of the diagnostic
	for _, n := range []int{3, 21, 40} {
		id := admin.CreateIdentity(
			t,
			json.RawMessage(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":"%s-%02d@example.org"}}`, prefix, n)),
		)
		t.Cleanup(func() { admin.DeleteIdentity(t, id) })
		want[person(n)] = "The other identity is " + id
	}
	for _, n := range []int{8, 33} {
		want[person(n)] = `refuses traits.email: the value is not valid "email"`
	}
	w := acctest.NewWorkspace(t, server.AdminURL)
	write := func(who string) {
		// The errors in the traits must not be known before the apply.
		w.WriteMain(fmt.Sprintf(`
resource "terraform_data" "unknown" {
  input = " nowhere"
}
resource "ory_identity" "people" {
  for_each  = toset([for n in range(50) : format("%%02d", n)%s])
  schema_id = "preset://email"
  traits = {
    email = "%s-${each.key}${contains(["08", "33"], each.key) ? terraform_data.unknown.output : "@example.org"}"
  }
}
`, who, prefix))
	}
	write("")
	output, code := w.Try("apply", "-json", "-auto-approve")
	if code == 0 {
		t.Fatal("the apply succeeded")
	}
	for _, d := range errorsIn(t, output) {
		reason, expected := want[d.Address]
		if !expected || !strings.Contains(d.Detail, reason) {
			t.Errorf("an error on %s: %s\n%s\nwant %q", d.Address, d.Summary, d.Detail, reason)
		}
		delete(want, d.Address)
	}
	for address, reason := range want {
		t.Errorf("no error on %s, which should say: %s", address, reason)
	}
	checkOthers(t, w, loadtest.Config{Prefix: prefix}, server)
	write(" if !contains([3, 21, 40, 8, 33], n)")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// errorsIn decodes the errors in the output of apply -json.
func errorsIn(t *testing.T, output string) (found []diagnostic) {
	t.Helper()
	for line := range strings.Lines(output) {
		var event struct{ Diagnostic diagnostic }
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if event.Diagnostic.Severity == "error" {
			found = append(found, event.Diagnostic)
		}
	}
	return found
}

// checkOthers requires 45 identities in the state, and on the server these identities and the three that existed
// before.
func checkOthers(t *testing.T, w *acctest.Workspace, people loadtest.Config, server *acctest.Server) {
	t.Helper()
	inState, onServer := known(t, &loadtest.Runner{CLI: w.CLI}, people, server)
	if len(inState) != 45 || len(onServer) != 48 {
		t.Errorf("%d identities in the state and %d on the server, want 45 and 48", len(inState), len(onServer))
	}
	for id := range onServer {
		delete(inState, id)
	}
	if len(inState) > 0 {
		t.Errorf("the state has some that the server hasn't: %v", inState)
	}
}
