package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// fakeAdmin is an admin API that answers like Kratos v1.3 at little cost, so that a test measures the provider.
type fakeAdmin struct {
	url    string
	schema []byte

	mu         sync.Mutex
	identities map[string]map[string]any // traits by id
}

func newFakeAdmin(tb testing.TB) *fakeAdmin {
	tb.Helper()
	schema, err := os.ReadFile(filepath.Join("..", "kratostest", "schemas", "email.json"))
	if err != nil {
		tb.Fatal(err)
	}
	f := &fakeAdmin{schema: schema, identities: map[string]map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /admin/identities", f.create)
	mux.HandleFunc("GET /admin/identities", f.list)
	mux.HandleFunc("GET /admin/identities/{id}", f.get)
	mux.HandleFunc("PATCH /admin/identities/{id}", f.patch)
	mux.HandleFunc("GET /schemas/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(f.schema)
	})
	server := httptest.NewServer(mux)
	tb.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func (f *fakeAdmin) create(w http.ResponseWriter, r *http.Request) {
	var body struct{ Traits map[string]any }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id := fmt.Sprintf("a4a1fa9f-d4de-4124-ac5a-%012x", len(f.identities)+1)
	f.identities[id] = body.Traits
	answer(w, http.StatusCreated, f.encode(id))
}

func (f *fakeAdmin) get(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer(w, http.StatusOK, f.encode(r.PathValue("id")))
}

func (f *fakeAdmin) list(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all [][]byte
	for _, id := range r.URL.Query()["ids"] {
		all = append(all, f.encode(id))
	}
	answer(w, http.StatusOK, fmt.Appendf(nil, "[%s]", bytes.Join(all, []byte(","))))
}

// patch applies operations that set a trait.
func (f *fakeAdmin) patch(w http.ResponseWriter, r *http.Request) {
	var operations []struct {
		Path  string
		Value any
	}
	if err := json.NewDecoder(r.Body).Decode(&operations); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id := r.PathValue("id")
	for _, operation := range operations {
		object := map[string]any{"traits": f.identities[id]}
		names := strings.Split(strings.TrimPrefix(operation.Path, "/"), "/")
		for _, name := range names[:len(names)-1] {
			object, _ = object[name].(map[string]any)
		}
		if object == nil || names[0] != "traits" || len(names) == 1 {
			http.Error(w, "the fake can't patch "+operation.Path, http.StatusBadRequest)
			return
		}
		object[names[len(names)-1]] = operation.Value
	}
	answer(w, http.StatusOK, f.encode(id))
}

func answer(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only if the client has disconnected
}

// identityJSON is an identity in the format of Kratos v1.3, with verbs for an id, traits and an e-mail address.
const identityJSON = `{"id":"%[1]s","credentials":{` +
	`"code":{"type":"code","identifiers":["%[3]s"],"version":1,"created_at":"%[4]s","updated_at":"%[4]s"},` +
	`"password":{"type":"password","identifiers":["%[3]s"],"version":0,"created_at":"%[4]s","updated_at":"%[4]s"},` +
	`"webauthn":{"type":"webauthn","identifiers":["%[3]s"],"version":1,"created_at":"%[4]s","updated_at":"%[4]s"}},` +
	`"schema_id":"preset://email","schema_url":"http://127.0.0.1:4433/schemas/cHJlc2V0Oi8vZW1haWw",` +
	`"state":"active","state_changed_at":"%[4]s","traits":%[2]s,` +
	`"verifiable_addresses":[{"id":"a976cf94-2bd4-4c49-aa08-b3014db58223","value":"%[3]s","verified":false,` +
	`"via":"email","status":"pending","created_at":"%[4]s","updated_at":"%[4]s"}],` +
	`"recovery_addresses":[{"id":"7ebabe92-9ba7-4baa-8599-4e06b983d964","value":"%[3]s","via":"email",` +
	`"created_at":"%[4]s","updated_at":"%[4]s"}],"metadata_public":null,"metadata_admin":null,` +
	`"created_at":"%[4]s","updated_at":"%[4]s","organization_id":null}` + "\n"

// encode returns an identity as JSON. The caller holds the lock.
func (f *fakeAdmin) encode(id string) []byte {
	traits := f.identities[id]
	encoded, _ := json.Marshal(traits) // traits come from JSON, so they always encode
	return fmt.Appendf(nil, identityJSON, id, encoded, traits["email"], "2026-11-27T12:35:28.482792Z")
}
