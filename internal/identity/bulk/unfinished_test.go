package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// plainSchemas has a schema without login identifiers, and deadSchemas has none at all.
type (
	plainSchemas struct{}
	deadSchemas  struct{}
)

func (plainSchemas) PeekIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return json.RawMessage(`{"properties":{"traits":{"type":"object","properties":{"n":{"type":"string"}}}}}`), nil
}

func (s plainSchemas) GetIdentitySchema(ctx context.Context, id string) (json.RawMessage, error) {
	return s.PeekIdentitySchema(ctx, id)
}

func (deadSchemas) PeekIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return nil, errors.New("connection refused")
}

func (s deadSchemas) GetIdentitySchema(ctx context.Context, id string) (json.RawMessage, error) {
	return s.PeekIdentitySchema(ctx, id)
}

type item = map[string]any

// fake is a server of which a test decides what it answers to a batch.
type fake struct {
	t       *testing.T
	mu      sync.Mutex
	people  []item
	deleted []string
	batch   func(w http.ResponseWriter, creates []item)
}

func (f *fake) answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		f.t.Error(err)
	}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/admin/identities"), "/")
	if r.Method == http.MethodPatch && id == "" {
		var body struct{ Identities []item }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			f.t.Error(err)
		}
		f.batch(w, body.Identities)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	ids := r.URL.Query()["ids"]
	if id != "" {
		ids = []string{id}
	}
	found, others := []item{}, []item{}
	for _, person := range f.people {
		if len(ids) == 0 || strings.Contains(strings.Join(ids, " "), person["id"].(string)) {
			found = append(found, person)
		} else {
			others = append(others, person)
		}
	}
	switch {
	case id == "":
		f.answer(w, http.StatusOK, found)
	case len(found) == 0:
		f.answer(w, http.StatusNotFound, item{"error": item{"code": 404, "message": "Unable to locate the resource"}})
	case r.Method == http.MethodDelete:
		f.deleted, f.people = append(f.deleted, id), others
		w.WriteHeader(http.StatusNoContent)
	default:
		f.answer(w, http.StatusOK, found[0])
	}
}

func (f *fake) add(people ...item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.people = append(f.people, people...)
}

// refuse answers the batch with an error for each item.
func (f *fake) refuse(w http.ResponseWriter, creates []item, code int, reason string) {
	rows := make([]item, 0, len(creates))
	for _, create := range creates {
		failure := item{"code": code, "message": "refused", "reason": reason}
		rows = append(rows, item{"action": "error", "patch_id": create["patch_id"], "error": failure})
	}
	f.answer(w, http.StatusOK, item{"identities": rows})
}

// createOrConflict creates the items. An item with the traits of an existing identity gets a conflict.
func (f *fake) createOrConflict(w http.ResponseWriter, creates []item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answers := []item{}
	for _, create := range creates {
		traits := create["create"].(item)["traits"]
		answer := item{"action": "create", "patch_id": create["patch_id"]}
		if slices.ContainsFunc(f.people, func(p item) bool { return reflect.DeepEqual(p["traits"], traits) }) {
			answer["action"], answer["error"] = "error", item{"code": http.StatusConflict, "message": "exists already"}
		} else {
			created := person("preset://email", traits, time.Now())
			f.people, answer["identity"] = append(f.people, created), created["id"]
		}
		answers = append(answers, answer)
	}
	f.answer(w, http.StatusOK, item{"identities": answers})
}

func person(schemaID string, traits any, created time.Time) item {
	at := created.UTC().Format(time.RFC3339Nano)
	return item{
		"id": kratos.NewUUID(), "schema_id": schemaID, "schema_url": "x", "state": "active", "traits": traits,
		"created_at": at, "updated_at": at,
	}
}

// makerOf returns a maker on the fake server. The test sets TF_DATA_DIR, where the journal is.
func makerOf(t *testing.T, f *fake, fetcher traitschema.Fetcher) *maker {
	t.Helper()
	f.t = t
	data := dataOf(t, f)
	data.Schemas = traitschema.NewCache(fetcher)
	return &maker{data: data, rules: identity.NewRows(data), diags: new(diag.Diagnostics)}
}

func entriesOf(identities string) (*people, []*entry) {
	document := modelOf(identities, false)
	rows := parsePeople(&document)
	var entries []*entry
	for _, key := range rows.keys() {
		entries = append(entries, rows.byKey[key])
	}
	return &rows, entries
}

var lastYear = time.Now().Add(-365 * 24 * time.Hour)

// If a create fails, Terraform taints the resource and deletes what is in its state. The state has no adopted
// identities then.
func TestMaker_failedAdoption(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, f *fake, m *maker) (saved bool){
		"an answer with an id that isn't found": func(t *testing.T, f *fake, m *maker) bool {
			t.Helper()
			f.people = f.people[:1]
			return m.concludeCreate(t.Context())
		},
		"time limit": func(t *testing.T, _ *fake, m *maker) bool {
			t.Helper()
			m.adoptOwners(t.Context())
			ctx, cancel := context.WithDeadline(t.Context(), time.Now())
			defer cancel()
			return m.concludeCreate(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TF_DATA_DIR", t.TempDir())
			old := person("preset://email", map[string]any{"email": "old@example.org"}, lastYear)
			f := &fake{people: []item{old}}
			m := makerOf(t, f, schemas{})
			m.adopts = true
			f.batch = f.createOrConflict
			rows, entries := entriesOf(`{"a":{"traits":{"email":"new@example.org"}},"b":{"traits":{"email":"old@example.org"}}}`)
			m.make(t.Context(), entries)
			saved := end(t, f, m)
			if _, _, ids := rows.documents(); strings.Contains(ids.String(), old["id"].(string)) || !m.diags.HasError() || !saved {
				t.Errorf("saved: %t, ids %s, %v", saved, ids.String(), *m.diags)
			}
		})
	}
}

// A killed run has announced a row. Somebody who registered since then isn't the row's person, even with its e-mail
// address, and isn't deleted when the server refuses another row.
func TestMaker_foreignAfterKill(t *testing.T) {
	t.Setenv("TF_DATA_DIR", t.TempDir())
	f := &fake{}
	m := makerOf(t, f, schemas{})
	_, entries := entriesOf(`{"a":{"traits":{"email":"ada@example.org"}},"b":{"traits":{"email":"bob@example.org"}}}`)
	m.secrets.passwords = map[string]string{"a": "analytical-engine", "b": "difference-engine"}
	var killed []*pending
	for _, e := range entries {
		killed = append(killed, m.newPending(t.Context(), e))
	}
	startJournal(t.Context(), m.data.Client.AdminURL(), time.Now().Add(-10*24*time.Hour), killed)
	named := item{"email": "ada@example.org", "name": item{"first": "Ada"}}
	f.add(person("preset://email", named, time.Now().Add(-time.Hour)))
	f.batch = func(w http.ResponseWriter, creates []item) {
		f.refuse(w, creates, http.StatusBadRequest, "I[#/traits] S[#/x] no")
	}
	m.make(t.Context(), entries)
	if left := m.concludeCreate(t.Context()); left || len(f.deleted) > 0 || len(f.people) != 1 {
		t.Errorf("left %t, deleted %v", left, f.deleted)
	}
}

// What a killed run has created stays if the server refuses another row, and the next apply continues with it.
func TestMaker_recoveredIsKept(t *testing.T) {
	t.Setenv("TF_DATA_DIR", t.TempDir())
	f := &fake{}
	m := makerOf(t, f, schemas{})
	_, entries := entriesOf(`{"a":{"traits":{"email":"ada@example.org"}},"b":{"traits":{"email":"bob@example.org"}}}`)
	killed := []*pending{m.newPending(t.Context(), entries[0])}
	startJournal(t.Context(), m.data.Client.AdminURL(), time.Now().Add(-time.Hour), killed)
	f.add(person("preset://email", item{"email": "ada@example.org"}, time.Now().Add(-time.Minute)))
	f.batch = func(w http.ResponseWriter, creates []item) {
		f.refuse(w, creates, http.StatusBadRequest, "I[#/traits] S[#/x] no")
	}
	m.make(t.Context(), entries)
	if m.recovered != 1 {
		t.Fatalf("%d recovered", m.recovered)
	}
	if left := m.concludeCreate(t.Context()); left || len(f.deleted) > 0 {
		t.Errorf("left %t, deleted %v", left, f.deleted)
	}
	if _, runs := earlierRuns(t.Context(), m.data.Client.AdminURL(), m.rows); len(runs) == 0 {
		t.Error("the next apply doesn't know of the killed run")
	}
}

// If the next apply has to continue with what a killed run created, the journal isn't confirmed, and the state of a failed
// create doesn't have it.
func TestMaker_recoveredIsNotTainted(t *testing.T) {
	t.Parallel()
	recovered := &pending{entry: &entry{key: "a", id: kratos.NewUUID()}, recovered: true}
	m := maker{diags: new(diag.Diagnostics), rows: []*pending{recovered}}
	if !m.isComplete() {
		t.Error("incomplete with all identities")
	}
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if m.interrupted(ctx); recovered.id != "" || m.isComplete() {
		t.Errorf("the state has %q, complete: %t", recovered.id, m.isComplete())
	}
}

// A create whose answer was lost isn't sent again, if the server would accept the same identity twice.
func TestMaker_lateCommit(t *testing.T) {
	t.Setenv("TF_DATA_DIR", t.TempDir())
	f := &fake{}
	committed := make(chan struct{}, 10)
	f.batch = func(w http.ResponseWriter, creates []item) {
		time.AfterFunc(150*time.Millisecond, func() {
			for _, create := range creates {
				body := create["create"].(item)
				f.add(person(body["schema_id"].(string), body["traits"], time.Now()))
			}
			committed <- struct{}{}
		})
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusGatewayTimeout)
	}
	m := makerOf(t, f, plainSchemas{})
	_, entries := entriesOf(`{"a":{"traits":{"n":"1"}},"b":{"traits":{"n":"2"}}}`)
	m.make(t.Context(), entries)
	<-committed
	time.Sleep(300 * time.Millisecond)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.people) > len(entries) || !m.anyProblem() {
		t.Errorf("%d identities for %d rows", len(f.people), len(entries))
	}
}

// A renamed key keeps its identity, even if the identity schema can't be read.
func TestCompare_renamedWithoutSchema(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"a":{"traits":{"email":"ada@example.org"}}}`, true)
	config := modelOf(`{"c":{"traits":{"email":"ada@example.org"}}}`, false)
	data := base.NewData(nil, nil)
	data.Schemas = traitschema.NewCache(deadSchemas{})
	before, after := parsePeople(&state), parsePeople(&config)
	c := compare(t.Context(), identity.NewRows(data), &before, &after, false)
	if len(c.renamed) != 1 || len(c.removed)+len(c.created) > 0 {
		t.Errorf("renamed %d, removed %d, created %d", len(c.renamed), len(c.removed), len(c.created))
	}
}

// The plan of the apply shows the same texts as a first plan in which a document was unknown.
func TestPlan_finalPlan(t *testing.T) {
	t.Parallel()
	state := modelOf(`{"a":{"traits":{"email":"ada@example.org"}}}`, true)
	state.MetadataAdmin = types.StringValue(`{"a":{"k":1,"l":2}}`)
	config := modelOf(`{"a":{"traits":{"email":"ada@example.org"}}}`, false)
	config.MetadataAdmin = types.StringValue(`{"a":{"l":2,"k":1}}`)
	unknown := config
	unknown.Identities = types.StringUnknown()
	first := newPlanner(t, state, unknown)
	first.planChange(t.Context())
	final := newPlanner(t, state, config)
	final.Data = newData() // an apply plans without a read
	final.planChange(t.Context())
	if !first.plan.MetadataAdmin.Equal(final.plan.MetadataAdmin) {
		t.Errorf("first %s, then %s", first.plan.MetadataAdmin, final.plan.MetadataAdmin)
	}
}
