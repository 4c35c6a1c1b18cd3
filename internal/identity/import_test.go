package identity

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
)

func TestParseImportID(t *testing.T) {
	t.Parallel()
	const uuid = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
	for text, want := range map[string]lookup.Reference{
		uuid:                               {ID: uuid},
		" " + strings.ToUpper(uuid) + "\n": {ID: uuid},
		"external_id=crm-4711":             {ExternalID: "crm-4711"},
		"external_id=a=b":                  {ExternalID: "a=b"},
		"external_id= ":                    {ExternalID: " "},
		"identifier=Ada@example.org":       {Identifier: "Ada@example.org"},
		"identifier=gh:1=2":                {Identifier: "gh:1=2"},
		"external_id=":                     {},
		"identifier=  ":                    {},
		"ada@example.org":                  {},
		"id=" + uuid:                       {},
		"":                                 {},
		"EXTERNAL_ID=x":                    {},
		strings.ReplaceAll(uuid, "-", ""):  {},
		"9f425a8d-7efc-4768-8f23-7647a74g": {},
	} {
		var diags diag.Diagnostics
		if got := parseImportID(text, &diags); got != want || diags.HasError() != (want == lookup.Reference{}) {
			t.Errorf("%q became %+v, %v", text, got, diags)
		}
	}
}

func FuzzParseImportID(f *testing.F) {
	for _, seed := range []string{"", "=", "external_id=a", "identifier=b", "9f425a8d-7efc-4768-8f23-7647a74fdf13"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var diags diag.Diagnostics
		id := parseImportID(text, &diags)
		set := 0
		for _, value := range []string{id.ID, id.ExternalID, id.Identifier} {
			if value != "" {
				set++
			}
		}
		if diags.HasError() != (set == 0) || set > 1 {
			t.Errorf("%q became %+v, %v", text, id, diags)
		}
		if id.ID != "" && id.ID != strings.ToLower(strings.TrimSpace(text)) {
			t.Errorf("%q became another UUID, %s", text, id.ID)
		}
	})
}
