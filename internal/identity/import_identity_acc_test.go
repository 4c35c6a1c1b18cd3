package identity_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// identityWorkspace returns a workspace for import blocks with a resource identity.
func identityWorkspace(t *testing.T, server *acctest.Server) *acctest.Workspace {
	t.Helper()
	acctest.Needs(t, acctest.ImportIdentity)
	return acctest.NewWorkspace(t, server.AdminURL)
}

// importingBy returns an import block with the attributes of a resource identity.
func importingBy(attributes string) string {
	return "import {\n  to = ory_identity.test\n  identity = { " + attributes + " }\n}\n"
}

// storedIdentity returns the resource identity of the only resource in the state, as JSON.
func storedIdentity(t *testing.T, w *acctest.Workspace) string {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct{ Identity map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(w.Read("terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Resources) != 1 || len(state.Resources[0].Instances) != 1 {
		t.Fatalf("the state has %d resources, want one with one instance", len(state.Resources))
	}
	stored, err := json.Marshal(state.Resources[0].Instances[0].Identity)
	if err != nil {
		t.Fatal(err)
	}
	return string(stored)
}

// An import block names an identity by what the person signs in with. Terraform writes the configuration, the plan only
// imports, and the state has the id alone.
func TestAccIdentity_importBlockByIdentifier(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w, api := identityWorkspace(t, server), newAPI(t, server)
	email, renamed := acctest.RandomEmail(), acctest.RandomEmail()
	id := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, email))
	w.WriteMain(importingBy(fmt.Sprintf("identifier = %q", strings.ToUpper(email))))
	plan := w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	if !strings.Contains(plan, "1 to import, 0 to add, 0 to change, 0 to destroy") || !strings.Contains(plan, id) {
		t.Fatalf("it doesn't just import %s:\n%s", id, plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	want := fmt.Sprintf(`{"external_id":null,"id":%q,"identifier":null}`, id)
	if stored := storedIdentity(t, w); stored != want {
		t.Errorf("the state has the resource identity %s, want %s", stored, want)
	}
	// The import block stays as it is, although nobody signs in with this any more.
	w.Write("generated.tf", strings.ReplaceAll(w.Read("generated.tf"), email, renamed))
	if plan := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(plan, "1 changed") {
		t.Errorf("the identifier isn't changed:\n%s", plan)
	}
	w.ExpectEmptyPlan()
	if stored := storedIdentity(t, w); stored != want {
		t.Errorf("after the update the state has the resource identity %s, want %s", stored, want)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// An identity that was imported by its external id can get another one, from Terraform or from somebody else.
func TestAccIdentity_importBlockByExternalID(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w, api := identityWorkspace(t, server), newAPI(t, server)
	email, external := acctest.RandomEmail(), acctest.RandomName()
	configuration := func(external string) string {
		return person("test", email, fmt.Sprintf("external_id = %q", external))
	}
	block := importingBy(fmt.Sprintf("external_id = %q", external))
	w.WriteMain(block + configuration(external))
	if !api.KnowsExternalID() {
		expectFailure(t, w, []string{
			"Failed to find identity", "identity.external_id: ", "needs Kratos v25.4 or later",
		}, "plan", "-no-color")
		return
	}
	expectFailure(t, w, []string{"Identity not found", "identity.external_id: ", "case-sensitive"}, "plan", "-no-color")
	id := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"external_id":%q}`, email, external))
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Fatalf("it doesn't just import:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.WriteMain(block + configuration(external+"-2"))
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	api.Patch(id, fmt.Sprintf(`[{"op":"replace","path":"/external_id","value":"%s-3"}]`, external))
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "0 to add, 1 to change, 0 to destroy") {
		t.Errorf("the external id of somebody else is no drift:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	if err := api.Compare(id, fmt.Sprintf(`{"external_id":"%s-2"}`, external)); err != nil {
		t.Error(err)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Every error of an import block names the attribute.
func TestAccIdentity_importBlockRefused(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	shared := acctest.RandomName()
	one := api.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":"gh:%s"}}`, shared))
	other := api.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q},"credentials":{"oidc":{"config":`+
		`{"providers":[{"provider":"gh","subject":%q}]}}}}`, acctest.RandomName(), shared))
	t.Cleanup(func() { api.Delete(one); api.Delete(other) })
	for name, test := range map[string]struct {
		attributes string
		want       []string
	}{
		"no key": {"", []string{
			"exactly one of identity.id, identity.external_id and identity.identifier", "The configuration sets none of them",
		}},
		"two keys":         {fmt.Sprintf("id = %q, identifier = \"gh:%s\"", one, shared), []string{"sets identity.id and identity.identifier"}},
		"wrong id":         {`id = "ada@example.org"`, []string{"Invalid import id", `identity.id is "ada@example.org"`, "is a UUID"}},
		"empty":            {`external_id = ""`, []string{"Invalid import id", `identity.external_id is ""`}},
		"blank":            {`identifier = " "`, []string{"Invalid import id", `identity.identifier is " "`}},
		"nobody has it":    {`identifier = "nobody@example.org"`, []string{"Identity not found", `identity.identifier: The server has no identity with the login identifier "nobody@example.org"`}},
		"several have it":  {fmt.Sprintf("identifier = \"gh:%s\"", shared), []string{"Several identities", "identity.identifier: ", one, other, "by its UUID"}},
		"nobody has an id": {`id = "00000000-0000-4000-8000-000000000000"`, []string{"Cannot import non-existent remote object"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := identityWorkspace(t, server)
			w.WriteMain(importingBy(test.attributes) + person("test", "x@example.org", ""))
			expectFailure(t, w, test.want, "plan", "-no-color")
		})
	}
}

// Earlier builds stored a resource identity with the id only, and Terraform before 1.12 stored none. Such states are
// read, updated and destroyed.
func TestAccIdentity_storedIdentityOfOldState(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, earlier := range map[string]func(instance map[string]any){
		"id only": func(instance map[string]any) {
			identity, _ := instance["identity"].(map[string]any)
			delete(identity, "external_id")
			delete(identity, "identifier")
		},
		"none": func(instance map[string]any) { delete(instance, "identity") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := identityWorkspace(t, server)
			email := acctest.RandomEmail()
			w.WriteMain(person("test", email, ""))
			w.Run("apply", "-no-color", "-auto-approve")
			want := storedIdentity(t, w)
			rewriteInstance(t, w, func(instance map[string]any) {
				earlier(instance)
				instance["identity_schema_version"] = 0
			})
			if stored := storedIdentity(t, w); stored == want {
				t.Fatalf("the state is that of this build: %s", stored)
			}
			w.ExpectEmptyPlan()
			w.WriteMain(person("test", email, `metadata_public = { team = "engines" }`))
			w.Run("apply", "-no-color", "-auto-approve")
			if stored := storedIdentity(t, w); stored != want {
				t.Errorf("after an update the state has the resource identity %s, want %s", stored, want)
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// rewriteInstance changes the only instance of the only resource in the state.
func rewriteInstance(t *testing.T, w *acctest.Workspace, change func(instance map[string]any)) {
	t.Helper()
	var state map[string]any
	decoder := json.NewDecoder(strings.NewReader(w.Read("terraform.tfstate")))
	decoder.UseNumber()
	if err := decoder.Decode(&state); err != nil {
		t.Fatal(err)
	}
	resources, _ := state["resources"].([]any)
	instances, _ := resources[0].(map[string]any)["instances"].([]any)
	change(instances[0].(map[string]any))
	content, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	w.Write("terraform.tfstate", string(content))
}
