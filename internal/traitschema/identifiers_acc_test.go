package traitschema_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// What a schema says of login identifiers and addresses is what the real server makes of the traits. A server that
// normalises them makes their canonical forms.
func TestAccIdentifiers_agreeWithServer(t *testing.T) {
	t.Parallel()
	schemas := parsed(t)
	admin := acctest.AdminOf(
		acctest.Kratos(t, acctest.Options{Schemas: map[string]string{"marks": documents(t)["marks"]}}),
	)
	fold := func(text string) string { return text }
	if admin.StoresE164(t) {
		fold = traitschema.Canonical
	}
	for _, traits := range []string{
		`{}`,
		`{"username":" Ada L ","badge":9007199254740993}`,
		`{"contact":{"mail":"Ada@Example.org","phone":"+49 1512 3456789"}}`,
		`{"contact":{"mail":"ada@example.org"},"more":{"mail1":"ada@home.example","mail2":"ada@example.org","note":"x@example.org"}}`,
		`{"aliases":["B","a","b"],"both":"Both","beside":"not me"}`,
		`{"phones":["+49 1512 3456789","+4915123456780"," +1 (202) 555-0123 ","+44/20.7946.0958","+39 06 6982","+225 07 01 23 45 67","+33 6 12 34 56 78","+48 512 345 678"]}`,
		`{"phones":["+49 (0)1512 3456780","+49 01512 3456781","+1 1 202 555 0124","+49 1512 3456782 ext. 5","tel:+49-1512-3456783","+4915123456784;ext=5"]}`,
		`{"phones":["\uff0b49 1512 3456785","+370 8 612 34567","+375 8 029 491 1911","+378 886377","+672 3 22123","+993 8 66 123456"]}`,
		`{"username":"\uff21da o\ufb03ce \u200b\u00adL\u3164","contact":{"mail":"Zo\u00eb.\uff2c@Example.org"}}`,
		`{"username":"zoe\u0308 \ud83c\udf89\u05d3\u05d5\u05d3","contact":{"mail":"stra\u00dfe@example.org"}}`,
		`{"codes":["x","Second","Third","Fourth"],"aliases":[],"others":{"note":"x","any":"Any"}}`,
	} {
		id := admin.CreateIdentity(t, map[string]any{"schema_id": "marks", "traits": json.RawMessage(traits)})
		identity := admin.GetIdentity(t, id)
		want := map[string][]string{}
		credentials, _ := identity["credentials"].(map[string]any)
		for kind, credential := range credentials {
			var identifiers []string
			list, _ := credential.(map[string]any)["identifiers"].([]any)
			for _, identifier := range list {
				identifiers = append(identifiers, identifier.(string))
			}
			slices.Sort(identifiers)
			if len(identifiers) > 0 {
				want[kind] = identifiers
			}
		}
		got, gap := schemas["marks"].LoginIdentifiers(json.RawMessage(traits))
		for kind, identifiers := range got {
			for i := range identifiers {
				identifiers[i] = fold(identifiers[i])
			}
			slices.Sort(identifiers)
			got[kind] = slices.Compact(identifiers)
		}
		if gap != "" || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: identifiers %v (%v), the server has %v", traits, got, gap, want)
		}
		addresses := map[string]string{}
		list, _ := identity["verifiable_addresses"].([]any)
		for _, address := range list {
			a := address.(map[string]any)
			addresses[a["value"].(string)] = a["via"].(string)
		}
		via, complete := schemas["marks"].VerifiableAddresses(json.RawMessage(traits))
		ours := map[string]string{}
		for address, how := range via {
			ours[fold(address)] = how
		}
		if !complete || !maps.Equal(ours, addresses) {
			t.Errorf("%s: addresses %v (%v), the server has %v", traits, ours, complete, addresses)
		}
		admin.DeleteIdentity(t, id)
	}
}
