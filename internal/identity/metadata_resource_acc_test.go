package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// part returns a resource ory_identity_metadata.
func part(name, rest string) string {
	return fmt.Sprintf("resource \"ory_identity_metadata\" %q {\n  %s\n}\n", name, rest)
}

// of returns the argument that names a person by id.
func of(id string) string { return fmt.Sprintf("identity_id = %q\n  ", id) }

// somebody creates a person outside Terraform, with these further members of the body, and returns id and address.
func somebody(t *testing.T, api api, members string) (id, email string) {
	t.Helper()
	email = acctest.RandomEmail()
	id = api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}%s}`, email, members))
	t.Cleanup(func() {
		if api.Exists(id) {
			api.Delete(id)
		}
	})
	return id, email
}

// apply applies a configuration and expects an empty plan after it.
func apply(w *acctest.Workspace, config string, args ...string) string {
	w.WriteMain(config)
	output := w.Run(append([]string{"apply", "-no-color", "-auto-approve"}, args...)...)
	w.ExpectEmptyPlan()
	return output
}

func expectOnServer(t *testing.T, api api, id, want string) {
	t.Helper()
	if err := api.Compare(id, want); err != nil {
		t.Error(err)
	}
}

// The resource creates, changes and removes its keys, and nothing else of the identity.
func TestAccIdentityMetadata_lifecycle(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	id, _ := somebody(t, api, `,"metadata_public":{"theme":"dark","a/b":1}`)
	w := acctest.NewWorkspace(t, proxy.URL())

	output := apply(w, part("test", of(id)+`metadata_public = { roles = ["editor"], plan = { tier = 2, seats = 12345678901234567890 } }
  metadata_admin = { crm = "hunter2" }`))
	expectOnServer(t, api, id, `{"metadata_public":{"theme":"dark","a/b":1,"roles":["editor"],"plan":{"tier":2,"seats":12345678901234567890}},
		"metadata_admin":{"crm":"hunter2"}}`)
	if strings.Contains(output, "hunter2") {
		t.Errorf("metadata_admin is shown:\n%s", output)
	}

	api.Patch(id, `[{"op":"replace","path":"/metadata_public/theme","value":"light"},{"op":"add","path":"/metadata_admin/note","value":1}]`)
	apply(w, part("test", of(id)+`metadata_public = { roles = ["editor", "admin"], none = null, "a/b" = 2 }
  metadata_admin = { crm = "hunter2" }`))
	expectOnServer(t, api, id, `{"metadata_public":{"theme":"light","roles":["editor","admin"],"a/b":2},"metadata_admin":{"crm":"hunter2","note":1}}`)

	proxy.Reset()
	apply(w, part("test", of(strings.ToUpper(id))+`metadata_public = { roles = tolist(["editor", "admin"]), "a/b" = 2.0 }
  metadata_admin = { crm = "hunter2" }`))
	apply(w, part("test", of(id)+`metadata_public = { roles = ["editor", "admin"], "a/b" = 2 }`))
	expectOnServer(t, api, id, `{"metadata_public":{"theme":"light","roles":["editor","admin"],"a/b":2},"metadata_admin":{"note":1}}`)
	if n := writes(proxy); n != 1 {
		t.Errorf("%d writes for one change of meaning", n)
	}

	w.Run("destroy", "-no-color", "-auto-approve")
	expectOnServer(t, api, id, `{"metadata_public":{"theme":"light"},"metadata_admin":{"note":1},"state":"active"}`)
}

// The plan shows what became of the keys outside Terraform, and of no other key.
func TestAccIdentityMetadata_drift(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, test := range map[string]struct {
		patch   string
		changes bool
		want    string
	}{
		"key changed":       {`[{"op":"replace","path":"/metadata_public/roles","value":[]}]`, true, `{"theme":"dark","roles":["editor"]}`},
		"key removed":       {`[{"op":"remove","path":"/metadata_public/roles"}]`, true, `{"theme":"dark","roles":["editor"]}`},
		"metadata is null":  {`[{"op":"replace","path":"/metadata_public","value":null}]`, true, `{"roles":["editor"]}`},
		"foreign key":       {`[{"op":"replace","path":"/metadata_public/theme","value":"light"}]`, false, `{"theme":"light","roles":["editor"]}`},
		"foreign key comes": {`[{"op":"add","path":"/metadata_public/seen","value":true}]`, false, `{"theme":"dark","seen":true,"roles":["editor"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			id, _ := somebody(t, api, `,"metadata_public":{"theme":"dark"}`)
			w := acctest.NewWorkspace(t, server.AdminURL)
			config := part("test", of(id)+`metadata_public = { roles = ["editor"] }`)
			apply(w, config)
			api.Patch(id, test.patch)
			if output, code := w.Try("plan", "-no-color", "-detailed-exitcode"); (code == 2) != test.changes || code == 1 {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			apply(w, config)
			expectOnServer(t, api, id, `{"metadata_public":`+test.want+`}`)
		})
	}
}

// What an application writes between the provider's read and its patch survives, and a lost answer is settled.
func TestAccIdentityMetadata_concurrentChanges(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	id, _ := somebody(t, api, `,"metadata_public":{"count":0}`)
	w := acctest.NewWorkspace(t, proxy.URL())
	var count atomic.Int64
	proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodPatch {
			api.Patch(id, fmt.Sprintf(`[{"op":"replace","path":"/metadata_public/count","value":%d}]`, count.Add(1)))
		}
		return false
	})
	proxy.LoseAnswers(1, acctest.On(http.MethodPatch, "/admin/identities/"))
	apply(w, part("test", of(id)+`metadata_public = { roles = ["editor"] }`))
	apply(w, part("test", of(id)+`metadata_public = { plan = "free" }`))
	w.Run("destroy", "-no-color", "-auto-approve")
	expectOnServer(t, api, id, fmt.Sprintf(`{"metadata_public":{"count":%d}}`, count.Load()))
	if count.Load() < 3 {
		t.Errorf("%d patches, want one for each change", count.Load())
	}
}

// Metadata that isn't an object belongs to somebody else.
func TestAccIdentityMetadata_noObject(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	id, _ := somebody(t, api, `,"metadata_admin":"hunter2"`)
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.WriteMain(part("test", of(id)+`metadata_admin = { roles = ["editor"] }`))
	output, code := w.Try("apply", "-no-color", "-auto-approve")
	if code != 1 || !strings.Contains(output, "Metadata is not an object") || strings.Contains(output, "hunter2") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	api.Patch(id, `[{"op":"replace","path":"/metadata_admin","value":null}]`)
	w.Run("apply", "-no-color", "-auto-approve")
	api.Patch(id, `[{"op":"replace","path":"/metadata_admin","value":"hunter2"}]`)
	w.Run("destroy", "-no-color", "-auto-approve")
	expectOnServer(t, api, id, `{"metadata_admin":"hunter2"}`)
}

// Where the person is gone, the destroy is done, and a plan looks for the person anew.
func TestAccIdentityMetadata_personGone(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	id, email := somebody(t, api, "")
	w := acctest.NewWorkspace(t, server.AdminURL)
	apply(w, part("test", fmt.Sprintf("identifier = %q\n  metadata_public = { plan = \"free\" }", email)))
	api.Delete(id)
	w.Run("destroy", "-no-color", "-auto-approve", "-refresh=false")

	again := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, email))
	w.Run("apply", "-no-color", "-auto-approve")
	api.Delete(again)
	output, code := w.Try("apply", "-no-color", "-auto-approve")
	for _, want := range []string{"Identity not found yet", "Error: Identity not found", "identifier = ", "creates no identity"} {
		if code != 1 || !strings.Contains(strings.Join(strings.Fields(output), " "), want) {
			t.Errorf("exit code %d, want %q in:\n%s", code, want, output)
		}
	}
}

// A server that fails leaves the metadata and the state as they are, for an update and for a destroy.
func TestAccIdentityMetadata_serverFails(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	id, _ := somebody(t, api, "")
	w := acctest.NewWorkspace(t, proxy.URL())
	apply(w, part("test", of(id)+`metadata_public = { plan = "free" }`))
	proxy.FailNext(99, acctest.On(http.MethodPatch, "/admin/identities/"), http.StatusInternalServerError,
		`{"error":{"code":500,"status":"Internal Server Error","message":"the disk is full"}}`)
	w.ExpectFailure([]string{"Failed to remove metadata", "the disk is full"}, "destroy", "-no-color", "-auto-approve")
	w.WriteMain(part("test", of(id)+`metadata_public = { plan = "gold" }`))
	w.ExpectFailure([]string{"Failed to update metadata", "the disk is full"}, "apply", "-no-color", "-auto-approve")
	expectOnServer(t, api, id, `{"metadata_public":{"plan":"free"}}`)
	proxy.Reset()
	w.Run("destroy", "-no-color", "-auto-approve")
}
