package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// phoneSpellings are spellings of E.164 numbers that every version of the server takes.
var phoneSpellings = map[string]func(string) string{
	"E.164":        func(n string) string { return n },
	"spaces":       func(n string) string { return n[:3] + " " + n[3:6] + " " + n[6:9] + " " + n[9:] },
	"parentheses":  func(n string) string { return n[:3] + " (" + n[3:6] + ") " + n[6:9] + "-" + n[9:] },
	"trunk prefix": func(n string) string { return n[:3] + " (0)" + n[3:6] + "/" + n[6:] },
}

// A person whose phone numbers have any spelling, alone and in an array, converges on the server as it is, whether the
// server stores numbers as they are sent or in E.164. The lost answer to a create is recognised, a change of another
// trait leaves the numbers alone, and the person is found by any spelling.
func TestAccIdentity_phones(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Schemas: map[string]string{"phones": phonesSchema}})
	a := newAPI(t, server)
	normalises := a.admin.StoresE164(t)
	for name, spell := range phoneSpellings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stored := func(number string) string {
				if normalises {
					return number
				}
				return spell(number)
			}
			one, two, three := acctest.RandomPhone(), acctest.RandomPhone(), acctest.RandomPhone()
			proxy := acctest.NewProxy(t, server.AdminURL)
			proxy.LoseAnswers(1, acctest.On(http.MethodPost, "/admin/identities"))
			w := acctest.NewWorkspace(t, proxy.URL())
			person := func(spell func(string) string, rest string) string {
				return fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"phones\"\n  traits = { phone = %q, "+
					"others = [%q, %q], note = %q%s }\n  verified_addresses = [%q, %q]\n}\noutput \"id\" {\n  value = "+
					"ory_identity.test.id\n}\n", spell(one), spell(two), spell(three), spell(one), rest, spell(one), spell(two))
			}
			apply := func() {
				t.Helper()
				// one warning is about the development override
				if output := w.Run("apply", "-no-color", "-auto-approve"); strings.Count(output, "Warning: ") > 1 {
					t.Errorf("a warning:\n%s", output)
				}
				w.ExpectEmptyPlan()
			}
			w.WriteMain(person(spell, ""))
			apply()
			id := w.Output("output", "-raw", "id")
			if n := proxy.Count(http.MethodPost, "/admin/identities"); n != 1 {
				t.Errorf("%d creates", n)
			}
			want := fmt.Sprintf(`{"traits":{"phone":%q,"others":[%q,%q],"note":%q}}`,
				stored(one), stored(two), stored(three), spell(one))
			if err := a.Compare(id, want); err != nil {
				t.Error(err)
			}

			proxy.Reset()
			w.WriteMain(person(spell, `, name = "Ada"`))
			apply()
			for _, r := range proxy.Requests() {
				if r.Method == http.MethodPatch && string(r.Body) != `[{"op":"add","path":"/traits/name","value":"Ada"}]` {
					t.Errorf("sent %s", r.Body)
				}
			}
			if n := proxy.Count(http.MethodPatch, ""); n != 1 {
				t.Errorf("%d patches", n)
			}

			w.WriteMain(person(spell, `, name = "Ada"`) + fmt.Sprintf("resource \"ory_identity\" \"twin\" {\n  schema_id = "+
				"\"phones\"\n  traits = { phone = %q }\n}\n", one[:3]+"/"+one[3:]))
			if output, code := w.Try("plan", "-no-color"); code == 0 || !strings.Contains(output, "Two resources declare one identity") {
				t.Errorf("two people with one phone number: exit code %d:\n%s", code, output)
			}

			w.WriteMain(person(spell, `, name = "Ada"`) + fmt.Sprintf("data \"ory_identity\" \"test\" {\n  "+
				"credentials_identifier = %q\n}\noutput \"found\" {\n  value = data.ory_identity.test.id\n}\n", spell(one)))
			apply()
			if found := w.Output("output", "-raw", "found"); found != id {
				t.Errorf("found %s, want %s", found, id)
			}
			w.Run("state", "rm", "ory_identity.test")
			w.Run("import", "-no-color", "ory_identity.test", "identifier="+spell(one))
			w.Run("apply", "-no-color", "-auto-approve") // adds verified_addresses to the state
			w.ExpectEmptyPlan()

			w.WriteMain(person(func(n string) string { return n }, `, name = "Ada"`)) // in E.164
			apply()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// The server takes no number without its country code, nor the plan.
func TestAccIdentity_phoneWithoutPlus(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	for _, number := range []string{"0049 1511 1234567", "01511 1234567"} {
		status, _ := acctest.AdminOf(server).TryCreateIdentity(t, map[string]any{
			"schema_id": "phone", "traits": map[string]any{"phone": number},
		})
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"phone\"\n  traits = { phone = %q }\n}\n",
			number))
		if output, code := w.Try("plan", "-no-color"); status != http.StatusBadRequest || code == 0 ||
			!strings.Contains(acctest.Unwrapped(output), `is not valid "tel"`) {
			t.Errorf("%s: the server answers %d, exit code %d:\n%s", number, status, code, output)
		}
	}
}
