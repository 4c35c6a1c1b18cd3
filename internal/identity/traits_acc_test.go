package identity_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// traitsForm is one way to write traits. NAME stands for a user name of the test's own.
type traitsForm struct {
	before string // precedes the resource
	traits string
	want   string // on the server
	files  map[string]string
	vars   config.Variables
}

func traitsForms() map[string]traitsForm {
	return map[string]traitsForm{
		"nested": {
			traits: `{ username = "NAME", profile = { first = "Ada", address = { city = "London", zip = "W1" } }, tags = ["b", "a"], scores = [1, 2.5] }`,
			want:   `{"username":"NAME","profile":{"first":"Ada","address":{"city":"London","zip":"W1"}},"tags":["b","a"],"scores":[1,2.5]}`,
		},
		"exact numbers": {
			traits: `{ username = "NAME", age = 9007199254740993, balance = 1.10, attributes = { big = 12345678901234567890, exp = 1e21, zero = -0, small = 0.000000001 } }`,
			want:   `{"username":"NAME","age":9007199254740993,"balance":1.1,"attributes":{"big":12345678901234567890,"exp":1000000000000000000000,"zero":0,"small":0.000000001}}`,
		},
		"null member": {
			traits: `{ username = "NAME", age = null, profile = { first = "Ada", last = null }, attributes = { list = [1, null, "x"] } }`,
			want:   `{"username":"NAME","profile":{"first":"Ada"},"attributes":{"list":[1,null,"x"]}}`,
		},
		"empty values": {
			traits: `{ username = "NAME", tags = [], profile = {}, attributes = { text = "", html = "<&>\u2028" } }`,
			want:   `{"username":"NAME","tags":[],"profile":{},"attributes":{"text":"","html":"<&>\u2028"}}`,
		},
		"map of strings": {
			traits: `tomap({ username = "NAME", email = "NAME@example.org" })`,
			want:   `{"username":"NAME","email":"NAME@example.org"}`,
		},
		"list, set and tuple": {
			traits: `{ username = "NAME", tags = toset(["b", "a"]), scores = tolist([3, 1]), attributes = { mixed = [1, "x", { y = [] }] } }`,
			want:   `{"username":"NAME","tags":["a","b"],"scores":[3,1],"attributes":{"mixed":[1,"x",{"y":[]}]}}`,
		},
		"csvdecode": {
			before: `locals { row = csvdecode("username,first\nNAME,Ada\n")[0] }`,
			traits: `{ username = local.row.username, profile = { first = local.row.first } }`,
			want:   `{"username":"NAME","profile":{"first":"Ada"}}`,
		},
		"csvdecode row as it is": {
			traits: `csvdecode("username,email\nNAME,NAME@example.org\n")[0]`,
			want:   `{"username":"NAME","email":"NAME@example.org"}`,
		},
		"yamldecode": {
			traits: "yamldecode(<<-YAML\n    username: NAME\n    age: 36\n    active: true\n    tags: [a, b]\n    profile: " +
				"{first: Ada}\n    YAML\n  )",
			want: `{"username":"NAME","age":36,"active":true,"tags":["a","b"],"profile":{"first":"Ada"}}`,
		},
		"jsondecode of a file": {
			traits: `jsondecode(file("DIR/traits.json"))`,
			files: map[string]string{
				"traits.json": `{"username":"NAME","age":9007199254740993,"profile":{"first":"Ada","last":null},"scores":[1.10]}`,
			},
			want: `{"username":"NAME","age":9007199254740993,"profile":{"first":"Ada"},"scores":[1.1]}`,
		},
		"variable of type any": {
			before: "variable \"traits\" {\n  type = any\n}",
			traits: `merge(var.traits, { username = "NAME" })`,
			vars: config.Variables{"traits": config.ObjectVariable(map[string]config.Variable{
				"age": config.IntegerVariable(36), "tags": config.ListVariable(config.StringVariable("x")),
				"profile": config.ObjectVariable(map[string]config.Variable{"first": config.StringVariable("Ada")}),
			})},
			want: `{"username":"NAME","age":36,"tags":["x"],"profile":{"first":"Ada"}}`,
		},
		"typed variable with optional members": {
			before: "variable \"traits\" {\n  type = object({ age = number, profile = object({ first = string, last = " +
				"optional(string) }), active = optional(bool) })\n  default = { age = 36, profile = { first = \"Ada\" } }\n}",
			traits: `merge(var.traits, { username = "NAME" })`,
			want:   `{"username":"NAME","age":36,"profile":{"first":"Ada"}}`,
		},
		"value unknown at plan": {
			before: "resource \"terraform_data\" \"late\" {\n  input = { city = \"London\", tags = [\"x\", \"y\"] }\n}",
			traits: `{ username = "NAME", profile = { address = { city = terraform_data.late.output.city } }, tags = terraform_data.late.output.tags }`,
			want:   `{"username":"NAME","profile":{"address":{"city":"London"}},"tags":["x","y"]}`,
		},
		"all unknown at plan": {
			before: "resource \"terraform_data\" \"late\" {\n  input = { username = \"NAME\", age = 36 }\n}",
			traits: `terraform_data.late.output`,
			want:   `{"username":"NAME","age":36}`,
		},
	}
}

// prepare replaces the placeholders and writes the files.
func (f traitsForm) prepare(t *testing.T) traitsForm {
	t.Helper()
	dir := t.TempDir()
	fill := strings.NewReplacer("NAME", acctest.RandomName(), "DIR", dir)
	for name, content := range f.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(fill.Replace(content)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f.before, f.traits, f.want = fill.Replace(f.before), fill.Replace(f.traits), fill.Replace(f.want)
	return f
}

// For every form of traits, the server stores the same meaning, and every later plan is empty: after the apply, after a
// refresh and after an import.
func TestAccIdentity_traitsForms(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, form := range traitsForms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			form := form.prepare(t)
			configuration := form.before + "\n" + one(server, "  schema_id = \"username\"\n  traits = "+form.traits)
			empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
			var id string
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
				CheckDestroy:             checkDestroyed(t, server),
				Steps: []resource.TestStep{
					{
						Config: configuration, ConfigVariables: form.vars,
						Check: func(s *terraform.State) error {
							id = s.RootModule().Resources[address].Primary.ID
							return api.Compare(id, fmt.Sprintf(`{"traits":%s}`, form.want))
						},
					},
					{Config: configuration, ConfigVariables: form.vars, ConfigPlanChecks: empty},
					{RefreshState: true, ConfigVariables: form.vars},
					{Config: configuration, ConfigVariables: form.vars, ConfigPlanChecks: empty},
				},
			})
		})
	}
}

// An imported identity plans empty against the configuration that made it, however its traits are written there, and
// against the configuration that the command line generates for it.
func TestAccIdentity_importPlansEmpty(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, form := range traitsForms() {
		if form.before != "" || form.vars != nil {
			continue // this form doesn't affect the imported identity
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			form := form.prepare(t)
			id := api.Create(
				`{"schema_id":"username","traits":` + form.want + `,"metadata_public":{"team":"engines","n":9007199254740993},"metadata_admin":[1,null]}`,
			)
			t.Cleanup(func() { api.Delete(id) })

			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\n", strings.ToUpper(id)))
			if plan := w.Run("plan", "-no-color", "-generate-config-out=generated.tf"); !strings.Contains(
				plan,
				"1 to import, 0 to add, 0 to change",
			) {
				t.Errorf("the generated configuration doesn't plan empty:\n%s", plan)
			}
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()

			w.Write("generated.tf", "resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits "+
				"= "+form.traits+"\n}\n")
			w.ExpectEmptyPlan()
		})
	}
}
