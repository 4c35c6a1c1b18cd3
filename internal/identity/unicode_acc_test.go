package identity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Identifiers and addresses that some versions of the server normalise converge on the server as it is, and the person
// is found by them.
func TestAccIdentity_normalisedIdentifiers(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	for name, local := range map[string]string{
		"full width": "\uff21da", "ligature": "o\ufb03ce", "composed": "Zo\u00eb", "capital dotted I": "\u0130nci", "sharp s": "Stra\u00dfe",
		"final sigma": "\u039f\u0394\u039f\u03a3", "two of them": "\uff21da.Zo\u00eb",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			email, backup := local+"."+acctest.RandomEmail(), local+".backup."+acctest.RandomEmail()
			w := acctest.NewWorkspace(t, server.AdminURL)
			person := func(rest string) string {
				return fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"two_addresses\"\n  traits = { email = %q, "+
					"backup_email = %q%s }\n  verified_addresses = [%q, %q]\n}\noutput \"id\" {\n  value = ory_identity.test.id\n}\n",
					email, backup, rest, email, backup)
			}
			w.WriteMain(person(""))
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			id := w.Output("output", "-raw", "id")
			for address, verified := range api.addresses(id) {
				if !verified {
					t.Errorf("%+q isn't verified", address)
				}
			}

			w.WriteMain(person(fmt.Sprintf(", phone = %q", acctest.RandomPhone())) + fmt.Sprintf("data \"ory_identity\" \"test\" "+
				"{\n  credentials_identifier = %q\n}\ndata \"ory_identities\" \"test\" {\n  credentials_identifier = %q\n}\n"+
				"output \"found\" {\n  value = [data.ory_identity.test.id, data.ory_identities.test.identities[0].id]\n}\n", email,
				email))
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			if found := w.Output("output", "-json", "found"); strings.Count(found, id) != 2 {
				t.Errorf("found %s, want %s", found, id)
			}
			if verified := api.addresses(id); len(verified) != 3 {
				t.Errorf("addresses: %v", verified)
			}
			w.Run("state", "rm", "ory_identity.test")
			w.Run("import", "-no-color", "ory_identity.test", "identifier="+email)
			w.Run("apply", "-no-color", "-auto-approve") // adds verified_addresses to the state
			w.ExpectEmptyPlan()

			w.WriteMain(strings.NewReplacer(`"test"`, `"fresh"`, ".test.", ".fresh.", "  traits", "  on_conflict = \"adopt\"\n  traits").
				Replace(person(""))) // without a moved block
			if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(output, "Identity adopted by another resource") {
				t.Errorf("rename:\n%s", output)
			}
			if now := w.Output("output", "-raw", "id"); now != id {
				t.Errorf("the identity is %s, was %s", now, id)
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// Terraform makes NFC of every text. A person whose user name another client sent in NFD is found, imported and adopted
// all the same, on servers that keep NFD and on servers that normalise it.
func TestAccIdentity_decomposedIdentifier(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	create := func() (name, id string) {
		name = "zo\u00eb-" + acctest.RandomName()
		return name, admin.CreateIdentity(t, map[string]any{
			"schema_id": "username", "traits": map[string]any{"username": norm.NFD.String(name)},
		})
	}
	w := acctest.NewWorkspace(t, server.AdminURL)
	person := func(name, rest string) string {
		return fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = { username = %q%s }\n  "+
			"on_conflict = \"adopt\"\n}\noutput \"id\" {\n  value = ory_identity.test.id\n}\n", name, rest)
	}

	name, id := create()
	w.WriteMain(fmt.Sprintf("data \"ory_identity\" \"test\" {\n  credentials_identifier = %q\n}\ndata \"ory_identities\" "+
		"\"test\" {\n  credentials_identifier = %q\n}\noutput \"found\" {\n  value = [data.ory_identity.test.id, "+
		"data.ory_identities.test.identities[0].id]\n}\n", name, name))
	w.Run("apply", "-no-color", "-auto-approve")
	if found := w.Output("output", "-json", "found"); strings.Count(found, id) != 2 {
		t.Errorf("found %s, want %s", found, id)
	}

	w.WriteMain(person(name, "") + fmt.Sprintf("import {\n  to = ory_identity.test\n  id = \"identifier=%s\"\n}\n", name))
	if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(output, "1 imported, 0 added") {
		t.Errorf("import:\n%s", output)
	}
	w.ExpectEmptyPlan()
	w.WriteMain(person(name, ", age = 36"))
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")

	name, id = create()
	w.WriteMain(person(name, ""))
	if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(output, "Identity adopted") {
		t.Errorf("adopt:\n%s", output)
	}
	w.ExpectEmptyPlan()
	found := append(admin.FindByIdentifier(t, name), admin.FindByIdentifier(t, norm.NFD.String(name))...)
	if slices.Sort(found); len(slices.Compact(found)) != 1 || found[0] != id {
		t.Errorf("the identities are %v, want %s", found, id)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}
