package identity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// page is the answer of a gateway in the place of Kratos' answer.
const page = "<html><title>Forbidden</title></html>"

// answerByPage lets the server carry out the next n matching requests and answers with a page.
func answerByPage(proxy *acctest.Proxy, n int, match acctest.Match) {
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !match(r) || n == 0 {
			return false
		}
		n--
		forward.ServeHTTP(httptest.NewRecorder(), r)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(page)) // fails only if the client has gone
		return true
	})
}

// Each write of a resource can be answered by a gateway's page, after the server has carried it out or before. The
// first time the apply converges all the same. If it happens every time, the error says what is known, the state is
// kept, and the next apply converges.
func TestAccIdentity_pageForWrite(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const many = 20
	patch, put := acctest.On(http.MethodPatch, "/admin/identities/"), acctest.On(http.MethodPut, "/admin/identities/")
	for name, test := range map[string]struct {
		match        acctest.Match
		after        string // the changed configuration; "" to destroy
		undone, lost string // what the error says if no request arrives
	}{
		"patch":      {patch, `metadata_public = { team = "engines" }`, "does not have the change. Apply again.", ""},
		"password":   {put, credentialsOf(`password = { value = "other engine 1" }`), "All other changes of this identity were made", "may have made the change or not"},
		"link":       {put, credentialsOf(oidcOf("gh:RANDOM")), "All other changes of this identity were made", "may have made the change or not"},
		"inactive":   {patch, `state = "inactive"`, "The identity is still active: the person can sign in.", ""},
		"delete":     {acctest.On(http.MethodDelete, "/admin/identities/"), "", "Failed to delete identity", "may have made the change or not"},
		"deactivate": {patch, "DEACTIVATE", "The identity is still active: the person can sign in.", ""},
	} {
		for arrives, pages := range map[bool]int{true: many, false: many} {
			t.Run(fmt.Sprintf("%s, arrives: %v", name, arrives), func(t *testing.T) {
				t.Parallel()
				api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
				w, username := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomName()
				policy := map[bool]string{true: "deletion_policy = \"deactivate\"\n  "}[test.after == "DEACTIVATE"]
				write := func(rest string) {
					w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = { username = "+
						"%q }\n  %s\n}\n", username, policy+strings.ReplaceAll(rest, "RANDOM", username)))
				}
				write("")
				w.Run("apply", "-no-color", "-auto-approve")
				id := api.admin.FindByIdentifier(t, username)[0]
				if test.after == "" || test.after == "DEACTIVATE" {
					w.WriteMain("")
				} else {
					write(test.after)
				}
				if arrives {
					answerByPage(proxy, pages, test.match)
				} else {
					proxy.FailNext(pages, test.match, http.StatusForbidden, page)
				}
				output, code := w.Try("apply", "-no-color", "-auto-approve")
				if mustConverge := arrives && name != "password"; mustConverge && code != 0 {
					t.Errorf("what the server has done ended with an error:\n%s", output)
				}
				if !arrives {
					for _, words := range []string{test.undone, test.lost, "403"} {
						if code == 0 || !strings.Contains(fold(output), words) {
							t.Errorf("exit code %d, it doesn't say %q:\n%s", code, words, output)
						}
					}
				}
				proxy.Reset()
				w.Run("apply", "-no-color", "-auto-approve")
				w.ExpectEmptyPlan()
				if test.after == "" && api.Exists(id) {
					t.Error("the identity is still there")
				}
				if test.after == "DEACTIVATE" {
					if err := api.Compare(id, `{"state":"inactive"}`); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

// A conflict of an update names the other identity, on the attribute that both have. Nothing is changed.
func TestAccIdentity_conflictOfUpdate(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	taken, email := acctest.RandomEmail(), acctest.RandomEmail()
	other := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, taken))
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.WriteMain(person("test", email, ""))
	w.Run("apply", "-no-color", "-auto-approve")
	w.WriteMain(person("test", taken, ""))
	expectFailure(t, w, []string{
		"traits = { email", "Conflict with another identity", "The other identity is " + other, "Nothing was changed.",
		"do not import it again", fmt.Sprintf("id = %q", other),
	}, "apply", "-no-color", "-auto-approve")
	api.Delete(other)
	w.Run("apply", "-no-color", "-auto-approve")
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The error names the values and keys of traits nowhere, whether the plan or the server finds what is wrong.
func TestAccIdentity_sensitiveTraitsInErrors(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Schemas: map[string]string{"staff": `{
  "$id": "https://schemas.example.org/staff.schema.json", "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
  "properties": {"traits": {"type": "object", "properties": {
    "email": {"type": "string", "format": "email", "ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}},
    "salary": {"type": "number", "maximum": 100, "multipleOf": 5},
    "admin": {"const": false},
    "prefs": {"type": "object", "properties": {"theme": {"type": "string"}}, "additionalProperties": false},
    "rates": {"type": "object", "propertyNames": {"maxLength": 3}, "additionalProperties": {"type": "string"}}}}}}`}})
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.Env = append(w.Env, `TF_VAR_traits={"salary":987654,"admin":true,"prefs":{"hunter2":1},"rates":{"hunter3":2}}`)
	for _, validates := range []bool{true, false} {
		w.WriteMain(fmt.Sprintf("provider \"ory\" {\n  validate_traits = %v\n}\nvariable \"traits\" {\n  type = any\n  sensitive "+
			"= true\n}\nresource \"ory_identity\" \"test\" {\n  schema_id = \"staff\"\n  traits = merge(var.traits, { email = %q "+
			"})\n}\n", validates, acctest.RandomEmail()))
		output, code := w.Try("apply", "-no-color", "-auto-approve")
		text := fold(output)
		for _, want := range []string{
			"traits.salary", "must be <= 100", "must be a multiple of 5", "traits.admin", "traits.prefs.(key 1 of 1 in alphabetical " +
				"order)", "the schema has no property with this name", "traits.rates.(key 1 of 1 in alphabetical order)",
			"expected string, but got number",
		} {
			if code == 0 || !strings.Contains(text, want) {
				t.Errorf("validated: %v, exit code %d, no %q in\n%s", validates, code, want, output)
			}
		}
		for _, secret := range []string{"987654", "9.87654", "hunter2", "hunter3"} {
			if strings.Contains(output, secret) {
				t.Errorf("validated: %v, it shows %s:\n%s", validates, secret, output)
			}
		}
	}
}
