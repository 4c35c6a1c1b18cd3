package provider_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func examples(t *testing.T) string {
	t.Helper()
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "examples")
}

// read returns the text of an example.
func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// glob returns the files that match the pattern. It fails the test if no file matches.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	return files
}

// Every example of a resource is applied, planned empty and destroyed.
func TestAccExamples_resources(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // the examples have fixed e-mail addresses
	acctest.AdminOf(server).CreateIdentity(t, json.RawMessage(dorothy))
	//nolint:paralleltest // the examples declare the same people
	for _, file := range glob(t, filepath.Join(examples(t), "resources", "*", "resource*.tf")) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			text := read(t, file)
			if strings.Contains(text, "passkey =") {
				needsPasskeys(t, acctest.AdminOf(server))
			}
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.Env = append(w.Env, "TF_VAR_initial_password=analytical-engine-1843")
			w.WriteMain(text)
			data, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.csv")) // most have none
			if err != nil {
				t.Fatal(err)
			}
			for _, data := range data {
				w.Write(filepath.Base(data), read(t, data))
			}
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// dorothy is the person of the examples of ory_identity_metadata, who registered herself.
const dorothy = `{"schema_id":"preset://email","traits":{"email":"dorothy@example.org"},
	"metadata_public":{"theme":"dark","roles":["author","reviewer"],"plan":{"tier":"team","seats":12}},"metadata_admin":{"customer":"4711"}}`

// The imports of metadata shown work with the person whom the example names.
func TestAccExamples_metadataImports(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	dir := filepath.Join(examples(t), "resources", "ory_identity_metadata")
	id := acctest.AdminOf(server).CreateIdentity(t, json.RawMessage(dorothy))
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.WriteMain(read(t, filepath.Join(dir, "resource.tf")) + read(t, filepath.Join(dir, "import-by-string-id.tf")))
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to import, 1 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan does more than import:\n%s", plan)
	}
	w.WriteMain(read(t, filepath.Join(dir, "resource.tf")))
	uuid := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	for line := range strings.Lines(read(t, filepath.Join(dir, "import.sh"))) {
		if args := strings.Fields(line); len(args) > 0 && args[0] == "terraform" {
			w.Run("import", "-no-color", args[2], strings.Trim(uuid.ReplaceAllString(args[3], id), "'"))
		}
	}
	w.ExpectImported()
}

// A person moves from ory_identity to ory_identities and back, by the examples, and stays the same person.
func TestAccExamples_moves(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	const ada = "ada.many@example.org"
	dir := filepath.Join(examples(t), "resources", "ory_identities")
	people := read(t, filepath.Join(dir, "people.json"))
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.Write("people.json", people)
	w.WriteMain(`resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "` + ada + `" }
}
`)
	w.Run("apply", "-no-color", "-auto-approve")
	owners := admin.FindByIdentifier(t, ada)

	w.WriteMain(read(t, filepath.Join(dir, "move-in.tf")))
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	if state := w.Output("state", "list"); strings.TrimSpace(state) != "ory_identities.people" {
		t.Errorf("the state has %s", state)
	}

	var rows map[string]any
	if err := json.Unmarshal([]byte(people), &rows); err != nil {
		t.Fatal(err)
	}
	delete(rows, "1001")
	rest, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	w.Write("people.json", string(rest))
	uuid := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	w.WriteMain(uuid.ReplaceAllString(read(t, filepath.Join(dir, "move-out.tf")), owners[0]))
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to import, 0 to add, 1 to change, 0 to destroy") {
		t.Errorf("the plan does something else:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	if now := admin.FindByIdentifier(t, ada); len(now) != 1 || now[0] != owners[0] {
		t.Errorf("the identities are %v, and were %v", now, owners)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// needsPasskeys skips the test on a server that can set no passkeys.
func needsPasskeys(t *testing.T, admin acctest.Admin) {
	t.Helper()
	email := map[string]any{"email": acctest.RandomEmail()}
	id := admin.CreateIdentity(t, map[string]any{"schema_id": kratostest.SchemaEmail, "traits": email})
	defer admin.DeleteIdentity(t, id)
	if !admin.Knows(t, id, "saml") {
		t.Skip("passkeys need Kratos v25.4")
	}
}

// The imports shown work with the identity that the first example declares.
func TestAccExamples_imports(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	dir := filepath.Join(examples(t), "resources", "ory_identity")
	id := acctest.AdminOf(server).CreateIdentity(t, json.RawMessage(
		`{"schema_id":"preset://email","traits":{"email":"ada@example.org","name":{"first":"Ada","last":"Lovelace"}}}`,
	))
	uuid := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	fill := func(file string) string { return uuid.ReplaceAllString(read(t, filepath.Join(dir, file)), id) }

	for line := range strings.Lines(fill("import.sh")) {
		args := strings.Fields(line)
		if len(args) == 0 || args[0] != "terraform" {
			continue
		}
		t.Run(args[len(args)-1], func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(fill("resource.tf"))
			args := append(args[1:], "-no-color")
			if strings.Contains(line, "external_id=") {
				// No identity has this id here. Only the syntax of the command counts.
				if output, code := w.Try(args...); code == 0 ||
					!strings.Contains(output, "Identity not found") && !strings.Contains(output, "lookup by external_id needs") {
					t.Errorf("exit code %d:\n%s", code, output)
				}
				return
			}
			w.Run(args...)
			w.ExpectEmptyPlan()
		})
	}
	//nolint:paralleltest // they import the same identity
	for _, file := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
		t.Run(file, func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(fill("resource.tf") + fill(file))
			if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to import, 0 to add, 0 to change, 0 to destroy") {
				t.Errorf("the plan does more than import:\n%s", plan)
			}
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
		})
	}
}

// The provider blocks shown are valid.
func TestAccExamples_provider(t *testing.T) {
	t.Parallel()
	for _, file := range glob(t, filepath.Join(examples(t), "provider", "provider*.tf")) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, "")
			content := read(t, file)
			if strings.Contains(content, "required_providers") {
				w.Write("main.tf", content)
			} else {
				w.WriteMain(content)
			}
			w.Run("validate", "-no-color")
		})
	}
}

// The quickstart works, including its sign-in.
func TestAccExamples_quickstart(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	w := acctest.NewWorkspace(t, server.AdminURL)
	const password = "analytical-engine-1843"
	w.Env = append(w.Env, "TF_VAR_initial_password="+password)
	for _, file := range glob(t, filepath.Join(examples(t), "quickstart", "*")) {
		w.Write(filepath.Base(file), read(t, file))
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	var outputs struct {
		People struct{ Value map[string]string }
	}
	if err := json.Unmarshal([]byte(w.Output("output", "-json")), &outputs); err != nil {
		t.Fatal(err)
	}
	if n := len(outputs.People.Value); n != 30 {
		t.Errorf("%d people, want 30", n)
	}
	for email, id := range outputs.People.Value {
		session, err := acctest.Login(t.Context(), server.PublicURL, email, password)
		if err != nil || session.IdentityID != id {
			t.Errorf("%s signs in as %q, want %s (%v)", email, session.IdentityID, id, err)
		}
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

func TestAccExamples_thousands(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	w := acctest.NewWorkspace(t, server.AdminURL)
	for _, file := range glob(t, filepath.Join(examples(t), "guides", "thousands-of-identities", "*")) {
		w.Write(filepath.Base(file), read(t, file))
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}
