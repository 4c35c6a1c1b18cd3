package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"
)

// Admin is the admin API of a server over plain HTTP. It doesn't use the code under test.
type Admin struct {
	URL string
}

// AdminOf returns the admin API of a server.
func AdminOf(server *Server) Admin {
	return Admin{URL: server.AdminURL}
}

// Operation is one step of a JSON patch.
type Operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// CreateIdentity creates an identity and returns its id. The body is anything that encodes to JSON.
func (a Admin) CreateIdentity(t *testing.T, body any) string {
	t.Helper()
	status, created := a.TryCreateIdentity(t, body)
	if status != http.StatusCreated {
		t.Fatalf("creating an identity: status %d: %v", status, created)
	}
	id, ok := created["id"].(string)
	if !ok {
		t.Fatalf("creating an identity: no id in %v", created)
	}
	return id
}

// CreateIdentities creates any number of identities, in batches, and returns their ids in order.
func (a Admin) CreateIdentities(t *testing.T, bodies ...any) []string {
	t.Helper()
	const batch = 500
	ids := make([]string, 0, len(bodies))
	for chunk := range slices.Chunk(bodies, batch) {
		items := make([]any, 0, len(chunk))
		for _, body := range chunk {
			items = append(items, map[string]any{"create": body})
		}
		status, content := a.request(t, http.MethodPatch, "/admin/identities", map[string]any{"identities": items})
		var answer struct {
			Identities []struct{ Action, Identity string }
		}
		err := json.Unmarshal(content, &answer)
		if err != nil || status != http.StatusOK || len(answer.Identities) != len(chunk) {
			t.Fatalf("creating %d identities: status %d: %s", len(chunk), status, content)
		}
		for _, item := range answer.Identities {
			if item.Action != "create" {
				t.Fatalf("creating %d identities: %s", len(chunk), content)
			}
			ids = append(ids, item.Identity)
		}
	}
	return ids
}

// TryCreateIdentity asks for an identity that the server may refuse, and returns its answer.
func (a Admin) TryCreateIdentity(t *testing.T, body any) (status int, answer map[string]any) {
	t.Helper()
	return a.send(t, http.MethodPost, "/admin/identities", body)
}

// GetIdentity reads an identity, numbers undecoded (json.Number), with the credentials of the given types.
func (a Admin) GetIdentity(t *testing.T, id string, credentials ...string) map[string]any {
	t.Helper()
	path := identityPath(id)
	if len(credentials) > 0 {
		path += "?" + url.Values{"include_credential": credentials}.Encode()
	}
	status, identity := a.send(t, http.MethodGet, path, nil)
	if status != http.StatusOK {
		t.Fatalf("reading identity %s: status %d: %v", id, status, identity)
	}
	return identity
}

// PatchIdentity changes an identity outside Terraform.
func (a Admin) PatchIdentity(t *testing.T, id string, operations ...Operation) {
	t.Helper()
	if status, answer := a.send(t, http.MethodPatch, identityPath(id), operations); status != http.StatusOK {
		t.Fatalf("patching identity %s: status %d: %v", id, status, answer)
	}
}

// UpdateIdentity replaces an identity, and adds to its credentials, outside Terraform.
func (a Admin) UpdateIdentity(t *testing.T, id string, body any) {
	t.Helper()
	if status, answer := a.send(t, http.MethodPut, identityPath(id), body); status != http.StatusOK {
		t.Fatalf("updating identity %s: status %d: %v", id, status, answer)
	}
}

// Knows tells whether the server knows a type of credential. The identity is any.
func (a Admin) Knows(t *testing.T, id, credential string) bool {
	t.Helper()
	query := url.Values{"include_credential": {credential}}
	status, _ := a.send(t, http.MethodGet, identityPath(id)+"?"+query.Encode(), nil)
	return status == http.StatusOK
}

// DeleteLink deletes one link of an identity outside Terraform.
func (a Admin) DeleteLink(t *testing.T, id, kind, identifier string) {
	t.Helper()
	path := identityPath(id) + "/credentials/" + kind + "?" + url.Values{"identifier": {identifier}}.Encode()
	if status, answer := a.send(t, http.MethodDelete, path, nil); status != http.StatusNoContent {
		t.Fatalf("deleting %s of identity %s: status %d: %v", identifier, id, status, answer)
	}
}

// DeleteIdentity deletes an identity outside Terraform.
func (a Admin) DeleteIdentity(t *testing.T, id string) {
	t.Helper()
	if status, answer := a.send(t, http.MethodDelete, identityPath(id), nil); status != http.StatusNoContent {
		t.Fatalf("deleting identity %s: status %d: %v", id, status, answer)
	}
}

// RecoveryLink makes a recovery link.
func (a Admin) RecoveryLink(t *testing.T, id string) string {
	t.Helper()
	link, _ := a.recovery(t, "link", map[string]string{"identity_id": id})
	return link
}

// RecoveryCode makes a recovery code of a flow type, and returns it with the link to where it is typed in.
func (a Admin) RecoveryCode(t *testing.T, id, flowType string) (link, code string) {
	t.Helper()
	return a.recovery(t, "code", map[string]string{"identity_id": id, "flow_type": flowType})
}

func (a Admin) recovery(t *testing.T, method string, body any) (link, code string) {
	t.Helper()
	status, content := a.request(t, http.MethodPost, "/admin/recovery/"+method, body)
	var answer struct {
		Link string `json:"recovery_link"`
		Code string `json:"recovery_code"`
	}
	if err := json.Unmarshal(content, &answer); err != nil || answer.Link == "" {
		t.Fatalf("making a recovery %s: status %d: %s", method, status, content)
	}
	return answer.Link, answer.Code
}

// RevokeSession ends a session.
func (a Admin) RevokeSession(t *testing.T, id string) {
	t.Helper()
	status, answer := a.send(t, http.MethodDelete, "/admin/sessions/"+url.PathEscape(id), nil)
	if status != http.StatusNoContent {
		t.Fatalf("revoking session %s: status %d: %v", id, status, answer)
	}
}

// Sessions returns how many sessions an identity has, at most 250.
func (a Admin) Sessions(t *testing.T, id string) int {
	t.Helper()
	status, content := a.request(t, http.MethodGet, identityPath(id)+"/sessions", nil)
	var sessions []json.RawMessage
	if err := json.Unmarshal(content, &sessions); err != nil || status != http.StatusOK {
		t.Fatalf("listing the sessions of %s: status %d: %s", id, status, content)
	}
	return len(sessions)
}

// Exists tells whether the server has the identity.
func (a Admin) Exists(t *testing.T, id string) bool {
	t.Helper()
	status, answer := a.send(t, http.MethodGet, identityPath(id), nil)
	if status != http.StatusOK && status != http.StatusNotFound {
		t.Fatalf("looking for identity %s: status %d: %v", id, status, answer)
	}
	return status == http.StatusOK
}

// FindByIdentifier returns the ids of the identities that sign in with this identifier.
func (a Admin) FindByIdentifier(t *testing.T, identifier string) []string {
	t.Helper()
	path := "/admin/identities?" + url.Values{"credentials_identifier": {identifier}}.Encode()
	status, content := a.request(t, http.MethodGet, path, nil)
	if status != http.StatusOK {
		t.Fatalf("looking for %s: status %d: %s", identifier, status, content)
	}
	var identities []struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(content, &identities); err != nil {
		t.Fatalf("looking for %s: %v", identifier, err)
	}
	ids := make([]string, 0, len(identities))
	for _, identity := range identities {
		ids = append(ids, identity.ID)
	}
	return ids
}

func identityPath(id string) string {
	return "/admin/identities/" + url.PathEscape(id)
}

// send makes a request and decodes the object that it is answered with, if any.
func (a Admin) send(t *testing.T, method, path string, body any) (int, map[string]any) {
	t.Helper()
	status, content := a.request(t, method, path, body)
	if len(content) == 0 {
		return status, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var answer map[string]any
	if err := decoder.Decode(&answer); err != nil {
		t.Fatalf("%s %s: status %d, no JSON object: %v", method, path, status, err)
	}
	return status, answer
}

func (a Admin) request(t *testing.T, method, path string, body any) (int, []byte) {
	t.Helper()
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		payload = bytes.NewReader(encoded)
	}
	// This also works in t.Cleanup, where the context of the test has ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, a.URL+path, payload)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, content
}
