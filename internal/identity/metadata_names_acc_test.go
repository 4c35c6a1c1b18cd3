package identity_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A person who is named in another way stays, without a write. Another person replaces the resource.
func TestAccIdentityMetadata_names(t *testing.T) {
	t.Parallel()
	const free = `metadata_public = { plan = "free" }`
	server := acctest.Kratos(t)
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	id, email := somebody(t, api, "")
	other, otherEmail := somebody(t, api, `,"metadata_public":{"theme":"dark"}`)
	w := acctest.NewWorkspace(t, proxy.URL())
	identifier := func(email string) string { return fmt.Sprintf("identifier = %q\n  ", email) }

	apply(w, part("test", identifier(strings.ToUpper(email))+free))
	expectOnServer(t, api, id, `{"metadata_public":{"plan":"free"}}`)
	proxy.Reset()
	apply(w, part("test", of(id)+free))
	apply(w, part("test", identifier(email)+free))
	if api.KnowsExternalID() {
		external := acctest.RandomName()
		api.Patch(id, fmt.Sprintf(`[{"op":"replace","path":"/external_id","value":%q}]`, external))
		apply(w, part("test", fmt.Sprintf("external_id = %q\n  ", external)+free))
	}
	if n := writes(proxy); n != 0 {
		t.Errorf("%d writes for other names of one person", n)
	}
	output := apply(w, part("test", identifier(otherEmail)+free))
	if !strings.Contains(output, "must be replaced") {
		t.Errorf("another person must replace the resource:\n%s", output)
	}
	expectOnServer(t, api, id, `{"metadata_public":{}}`)
	expectOnServer(t, api, other, `{"metadata_public":{"theme":"dark","plan":"free"}}`)
	apply(w, part("test", of(id)+free))
	expectOnServer(t, api, other, `{"metadata_public":{"theme":"dark"}}`)
	// The resource stays with a person who signs in with something else now.
	apply(w, part("test", identifier(email)+free))
	api.Patch(id, fmt.Sprintf(`[{"op":"replace","path":"/traits/email","value":"new-%s"}]`, email))
	w.ExpectEmptyPlan()
}

func TestAccIdentityMetadata_errors(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const free = "\n  metadata_public = { plan = \"free\" }"
	nobody := `identity_id = "00000000-0000-4000-8000-000000000000"`
	for name, test := range map[string]struct{ config, says string }{
		"no name":            {free, "exactly one of identity_id, external_id and identifier. The configuration sets none"},
		"two names":          {nobody + "\n  identifier = \"a\"" + free, "The configuration sets identity_id and identifier."},
		"no UUID":            {`identity_id = "ada"` + free, "identity_id must be a UUID"},
		"no metadata":        {nobody, "At least one of these attributes must be configured: [metadata_public,metadata_admin]"},
		"a list":             {nobody + "\n  metadata_public = [1]", `must be an object such as { roles = ["editor"] }`},
		"nobody":             {nobody + free, "Identity not found"},
		"nobody's name":      {`identifier = "nobody@example.org"` + free, "Identity not found"},
		"a name that isn't":  {"identifier = terraform_data.null.output" + free, "Exactly one argument required"},
		"no object in place": {nobody + "\n  metadata_public = tomap(null)\n  metadata_admin = \"x\"", "but it is a string"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(part("test", test.config) + "resource \"terraform_data\" \"null\" {\n  input = null\n}\n")
			output, code := w.Try("apply", "-no-color", "-auto-approve")
			if text := strings.Join(strings.Fields(strings.ReplaceAll(output, "│", "")), " "); code != 1 || !strings.Contains(text, test.says) {
				t.Errorf("exit code %d, want %q in:\n%s", code, test.says, output)
			}
		})
	}
}

// An import names the person in any way, and the keys.
func TestAccIdentityMetadata_import(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	id, email := somebody(t, api, `,"metadata_public":{"plan":"free","theme":"dark","a&b":[1]},"metadata_admin":{"crm":{"id":1}}`)
	const keys = "&metadata_public=plan&metadata_admin=crm&metadata_public=a%26b"
	members := "metadata_public = { plan = \"free\", \"a&b\" = [1] }\n  metadata_admin = { crm = { id = 1 } }"
	for _, names := range [][2]string{{of(id), "identity_id=" + id}, {fmt.Sprintf("identifier = %q\n  ", email), "identifier=" + url.PathEscape(email)}} {
		w := acctest.NewWorkspace(t, proxy.URL())
		proxy.Reset()
		w.WriteMain(part("test", names[0]+members))
		w.Run("import", "-no-color", "ory_identity_metadata.test", names[1]+keys)
		w.ExpectImported()
		if n := writes(proxy); n != 0 {
			t.Errorf("%d writes", n)
		}
		apply(w, part("test", names[0]+`metadata_public = { plan = "gold" }`))
		expectOnServer(t, api, id, `{"metadata_public":{"plan":"gold","theme":"dark"},"metadata_admin":{}}`)
		api.Patch(id, `[{"op":"replace","path":"/metadata_public","value":{"plan":"free","theme":"dark","a&b":[1]}},
			{"op":"replace","path":"/metadata_admin","value":{"crm":{"id":1}}}]`)
	}
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(part("test", of(id)+members))
	for bad, says := range map[string]string{
		id:                                     "Invalid import id",
		"identity_id=" + id:                    "Invalid import id",
		"identity_id=ada&metadata_public=plan": "Invalid import id",
		"identity_id=" + id + "&identifier=a&metadata_public=plan": "Invalid import id",
		"identity_id=" + id + "&metadata_pubic=plan":               "Invalid import id",
		"identity_id=" + id + "&metadata_public=none":              "Metadata key not found",
		"identifier=nobody@example.org&metadata_public=plan":       "Identity not found",
	} {
		output, code := w.Try("import", "-no-color", "ory_identity_metadata.test", bad)
		if text := strings.Join(strings.Fields(strings.ReplaceAll(output, "│", "")), " "); code != 1 || !strings.Contains(text, says) {
			t.Errorf("%s: exit code %d, want %q in:\n%s", bad, code, says, output)
		}
	}
}
