package bulk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
)

func texts(p *planner) string {
	var all strings.Builder
	for _, d := range *p.diags {
		all.WriteString(d.Summary() + ": " + d.Detail() + "\n")
	}
	return all.String()
}

// Each bad row is told by key, without its values, and what is told is bounded.
func TestPlan_badRows(t *testing.T) {
	t.Parallel()
	for want, rows := range map[string]string{
		`"a": The identity schema "preset://email" refuses traits.email`: `{"a":{"traits":{"email":"secret-nobody"}}}`,
		`"a": The row has the member "trait". Rows have traits`:          `{"a":{"trait":{}}}`,
		`"a": The row is a JSON string, not an object.`:                  `{"a":"secret-text"}`,
		`"a": The member verified_addresses cannot be a JSON string.`:    `{"a":{"traits":{"email":"a@x.io"},"verified_addresses":"secret"}}`,
		`"a": The row has no traits.`:                                    `{"a":{}}`,
		`"b": The row has the same login identifier`:                     `{"a":{"traits":{"email":"a@x.io"}},"b":{"traits":{"email":" A@x.io"}}}`,
		`"b": The row has the same external_id as the row "a".`:          `{"a":{"traits":{},"external_id":"1"},"b":{"traits":{},"external_id":"1"}}`,
		`"a": Attribute state value must be one of`:                      `{"a":{"traits":{"email":"a@x.io"},"state":"asleep"}}`,
		`"a": The attribute metadata_public is a number.`:                `{"a":{"traits":{"email":"a@x.io"},"metadata_public":3}}`,
		`"a": The attribute verified_addresses contains "b@x.io"`:        `{"a":{"traits":{"email":"a@x.io"},"verified_addresses":["b@x.io"]}}`,
	} {
		p := newPlanner(t, model{}, modelOf(rows, false))
		p.planChange(t.Context())
		if text := texts(p); !strings.Contains(text, want) || !strings.Contains(text, "Rows cannot be applied") ||
			strings.Contains(text, "secret") {
			t.Errorf("%s: got %s", rows, text)
		}
	}
}

func TestPlan_manyBadRows(t *testing.T) {
	t.Parallel()
	d := document{}
	for i := range 2000 {
		d[fmt.Sprint(i)] = fmt.Appendf(nil, `{"traits":{"email":"nobody %d"}}`, i)
	}
	p := newPlanner(t, model{}, modelOf(d.String(), false))
	p.planChange(t.Context())
	text := texts(p)
	if !strings.Contains(text, "2000 rows") || !strings.Contains(text, "and 1950 more") || len(text) > 40_000 {
		t.Errorf("%d bytes: %.2000s", len(text), text)
	}
}

// The metadata and passwords of rows that don't exist are mistakes, and no value of them is shown.
func TestPlan_keysWithoutRows(t *testing.T) {
	t.Parallel()
	config := modelOf(`{"a":{"traits":{"email":"a@x.io"}}}`, false)
	config.MetadataAdmin = types.StringValue(`{"b":{"secret":1}}`)
	config.Hashes = types.StringValue(`{"c":"$2a$secret","a":7}`)
	config.Passwords = types.StringValue(`{"d":"secret"}`)
	p := newPlanner(t, model{}, config)
	p.planChange(t.Context())
	text := texts(p)
	for _, want := range []string{
		`"b": metadata_admin has this key`, `"c": password_hashes_wo has this key`, `"a": password_hashes_wo has no text`,
		`"d": passwords_wo has this key`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q isn't in %s", want, text)
		}
	}
	if strings.Contains(text, "secret") {
		t.Error("a secret is shown")
	}
}

// A plan without differences of meaning is the state, whatever the form of the documents.
func TestPlan_sameMeaning(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"a":{"traits":{"email":"a@x.io","name":{"first":"A","n":1}}},"b":{"traits":{"email":"b@x.io"}}}`, true)
	config := modelOf(` { "b": {"traits": {"email": "b@x.io"}}, "a":{"state":null,"traits":{"name":{"n":1.0,"first":"A"},"email":"a@x.io"}}}`, false)
	p := newPlanner(t, state, config)
	p.planChange(t.Context())
	if p.diags.HasError() || !p.plan.Identities.Equal(state.Identities) || !p.plan.IDs.Equal(state.IDs) {
		t.Errorf("%s %s: %s", p.plan.Identities, p.plan.IDs, texts(p))
	}
}

// A document that would lose people, or isn't JSON, is refused without its content.
func TestParseDocument_refused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"a":{"secret":1},"b":{},"a":{}}`: `it has the key "a" twice`,
		`{"a":1,"\u0061":2}`:               `it has the key "a" twice`,
		`{"":{}}`:                          "it has an empty key",
		`["secret"]`:                       "it is JSON, but not an object",
		`null`:                             "it is JSON, but not an object",
		`{"a":"secret"`:                    "it is not JSON, or is incomplete",
		`{"a" "secret"}`:                   "it is not JSON, from byte",
		`{"a":secret}`:                     "it is not JSON, from byte",
		`{"a":1,}`:                         "it is not JSON, from byte",
		`{} "secret"`:                      "there is more than one JSON value",
	} {
		if _, err := parseDocument(text); err == nil || !strings.HasPrefix(err.Error(), want) ||
			strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if d, err := parseDocument(` {"b": null, "a": {"b": [1, 2]}} `); err != nil || d.String() != `{"a":{"b": [1, 2]}}` {
		t.Errorf("%s: %v", d, err)
	}
}

// Rows that another resource declares, in any order, are refused by key.
func TestPlan_otherResources(t *testing.T) {
	t.Parallel()
	p := newPlanner(t, model{}, modelOf(`{"a":{"traits":{"email":"a@x.io"}},"b":{"traits":{"email":"b@x.io"}}}`, false))
	p.Data.Walk.Declare("", []base.Unique{{Kind: "password", Value: "b@x.io"}})
	p.planChange(t.Context())
	if text := texts(p); !strings.Contains(text, `"b": Another resource of the configuration has the same login`) ||
		strings.Contains(text, `"a"`) {
		t.Error(text)
	}
	if conflict := p.Data.Walk.Declare("", []base.Unique{{Kind: "password", Value: "a@x.io"}}); conflict == nil {
		t.Error("the rows aren't declared")
	}
}

// A row whose identity another object keeps can't be removed.
func TestPlan_sharedIdentity(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"a":{"traits":{"email":"a@x.io"}},"b":{"traits":{"email":"b@x.io"}}}`, true)
	config := modelOf(`{"a":{"traits":{"email":"a@x.io"}}}`, false)
	for policy, refused := range map[string]bool{identity.DeletionDelete: true, identity.DeletionDeactivate: true, identity.DeletionRetain: false} {
		config.DeletionPolicy = types.StringValue(policy)
		p := newPlanner(t, state, config)
		p.Data.Walk.Declare("00000000-0000-4000-8000-000000000001", nil)
		p.planChange(t.Context())
		if text := texts(p); p.diags.HasError() != refused || refused &&
			(!strings.Contains(text, "Identities would be destroyed under another resource") || !strings.Contains(text, `"b": Another object`)) {
			t.Errorf("%s: %s", policy, text)
		}
		whole := newPlanner(t, state, config)
		whole.state.DeletionPolicy = types.StringValue(policy)
		whole.Data.Walk.Declare("00000000-0000-4000-8000-000000000001", nil)
		if whole.planDestroy(t.Context()); whole.diags.HasError() != refused ||
			strings.Contains(texts(whole), "Identities remain on the server") != (policy != identity.DeletionDelete) {
			t.Errorf("destroy, %s: %s", policy, texts(whole))
		}
	}
}

// A row whose identity remains on the server can't give its address to another resource, in any order.
func TestPlan_remainingIdentity(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"a":{"traits":{"email":"a@x.io"}},"b":{"traits":{"email":"b@x.io"}}}`, true)
	config := modelOf(`{"a":{"traits":{"email":"a@x.io"}}}`, false)
	address := []base.Unique{{Kind: "password", Value: "b@x.io"}}
	newcomer := func(w *base.Walk, adopts bool) {
		w.Declare("", address)
		w.Arrive("", address, adopts)
		if !adopts {
			w.Want("", address)
		}
	}
	for policy, remains := range map[string]bool{identity.DeletionDelete: false, identity.DeletionDeactivate: true, identity.DeletionRetain: true} {
		for _, adopts := range []bool{false, true} {
			config.DeletionPolicy = types.StringValue(policy)
			p := newPlanner(t, state, config)
			newcomer(p.Data.Walk, adopts)
			p.planChange(t.Context())
			refused := strings.Contains(texts(p), "Values of identities that remain")
			if want := remains && !adopts; refused != want || want && !strings.Contains(texts(p), `"b": Another row, or another resource of the plan, gets`) {
				t.Errorf("%s, adopts: %v: %s", policy, adopts, texts(p))
			}
			whole := newPlanner(t, state, config)
			whole.state.DeletionPolicy = types.StringValue(policy)
			newcomer(whole.Data.Walk, adopts)
			whole.planDestroy(t.Context())
			if refused := strings.Contains(texts(whole), "Values of identities that remain"); refused != (remains && !adopts) {
				t.Errorf("destroy, %s, adopts: %v: %s", policy, adopts, texts(whole))
			}
		}
	}
	for conflict, refused := range map[types.String]bool{
		types.StringValue(identity.ConflictError): true, types.StringValue(identity.ConflictAdopt): false, types.StringUnknown(): false,
	} {
		created := modelOf(`{"b":{"traits":{"email":"b@x.io"}}}`, false)
		created.OnConflict = conflict
		p := newPlanner(t, model{}, created)
		p.Data.Walk.Remain("1", address)
		p.planChange(t.Context())
		if text := texts(p); strings.Contains(text, `"b": The plan destroys the object of identity 1`) != refused {
			t.Errorf("%s: %s", conflict, text)
		}
	}
}

// If the keys have moved to other people, a row gets the address of a removed row. The address is free only if the
// identity of the removed row is deleted.
func TestPlan_shiftedRows(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"0":{"traits":{"email":"a@x.io"}},"1":{"traits":{"email":"b@x.io"}}}`, true)
	config := modelOf(`{"0":{"traits":{"email":"b@x.io"}}}`, false)
	for policy, refused := range map[types.String]bool{
		types.StringValue(identity.DeletionDelete): false, types.StringValue(identity.DeletionDeactivate): true,
		types.StringValue(identity.DeletionRetain): true, types.StringUnknown(): false,
	} {
		config.DeletionPolicy = policy
		p := newPlanner(t, state, config)
		p.planChange(t.Context())
		if text := texts(p); p.diags.HasError() != refused ||
			refused && !strings.Contains(text, `"1": Another row, or another resource of the plan, gets the login identifier`) ||
			!strings.Contains(text, `"0": It takes the login identifier that the row "1" has in the state`) {
			t.Errorf("%s: %s", policy, text)
		}
	}
}

// Keys that have moved to other people are a warning: each person would get the password of another one.
func TestPlan_handedOn(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"1":{"traits":{"email":"a@x.io"}},"2":{"traits":{"email":"b@x.io"}}}`, true)
	config := modelOf(`{"1":{"traits":{"email":"new@x.io"}},"2":{"traits":{"email":"A@x.io"}},"3":{"traits":{"email":"b@x.io"}}}`, false)
	p := newPlanner(t, state, config)
	p.planChange(t.Context())
	text := texts(p)
	if p.diags.HasError() || !strings.Contains(text, "Identifiers passed to other rows: 2 rows") ||
		!strings.Contains(text, `"2": It takes the login identifier that the row "1" has`) ||
		!strings.Contains(text, `"3": It takes the login identifier that the row "2" has`) {
		t.Error(text)
	}
	p = newPlanner(t, state, modelOf(`{"1":{"traits":{"email":"new@x.io"}},"2":{"traits":{"email":"b@x.io","name":{}}}}`, false))
	if p.planChange(t.Context()); len(*p.diags) > 0 {
		t.Error(texts(p))
	}
}

// Rows are changed after the rows whose values they take, in chains of any order. A circle ends.
func TestUpdater_waves(t *testing.T) {
	t.Parallel()
	row := func(key, email string) *entry {
		traits := fmt.Appendf(nil, `{"email":"%s@x.io"}`, email)
		return &entry{key: key, row: identity.Row{SchemaID: "preset://email", Traits: traits}}
	}
	var rows []change
	for _, r := range [][3]string{
		{"1", "a", "b"}, {"2", "b", "c"}, {"3", "c", "d"}, {"4", "e", "a"}, {"5", "x", "y"}, {"6", "y", "x"}, {"7", "z", "z"},
	} {
		rows = append(rows, change{now: row(r[0], r[2]), was: row(r[0], r[1])})
	}
	u := updater{rules: identity.NewRows(newData())}
	after := map[string]int{}
	for n, wave := range u.waves(t.Context(), rows) {
		for _, both := range wave {
			after[both.now.key] = n
		}
	}
	if len(after) != len(rows) || after["3"] != 0 || after["2"] != 1 || after["1"] != 2 || after["4"] != 3 || after["7"] != 0 {
		t.Errorf("the rows are in the waves %v", after)
	}
}

// A key that goes while another one comes with the same login identifier is the same person.
func TestCompare_renamedKey(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"a":{"traits":{"email":"a@x.io"}},"b":{"traits":{"email":"b@x.io"}}}`, true)
	config := modelOf(`{"c":{"traits":{"email":"A@x.io"}},"d":{"traits":{"email":"d@x.io"}}}`, false)
	before, after := parsePeople(&state), parsePeople(&config)
	c := compare(t.Context(), identity.NewRows(newData()), &before, &after, false)
	if len(c.renamed) != 1 || c.renamed[0].now.key != "c" || c.renamed[0].now.id != before.byKey["a"].id ||
		len(c.created) != 1 || c.created[0].key != "d" || len(c.removed) != 1 || c.removed[0].key != "b" {
		t.Errorf("%+v", c)
	}
}
