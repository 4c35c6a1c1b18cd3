package identity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Adoption takes over an existing identity and brings it to the configuration.
func TestAccIdentity_adopt(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	tests := map[string]struct{ existing, configuration, want, password string }{
		"as it is": {
			`{"schema_id":"preset://email","traits":{"email":"EMAIL"}}`, `traits = { email = "EMAIL" }`,
			`{"state":"active","traits":{"email":"EMAIL"}}`, "",
		},
		"inactive": {
			`{"schema_id":"preset://email","traits":{"email":"EMAIL"},"state":"inactive"}`, `traits = { email = "EMAIL" }`,
			`{"state":"active"}`, "",
		},
		"inactive, and to stay so": {
			`{"schema_id":"preset://email","traits":{"email":"EMAIL"},"state":"inactive"}`, "traits = { email = \"EMAIL\" }\n  state = \"inactive\"",
			`{"state":"inactive"}`, "",
		},
		"with other traits and metadata": {
			`{"schema_id":"preset://email","traits":{"email":"EMAIL","name":{"first":"Eve"}},"metadata_public":{"app":1,"team":"x"},"metadata_admin":{"kept":true}}`,
			"traits = { email = \"EMAIL\", name = { last = \"King\" } }\n  metadata_public = { team = \"engines\" }",
			`{"traits":{"email":"EMAIL","name":{"last":"King"}},"metadata_public":{"app":1,"team":"engines"},"metadata_admin":{"kept":true}}`, "",
		},
		"with a password": {
			`{"schema_id":"preset://email","traits":{"email":"EMAIL"},"credentials":{"password":{"config":{"password":"their own"}}}}`,
			"traits = { email = \"EMAIL\" }\n  credentials = { password = { value = \"configured password\" } }", `{"state":"active"}`, "configured password",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			w := acctest.NewWorkspace(t, server.AdminURL)
			email := acctest.RandomEmail()
			id := api.Create(strings.ReplaceAll(test.existing, "EMAIL", email))
			w.WriteMain(strings.ReplaceAll("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  "+
				"on_conflict = \"adopt\"\n  "+
				test.configuration+"\n}\n", "EMAIL", email))
			output := w.Run("apply", "-no-color", "-auto-approve")
			if !strings.Contains(output, "Identity adopted") || !strings.Contains(output, id) {
				t.Errorf("no warning names the identity %s:\n%s", id, output)
			}
			if err := api.Compare(id, strings.ReplaceAll(test.want, "EMAIL", email)); err != nil {
				t.Error(err)
			}
			if test.password != "" {
				if !strings.Contains(fold(output), "Its password was set to the value of credentials.password.value") {
					t.Errorf("no word of the password:\n%s", output)
				}
				if _, err := acctest.Login(t.Context(), server.PublicURL, email, test.password); err != nil {
					t.Error(err)
				}
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
			if api.Exists(id) {
				t.Error("the adopted identity is Terraform's, but outlived it")
			}
		})
	}
}

func TestAccIdentity_adoptByExternalID(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	if !api.KnowsExternalID() {
		t.Skip("this Kratos doesn't know external_id: it came with v25.4")
	}
	w := acctest.NewWorkspace(t, server.AdminURL)
	external, before, after := acctest.RandomName(), acctest.RandomEmail(), acctest.RandomEmail()
	id := api.Create(
		fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"external_id":%q}`, before, external),
	)
	w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  external_id = "+
		"%q\n  traits = { email = %q }\n  on_conflict = \"adopt\"\n}\n", external, after))
	w.Run("apply", "-no-color", "-auto-approve")
	if err := api.Compare(id, fmt.Sprintf(`{"external_id":%q,"traits":{"email":%q}}`, external, after)); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// A conflict is an error with a remedy if on_conflict doesn't allow adoption, or if adoption would be wrong.
func TestAccIdentity_conflict(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email, shared := acctest.RandomEmail(), acctest.RandomEmail()
	id := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, email))
	two := api.Create(
		fmt.Sprintf(`{"schema_id":"two_addresses","traits":{"email":%q,"backup_email":%q}}`, acctest.RandomEmail(), shared),
	)
	t.Cleanup(func() { api.Delete(id); api.Delete(two) })
	tests := map[string]struct {
		attributes string
		want       []string
	}{
		"default": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }", email),
			[]string{"The other identity is " + id, "import {", `id = "` + id + `"`, `on_conflict = "adopt"`},
		},
		"another schema": {
			fmt.Sprintf("  schema_id = \"two_addresses\"\n  traits = { email = %q }\n  on_conflict = \"adopt\"", email),
			[]string{"Identity has another schema", id, `its identity schema is "preset://email"`},
		},
		"by an address alone": {
			fmt.Sprintf("  schema_id = \"two_addresses\"\n  traits = { email = %q, backup_email = %q }\n  on_conflict = "+
				"\"adopt\"", acctest.RandomEmail(), shared),
			[]string{"does not find the other identity", "verifiable or recovery address"},
		},
	}
	//nolint:paralleltest // they conflict with the same people, who go when all are done
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain("resource \"ory_identity\" \"test\" {\n" + test.attributes + "\n}\n")
			expectFailure(t, w, test.want, "apply", "-no-color", "-auto-approve")
			if state := w.Run("state", "list"); strings.Contains(state, address) {
				t.Error("what failed is in the state")
			}
		})
	}
}

// Two resources that declare the same person never both manage the identity. This holds even if no plan can detect the
// conflict: the schema makes the nickname of a robot an identifier by a condition.
func TestAccIdentity_onePersonTwice(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, test := range map[string]struct {
		policy string
		lose   bool
	}{
		"error": {"error", false}, "adopt": {"adopt", false}, "lost answer": {"error", true}, "lost answer and adopt": {"adopt", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			admin := acctest.AdminOf(server)
			proxy, provider := acctest.NewProxy(t, server.AdminURL), ""
			if test.lose {
				provider = unbatched
				proxy.LoseAnswers(1, acctest.On(http.MethodPost, "/admin/identities"))
			}
			name := acctest.RandomName()
			w := acctest.NewWorkspace(t, proxy.URL())
			w.WriteMain(provider + fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  count = 2\n  schema_id = "+
				"\"two_logins\"\n  traits = { robot = true, nickname = %q }\n  on_conflict = %q\n}\n", name, test.policy))
			if output, code := w.Try("apply", "-no-color", "-auto-approve"); code == 0 ||
				strings.Contains(output, "declare one identity") {
				t.Errorf("both resources got the person, or the plan knew:\n%s", output)
			}
			if found := admin.FindByIdentifier(t, name); len(found) != 1 {
				t.Errorf("the server has %d such people", len(found))
			}
			if n := strings.Count(w.Run("state", "list"), address); n != 1 {
				t.Errorf("%d of the resources have the person", n)
			}
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// The answers to creates are lost after the server has committed. Each resource has exactly one identity, and the state
// contains it.
func TestAccIdentity_lostAnswersOfCreates(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	proxy := acctest.NewProxy(t, server.AdminURL)
	const people = 20
	//nolint:paralleltest // they share the proxy
	for i, lose := range []func(){
		func() { proxy.LoseAnswers(people/2, acctest.On(http.MethodPost, "/admin/identities")) },
		func() {
			proxy.Intercept(replaceAnswers(people/4, acctest.On(http.MethodPost, "/admin/identities"), http.StatusGatewayTimeout))
		},
		func() {
			proxy.FailNext(people/4, acctest.On(http.MethodPost, "/admin/identities"), http.StatusBadGateway, "<html>bad gateway</html>")
		},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			proxy.Reset()
			lose()
			prefix := acctest.RandomName()
			w := acctest.NewWorkspace(t, proxy.URL())
			w.WriteMain(unbatched + fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  count = %d\n  schema_id = "+
				"\"username\"\n  traits = { username = \"%s-${count.index}\" }\n  credentials = { password = { value = \"their "+
				"password\" } }\n}\n", people, prefix))
			w.Run("apply", "-no-color", "-auto-approve")
			if n := strings.Count(w.Run("state", "list"), address); n != people {
				t.Errorf("%d in the state", n)
			}
			admin := acctest.AdminOf(server)
			for i := range people {
				if found := admin.FindByIdentifier(t, fmt.Sprintf("%s-%d", prefix, i)); len(found) != 1 {
					t.Errorf("person %d exists %d times", i, len(found))
				}
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// replaceAnswers lets the server carry out the next n matching requests and replaces the status of the answers, like a
// gateway after a timeout.
func replaceAnswers(n int, match acctest.Match, status int) acctest.Interceptor {
	left := make(chan struct{}, n)
	for range n {
		left <- struct{}{}
	}
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !match(r) {
			return false
		}
		select {
		case <-left:
			forward.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(status)
			return true
		default:
			return false
		}
	}
}
