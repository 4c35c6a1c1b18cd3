package kratos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answerBatch answers each item of a batch with what is in items, with the patch_id that was sent for it in place of
// "%s", and that of the first or second item in place of "%0" or "%1".
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
			item = strings.ReplaceAll(item, "%s", body.Identities[i%len(body.Identities)].PatchID)
			item = strings.ReplaceAll(item, "%0", body.Identities[0].PatchID)
			answers = append(answers, strings.ReplaceAll(item, "%1", body.Identities[min(1, len(body.Identities)-1)].PatchID))
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

func TestClient_batchResults(t *testing.T) {
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

// An answer with another number of items tells nothing about any item.
func TestClient_batchOtherNumber(t *testing.T) {
	t.Parallel()
	for name, items := range map[string][]string{
		"too few":  {itemCreated},
		"too many": {itemCreated, itemCreated, itemCreated},
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

// The result of one create is never taken for the result of another, and no result is never taken for a success.
func TestClient_batchOtherItems(t *testing.T) {
	t.Parallel()
	const otherID = "0c5f1f9e-6a33-4a7b-9d0a-bbbbbbbbbbbb"
	other := strings.ReplaceAll(itemCreated, someID, otherID)
	for name, test := range map[string]struct {
		items []string
		wrong []bool
	}{
		"an id twice":              {[]string{other, itemCreated, strings.ReplaceAll(itemCreated, someID, strings.ToUpper(someID))}, []bool{false, true, true}},
		"items in another order":   {[]string{strings.ReplaceAll(itemCreated, "%s", "%1"), strings.ReplaceAll(other, "%s", "%0"), itemConflict}, []bool{true, true, false}},
		"an item of another batch": {[]string{other, strings.ReplaceAll(itemCreated, "%s", someID), itemConflict}, []bool{false, true, false}},
		"an error of another":      {[]string{other, itemConflict, strings.ReplaceAll(itemConflict, "%s", someID)}, []bool{false, false, true}},
		"without a patch_id":       {[]string{other, itemConflict, `{"action":"create","identity":"` + someID + `"}`}, []bool{false, false, true}},
		"without an id":            {[]string{other, `{"action":"create","patch_id":"%s"}`, itemCreated}, []bool{false, true, false}},
		"an id that is no UUID":    {[]string{strings.ReplaceAll(other, otherID, "../../x"), other, itemCreated}, []bool{true, false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rec *recorder
			c, r := serve(t, func(w http.ResponseWriter, req *http.Request) { answerBatch(t, &rec, test.items...)(w, req) })
			rec = r
			results, err := c.BatchCreateIdentities(t.Context(), make([]CreateIdentityBody, 3))
			if err != nil || len(results) != 3 {
				t.Fatalf("got %v, %v", results, err)
			}
			for i, result := range results {
				kinds := sentinels(result.Err)
				if wrong := kinds == "NotKratos OutcomeUnknown WrongIdentity" && result.ID == ""; wrong != test.wrong[i] {
					t.Errorf("item %d: %q %q: %v", i, result.ID, kinds, result.Err)
				}
			}
		})
	}
}

func TestClient_batchPlaintextTimeout(t *testing.T) {
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
	if _, err := c.BatchCreateIdentities(t.Context(), []CreateIdentityBody{body}); err == nil ||
		!asError(t, err).Refused() {
		t.Errorf("with a password it waits for the answer, got %v", err)
	}
}

func TestError_predicates(t *testing.T) {
	t.Parallel()
	type want struct{ refused, failed, limited, notFound, tooLarge, permanent bool }
	const shaped, page = `{"error":{"code":400,"message":"no"}}`, "<html>no</html>"
	for _, tc := range []struct {
		status int
		body   string
		want   want
	}{
		{400, shaped, want{refused: true, permanent: true}},
		{401, shaped, want{refused: true, permanent: true}},
		{404, notFound, want{refused: true, notFound: true, permanent: true}},
		{404, shaped, want{permanent: true}}, // a gateway's, in the shape of Kratos
		{408, shaped, want{}},
		{409, shaped, want{refused: true, permanent: true}},
		{413, shaped, want{refused: true, tooLarge: true, permanent: true}},
		{429, shaped, want{limited: true}},
		{500, shaped, want{failed: true}},
		{503, shaped, want{}}, // the response to a write, which may have been carried out
		{400, page, want{permanent: true}},
		{404, page, want{permanent: true}},
		{413, page, want{tooLarge: true, permanent: true}},
		{414, page, want{tooLarge: true, permanent: true}},
		{429, page, want{limited: true}},
		{500, page, want{}},
		{502, page, want{}},
	} {
		c, _ := serve(t, always(t, tc.status, tc.body), func(cfg *Config) { cfg.MaxRetries = 0 })
		_, err := c.BatchCreateIdentities(t.Context(), make([]CreateIdentityBody, 1))
		e := asError(t, err)
		got := want{e.Refused(), e.ServerFailed(), e.RateLimited(), e.NotFound(), e.TooLarge(), e.Permanent()}
		if got != tc.want {
			t.Errorf("%d %s: %+v, want %+v", tc.status, tc.body, got, tc.want)
		}
	}
}
