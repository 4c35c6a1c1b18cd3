package provider_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

var exampleUUID = regexp.MustCompile(`9f425a8d-7efc-4768-8f23-7647a74fdf13`)

// signUp creates the identities that the examples find, and returns the id of Grace, who is signed in.
func signUp(t *testing.T, server *acctest.Server) (grace string) {
	t.Helper()
	admin := acctest.AdminOf(server)
	const password = "compiler-1952"
	grace = admin.CreateIdentity(
		t,
		json.RawMessage(
			`{"schema_id":"preset://email","traits":{"email":"grace@example.org","name":{"first":"Grace","last":"Hopper"}},
		"credentials":{"password":{"config":{"password":"`+password+`"}}}}`,
		),
	)
	admin.CreateIdentity(
		t,
		json.RawMessage(
			`{"schema_id":"preset://email","traits":{"email":"Ada@example.org","name":{"first":"Ada","last":"Lovelace"}},"state":"inactive"}`,
		),
	)
	admin.CreateIdentity(t, json.RawMessage(`{"schema_id":"username","traits":{"username":"machine"}}`))
	if _, err := acctest.Login(t.Context(), server.PublicURL, "grace@example.org", password); err != nil {
		t.Fatal(err)
	}
	return grace
}

// Every example of a data source finds what its text tells.
func TestAccExamples_dataSources(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	grace := signUp(t, server)
	want := map[string]string{
		"ory_identity/data-source.tf":             `"id":"` + grace + `"`,
		"ory_identity/data-source-by-id.tf":       `"password":["grace@example.org"]`,
		"ory_identities/data-source.tf":           `":"Ada@example.org"}`,
		"ory_identities/data-source-by-ids.tf":    "",
		"ory_identities/data-source-by-traits.tf": `["grace@example.org"]`,
		"ory_identity_schema/data-source.tf":      `["email"]`,
		"ory_identity_schemas/data-source.tf":     `["phone","preset://email","two_addresses","two_logins","username"]`,
		"ory_identity_sessions/data-source.tf":    `["127.0.0.1`,
	}
	for _, file := range glob(t, filepath.Join(examples(t), "data-sources", "*", "data-source*.tf")) {
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expected, known := want[name]
			if !known {
				t.Fatal("the test doesn't know what this example finds")
			}
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(exampleUUID.ReplaceAllString(read(t, file), grace))
			output := w.Run("apply", "-no-color", "-auto-approve")
			if strings.Contains(name, "by-ids") != strings.Contains(output, "No identity for: 00000000-0000-4000-8000-000000000000.") {
				t.Errorf("the check is mistaken:\n%s", output)
			}
			if outputs := w.Output("output", "-json"); !strings.Contains(compact(t, outputs), expected) {
				t.Errorf("the outputs lack %s:\n%s", expected, outputs)
			}
			w.ExpectEmptyPlan()
		})
	}
}

// compact returns JSON in one line.
func compact(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// Every example of a list resource finds at least one identity.
func TestAccExamples_listResources(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	signUp(t, server)
	for _, file := range glob(t, filepath.Join(examples(t), "list-resources", "*", "list-resource*.tfquery.hcl")) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain("")
			content := read(t, file)
			w.Write(filepath.Base(file), content)
			output := w.Run("query", "-no-color")
			for _, block := range regexp.MustCompile(`(?m)^list "ory_identity" "(\w+)"`).FindAllStringSubmatch(content, -1) {
				if !strings.Contains(output, "list.ory_identity."+block[1]+" ") {
					t.Errorf("%s finds nobody:\n%s", block[1], output)
				}
			}
		})
	}
}

// Each way in the guide imports the identities without changing them, and ends with an empty plan.
func TestAccExamples_existingIdentities(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(examples(t), "guides", "existing-identities")
	for way, prepare := range map[string]func(*testing.T, *acctest.Workspace){
		"query": func(t *testing.T, w *acctest.Workspace) {
			w.Write("people.tfquery.hcl", read(t, filepath.Join(dir, "query", "people.tfquery.hcl")))
			w.Run("query", "-no-color", "-generate-config-out=people.tf")
		},
		"generate": func(_ *testing.T, w *acctest.Workspace) {
			w.Run("apply", "-no-color", "-auto-approve")
			w.Write("imports.tf", w.Output("output", "-raw", "imports"))
			w.Run("plan", "-no-color", "-generate-config-out=people.tf")
		},
		"list": func(t *testing.T, w *acctest.Workspace) {
			w.Write("people.csv", read(t, filepath.Join(dir, "list", "people.csv")))
		},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			server := acctest.Kratos(t, acctest.Options{Alone: true}) // the guide has fixed e-mail addresses
			signUp(t, server)
			proxy := acctest.NewProxy(t, server.AdminURL)
			w := acctest.NewWorkspace(t, proxy.URL())
			w.Write("main.tf", read(t, filepath.Join(dir, way, "main.tf")))
			prepare(t, w)
			added, writes := 0, 0
			if way == "list" { // Joan is new, and Ada's address is in lower case in the list
				added, writes = 1, 2
			}
			summary := fmt.Sprintf("2 to import, %d to add, %d to change, 0 to destroy", added, writes-added)
			if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, summary) {
				t.Fatalf("the plan isn't %s:\n%s", summary, plan)
			}
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			if n := proxy.Count("", "") - proxy.Count("GET", ""); n != writes {
				t.Errorf("%d requests that write, want %d", n, writes)
			}
			if _, err := acctest.Login(t.Context(), server.PublicURL, "grace@example.org", "compiler-1952"); err != nil {
				t.Error(err)
			}
			if way != "list" { // the list already contains her
				acctest.AdminOf(server).
					CreateIdentity(t, json.RawMessage(`{"schema_id":"preset://email","traits":{"email":"joan@example.org"}}`))
			}
			switch way {
			case "query":
				query := read(t, filepath.Join(dir, "query", "people.tfquery.hcl"))
				w.Write("people.tfquery.hcl", strings.ReplaceAll(query, `"people"`, `"newcomers"`))
				w.Run("query", "-no-color", "-generate-config-out=newcomers.tf")
				if plan, code := w.Try("plan", "-no-color"); code == 0 ||
					!strings.Contains(plan, "Two resources declare one identity") {
					t.Errorf("exit code %d:\n%s", code, plan)
				}
			case "generate":
				w.Run("apply", "-no-color", "-auto-approve")
				w.Write("imports.tf", w.Output("output", "-raw", "imports"))
				w.Run("plan", "-no-color", "-generate-config-out=newcomers.tf")
				if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to import, 0 to add, 0 to change, 0 to destroy") {
					t.Errorf("the newcomer:\n%s", plan)
				}
			}
		})
	}
}
