package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// people returns resources of the schema username. META is the meta-argument that creates several of them.
func people(name, meta, each, prefix, rest string) string {
	return fmt.Sprintf("resource \"ory_identity\" %q {\n  %s\n  schema_id = \"username\"\n  traits = { username = "+
		"\"%s-${%s}\" }\n  %s\n}\n", name, meta, prefix, each, rest)
}

// If resources are renamed without moved blocks and may adopt, every identity stays.
func TestAccIdentity_renamedAndKept(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const count, adopt = 6, `on_conflict = "adopt"` // fewer than -parallelism; for more see renamedInACrowd
	counted := fmt.Sprintf("count = %d", count)
	each := fmt.Sprintf("for_each = toset([for i in range(%d) : tostring(i)])", count)
	for name, test := range map[string]struct{ before, after string }{
		"to another name": {
			people("old", counted, "count.index", "PREFIX", adopt), people("fresh", counted, "count.index", "PREFIX", adopt),
		},
		"to another name, deactivate": {
			people("old", counted, "count.index", "PREFIX", adopt+"\n  deletion_policy = \"deactivate\""), people("fresh", counted, "count.index", "PREFIX", adopt),
		},
		"to another name, with leave to adopt from now on": {
			people("old", counted, "count.index", "PREFIX", ""), people("fresh", counted, "count.index", "PREFIX", adopt),
		},
		"count to for_each": {
			people("old", counted, "count.index", "PREFIX", adopt), people("old", each, "each.key", "PREFIX", adopt),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectKept(t, server, test.before, test.after, count)
		})
	}
}

// expectKept applies one configuration after the other, and checks that the identities stay.
func expectKept(t *testing.T, server *acctest.Server, before, after string, count int) {
	t.Helper()
	api, w, prefix := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL), acctest.RandomName()
	w.WriteMain(strings.ReplaceAll(before, "PREFIX", prefix))
	w.Run("apply", "-no-color", "-auto-approve")
	ids := map[string]string{}
	for i := range count {
		username := fmt.Sprintf("%s-%d", prefix, i)
		ids[username] = api.admin.FindByIdentifier(t, username)[0]
	}
	w.WriteMain(strings.ReplaceAll(after, "PREFIX", prefix))
	if output := w.Run("plan", "-no-color", "-out=tfplan"); !strings.Contains(output, "Identity adopted by another resource") {
		t.Errorf("the plan doesn't say that the identities stay:\n%s", output)
	}
	w.Run("apply", "-no-color", "tfplan")
	for username, id := range ids {
		expectActive(t, api, id)
		if found := api.admin.FindByIdentifier(t, username); len(found) != 1 || found[0] != id {
			t.Errorf("%s was %s and is %v", username, id, found)
		}
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Two resources are one person also if only a link shows it. A resource that is renamed without a moved block, and gets
// another user name at the same time, adopts the identity by the link, and the identity stays.
func TestAccIdentity_renamedAndAdoptedByLink(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, w := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL)
	const count = 4
	prefix := acctest.RandomName()
	all := func(name, username, rest string) (text string) {
		for i := range count {
			text += linkedTo(fmt.Sprint(name, i), fmt.Sprintf("%s-%s%d", prefix, username, i), fmt.Sprintf("gh:%s-%d", prefix, i), rest)
		}
		return text
	}
	w.WriteMain(all("old", "a", ""))
	w.Run("apply", "-no-color", "-auto-approve")
	ids := make([]string, count)
	for i := range ids {
		ids[i] = api.admin.FindByIdentifier(t, fmt.Sprintf("%s-a%d", prefix, i))[0]
	}
	w.WriteMain(all("fresh", "b", ""))
	if output := fold(w.Run("plan", "-no-color")); !strings.Contains(output, "Identity will be created again") ||
		!strings.Contains(output, "creates a resource with the same link in credentials.oidc") {
		t.Errorf("no warning:\n%s", output)
	}
	w.WriteMain(all("fresh", "b", `on_conflict = "adopt"`))
	if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(output, "Identity adopted by another resource") {
		t.Errorf("the plan doesn't say that the identities stay:\n%s", output)
	}
	for i, id := range ids {
		expectActive(t, api, id)
		if err := api.Compare(id, fmt.Sprintf(`{"traits":{"username":"%s-b%d"}}`, prefix, i)); err != nil {
			t.Error(err)
		}
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Without adoption, a resource that is renamed without a moved block gets a new identity. The plan warns and shows the
// remedy.
func TestAccIdentity_renamedWithoutMovedBlock(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, test := range map[string]struct{ before, after, moved string }{
		"to another name":   {person("test", "EMAIL", ""), person("other", "EMAIL", ""), renaming("test", "other")},
		"count to for_each": {person("test", "EMAIL", "count = 1"), person("test", "EMAIL", `for_each = toset(["a"])`), renaming("test[0]", `test["a"]`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, w, email := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
			w.WriteMain(strings.ReplaceAll(test.before, "EMAIL", email))
			w.Run("apply", "-no-color", "-auto-approve")
			id := api.admin.FindByIdentifier(t, email)[0]
			w.WriteMain(strings.ReplaceAll(test.after, "EMAIL", email))
			output := fold(w.Run("plan", "-no-color"))
			for _, want := range []string{"Identity will be created again", id, "moved {", "from = ory_identity.old"} {
				if !strings.Contains(output, want) {
					t.Errorf("the plan doesn't say %q:\n%s", want, output)
				}
			}
			w.WriteMain(strings.ReplaceAll(test.after, "EMAIL", email) + test.moved)
			if output := w.Run("apply", "-no-color", "-auto-approve"); strings.Contains(output, "Identity will be created again") {
				t.Errorf("a warning although there is a moved block:\n%s", output)
			}
			w.ExpectEmptyPlan()
			expectActive(t, api, id)
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// If the deletion policy keeps the identity on the server, a resource that is renamed without a moved block can't get a
// new identity. The plan is refused, in any order of the two objects, and the identity stays as it is.
func TestAccIdentity_renamedAndRemains(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const refused = "Value of an identity that remains"
	for _, policy := range []string{"deactivate", "retain"} {
		for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
			t.Run(policy+" "+names[0], func(t *testing.T) {
				t.Parallel()
				api, w, email := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
				old, renamed := names[0], names[1]
				keeps := fmt.Sprintf("deletion_policy = %q", policy)
				w.WriteMain(strings.ReplaceAll(person(old, "EMAIL", keeps), "EMAIL", email))
				w.Run("apply", "-no-color", "-auto-approve")
				id := api.admin.FindByIdentifier(t, email)[0]
				for _, parallelism := range []string{"1", "10"} {
					w.WriteMain(strings.ReplaceAll(person(renamed, "EMAIL", ""), "EMAIL", email))
					w.ExpectFailure([]string{refused, id, "on_conflict", "moved {"}, "apply", "-no-color", "-auto-approve", "-parallelism="+parallelism)
					expectActive(t, api, id)
				}
				w.WriteMain(strings.ReplaceAll(person(renamed, "EMAIL", `on_conflict = "adopt"`), "EMAIL", email))
				w.Run("apply", "-no-color", "-auto-approve")
				w.ExpectEmptyPlan()
				expectActive(t, api, id)
				w.Run("destroy", "-no-color", "-auto-approve")
			})
		}
	}
}

// If Terraform can't plan the new resources at the same time as the destroyed ones, the plan may be refused, and an
// apply may leave a part to the next one. No identity is lost.
func TestAccIdentity_renamedInACrowd(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const refused = "Identity would be destroyed before it is adopted"
	for name, test := range map[string]struct {
		parallelism, count int
		name               string // of the new resource
		mayRefuse          bool
	}{
		"one at a time":           {1, 3, "fresh", true},
		"two at a time":           {2, 6, "fresh", true},
		"25 people":               {10, 25, "fresh", false},
		"60 people":               {10, 60, "fresh", true},
		"60 people, more at once": {200, 60, "fresh", false},
		"60 count to for_each":    {10, 60, "old", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, w, prefix := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL), acctest.RandomName()
			const adopt = `on_conflict = "adopt"`
			after := people(test.name, fmt.Sprintf("for_each = toset([for i in range(%d) : tostring(i)])", test.count), "each.key", prefix, adopt)
			w.WriteMain(people("old", fmt.Sprintf("count = %d", test.count), "count.index", prefix, adopt))
			w.Run("apply", "-no-color", "-auto-approve")
			ids := make([]string, test.count)
			moved := ""
			for i := range ids {
				ids[i] = api.admin.FindByIdentifier(t, fmt.Sprintf("%s-%d", prefix, i))[0]
				moved += renaming(fmt.Sprintf("old[%d]", i), fmt.Sprintf("%s[\"%d\"]", test.name, i))
			}
			w.WriteMain(after)
			args := []string{"apply", "-no-color", "-auto-approve", fmt.Sprintf("-parallelism=%d", test.parallelism)}
			output, code := w.Try(args...)
			switch {
			case code == 0:
			case test.mayRefuse && strings.Contains(output, refused):
				w.WriteMain(after + moved)
				w.Run("apply", "-no-color", "-auto-approve")
			case strings.Contains(output, "Identity not removed") && !strings.Contains(output, refused):
				w.Run(args...)
			default:
				t.Errorf("exit code %d:\n%s", code, output)
			}
			for _, id := range ids {
				expectActive(t, api, id)
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}
