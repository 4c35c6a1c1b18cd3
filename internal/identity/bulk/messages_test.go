package bulk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// A create that doesn't end well says how far it came.
func TestMessages_create(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	for want, ctx := range map[string]context.Context{
		"Create interrupted":             cancelled,
		"Identities not created in time": late,
		"Identities not created":         t.Context(),
	} {
		row := &pending{entry: &entry{key: "a"}}
		row.fail(errors.New("out of order"))
		m := maker{data: newData(), diags: &diag.Diagnostics{}, rows: []*pending{row}}
		if !m.concludeCreate(ctx) || len(*m.diags) != 1 || (*m.diags)[0].Summary() != want {
			t.Errorf("want %q, got %v", want, *m.diags)
		}
	}
}

// If the read after a create fails, the identities are kept.
func TestMessages_readBack(t *testing.T) {
	t.Parallel()
	row := &pending{entry: &entry{key: "a", id: kratos.NewUUID()}, created: true}
	m := maker{data: dataOf(t, http.NotFoundHandler()), diags: &diag.Diagnostics{}, rows: []*pending{row}}
	m.readBack(t.Context(), func(*pending, *kratos.Identity) {})
	if len(*m.diags) != 1 || (*m.diags)[0].Summary() != "Identities not read back" || row.id == "" {
		t.Errorf("%v", *m.diags)
	}
}

// After an import, the passwords that people have are kept.
func TestMessages_passwordsAfterImport(t *testing.T) {
	t.Parallel()
	const rows = `{"a":{"traits":{"email":"a@x.io"}}}`
	config := modelOf(rows, false)
	config.Passwords, config.PasswordVersion = types.StringValue(`{"a":"correct horse"}`), types.Int64Value(1)
	p := newPlanner(t, modelOf(rows, true), config)
	p.imported = true
	if p.planChange(t.Context()); !strings.Contains(texts(p), "Passwords not sent after import") {
		t.Error(texts(p))
	}
}

func TestMessages_document(t *testing.T) {
	t.Parallel()
	for text, valid := range map[string]bool{`[]`: false, ``: false, `{`: false, `{}`: true} {
		var resp validator.StringResponse
		req := validator.StringRequest{Path: path.Root("identities"), ConfigValue: types.StringValue(text)}
		objectOf{}.ValidateString(t.Context(), req, &resp)
		if resp.Diagnostics.HasError() == valid || !valid && resp.Diagnostics[0].Summary() != "Not a JSON object" {
			t.Errorf("%q: %v", text, resp.Diagnostics)
		}
	}
}

// A run that was killed can have created identities whose rows have gone since.
func TestMessages_strays(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	stray := fmt.Sprintf(`[{"id":%q,"schema_id":"preset://email","state":"active","created_at":%q,"traits":{"email":"ada@x.io"},`+
		`"credentials":{"password":{"type":"password","identifiers":["ada@x.io"]}}}]`, kratos.NewUUID(), now.Format(time.RFC3339Nano))
	data := dataOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(stray))
	}))
	data.Schemas = newData().Schemas
	unique, began := base.Unique{Kind: "password", Value: "ada@x.io"}, sent{began: now.Add(-time.Minute)}
	m := maker{data: data, rules: identity.NewRows(data), diags: &diag.Diagnostics{}, killed: killed{
		markOfUnique(unique): began,
		proofOf(unique, "preset://email", []byte(`{"email":"ada@x.io"}`)): began,
	}}
	m.recoverKilled(t.Context())
	if len(*m.diags) != 1 || (*m.diags)[0].Summary() != "Identities of an interrupted apply without a row" {
		t.Errorf("%v", *m.diags)
	}
}

// A state with rows of a newer version of the provider is neither refreshed nor destroyed, so that no id is lost.
func TestMessages_newerState(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"a":{"traits":{"email":"ada@x.io"}},"b":{"traits":{"email":"bob@x.io"},"of_tomorrow":1}}`, true)
	var diags diag.Diagnostics
	readablePeople(&state, &diags)
	if len(diags) != 1 || diags[0].Summary() != "State cannot be read" || !strings.Contains(diags[0].Detail(), `"b"`) {
		t.Errorf("%v", diags)
	}
	f := refresher{bulkResource: &bulkResource{}, state: &state}
	if err := f.refresh(t.Context()); err == nil || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("%v", err)
	}
}
