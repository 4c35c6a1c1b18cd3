package kratos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answerBatch answers each item of a batch with what is in items, with the patch_id that was sent; "%s" stands for it.
func answerBatch(t *testing.T, rec **recorder, items ...string) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, _ *http.Request) {
		r := *rec
		r.mu.Lock()
		sent := r.bodies[len(r.bodies)-1]
		r.mu.Unlock()
		var body struct {
			Identities []struct {
				PatchID string `json:"patch_id"`
			} `json:"identities"`
		}
		if err := json.Unmarshal([]byte(sent), &body); err != nil {
			t.Error(err)
		}
		answers := make([]string, 0, len(items))
		for i, item := range items {
			answers = append(answers, strings.ReplaceAll(item, "%s", body.Identities[i%len(body.Identities)].PatchID))
		}
		reply(t, w, http.StatusOK, `{"identities":[`+strings.Join(answers, ",")+`]}`)
	}
}

const (
	itemCreated   = `{"action":"create","identity":"` + someID + `","patch_id":"%s"}`
	itemConflict  = `{"action":"error","patch_id":"%s","error":{"code":409,"status":"Conflict","message":"a resource with that value exists already"}}`
	itemViolation = `{"action":"error","patch_id":"%s","error":{"code":400,"status":"Bad Request","reason":"I[#/traits/email] S[#/x] \"hunter22\" is not valid \"email\"","message":"The request was malformed or contained invalid parameters"}}`
	itemHidden    = `{"action":"error","patch_id":"%s","error":{"code":400,"status":"Bad Request","reason":"The request was malformed or contained invalid parameters","message":"The request was malformed or contained invalid parameters"}}`
)

func TestBatchResults(t *testing.T) {
	t.Parallel()
	var rec *recorder
	c, r := serve(t, func(w http.ResponseWriter, req *http.Request) {
		answerBatch(t, &rec, itemCreated, itemConflict, itemViolation, itemHidden)(w, req)
	})
	rec = r
	body := CreateIdentityBody{SchemaID: "s", Traits: json.RawMessage(`{"email":"a@x.io"}`)}
	secret := body
	secret.Credentials = &IdentityCredentials{Password: &PasswordCredential{PasswordConfig{Password: "hunter22"}}}
	results, err := c.BatchCreateIdentities(t.Context(), []CreateIdentityBody{body, body, secret, body})
	if err != nil || len(results) != 4 {
		t.Fatalf("got %v, %v", results, err)
	}
	if results[0].ID != someID || results[0].Err != nil {
		t.Errorf("first: %+v", results[0])
	}
	for i, want := range []struct {
		kind     string
		explains bool
	}{1: {"Conflict", true}, 2: {"", true}, 3: {"", false}} {
		if i == 0 {
			continue
		}
		e := asError(t, results[i].Err)
		if sentinels(e) != want.kind || e.Explains() != want.explains || !e.Refused() || e.RequestID == "" {
			t.Errorf("item %d: %q, explains %v, refused %v: %v", i, sentinels(e), e.Explains(), e.Refused(), e)
		}
	}
	if text := fmt.Sprint(results[2].Err) + rec.text(t); strings.Contains(text, "hunter22") {
		t.Errorf("the password shows: %s", text)
	}
	sent := rec.bodies[0]
	if !strings.HasPrefix(sent, `{"identities":[{"create":{"schema_id":"s","traits":{"email":"a@x.io"}},"patch_id":"`) ||
		rec.requests[0].Method+rec.requests[0].URL.Path != "PATCH/admin/identities" {
		t.Errorf("sent %s %s %s", rec.requests[0].Method, rec.requests[0].URL, sent)
	}
	if lines := rec.logged(LevelDebug); len(lines) != 1 || lines[0].fields["batch_size"] != 4 {
		t.Errorf("logged %v", lines)
	}
}

// Nobody may take the results of one create for those of another, or none for a success.
func TestBatchesThatDontAnswerWhatWasAsked(t *testing.T) {
	t.Parallel()
	for name, items := range map[string][]string{
		"too few":       {itemCreated},
		"too many":      {itemCreated, itemCreated, itemCreated},
		"of another":    {itemCreated, strings.ReplaceAll(itemCreated, "%s", someID)},
		"without an id": {itemCreated, `{"action":"create","patch_id":"%s"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rec *recorder
			c, r := serve(t, func(w http.ResponseWriter, req *http.Request) { answerBatch(t, &rec, items...)(w, req) })
			rec = r
			results, err := c.BatchCreateIdentities(t.Context(), make([]CreateIdentityBody, 2))
			if results != nil || sentinels(err) != "NotKratos OutcomeUnknown" {
				t.Errorf("got %v, %q: %v", results, sentinels(err), err)
			}
		})
	}
}

func TestBatchesWithPlaintextHaveMoreTime(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(300 * time.Millisecond)
		reply(t, w, http.StatusBadRequest, `{"error":{"code":400,"message":"no"}}`)
	}, func(cfg *Config) { cfg.RequestTimeout = 50 * time.Millisecond })
	body := CreateIdentityBody{Traits: json.RawMessage(`{}`)}
	if _, err := c.BatchCreateIdentities(t.Context(), []CreateIdentityBody{body}); sentinels(err) != "OutcomeUnknown" {
		t.Errorf("without passwords it runs into the time-out, got %v", err)
	}
	body.Credentials = &IdentityCredentials{Password: &PasswordCredential{PasswordConfig{Password: "p"}}}
	if _, err := c.BatchCreateIdentities(t.Context(), []CreateIdentityBody{body}); err == nil || !asError(t, err).Refused() {
		t.Errorf("with a password it waits for the answer, got %v", err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for body, statuses := range map[string]map[int]bool{
		`{"error":{"code":400,"message":"no"}}`: {400: true, 401: false, 403: false, 404: false, 409: true, 413: true, 429: false, 500: true, 503: false},
		`<html>no</html>`:                       {400: false, 404: false, 413: true, 414: true, 431: true, 500: false, 502: false},
	} {
		for status, want := range statuses {
			c, _ := serve(t, always(t, status, body), func(cfg *Config) { cfg.MaxRetries = 0 })
			_, err := c.BatchCreateIdentities(t.Context(), make([]CreateIdentityBody, 1))
			if got := asError(t, err).Refused(); got != want {
				t.Errorf("%d %s: refused %v, want %v", status, body, got, want)
			}
		}
	}
}
