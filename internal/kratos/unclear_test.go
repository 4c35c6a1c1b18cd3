package kratos

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
)

// A gateway that answers for a server that is going away has passed the create on. A later read doesn't show what became
// of it.
func TestClient_lostBeforeForeignPage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		create, read int
		page         string
	}{
		"502, then no route":           {502, 404, "404 page not found\n"},
		"504, then a maintenance page": {504, 200, "<html>maintenance</html>"},
		"503, then a sign-in page":     {503, 403, "<html>no</html>"},
		"524 of Cloudflare, then 404":  {524, 404, "404 page not found\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					reply(t, w, test.read, test.page)
					return
				}
				reply(t, w, test.create, "<html>Bad Gateway</html>")
			})
			c.seenKratos.Store(false)
			_, err := c.CreateIdentity(t.Context(), CreateIdentityBody{Traits: json.RawMessage(`{}`)})
			if !errors.Is(err, ErrOutcomeUnknown) {
				t.Errorf("the create counts as not carried out: %v", err)
			}
		})
	}
}

// If a gateway answers a batch with its own 429, the server may have created the identities that the repeated batch
// conflicts with.
func TestClient_batchConflictAfterPage(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"<html>", ""} {
		var served atomic.Int32
		var rec *recorder
		c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if served.Add(1) == 1 {
				reply(t, w, http.StatusTooManyRequests, page)
				return
			}
			answerBatch(t, &rec, itemConflict, itemHidden)(w, r)
		})
		body := CreateIdentityBody{SchemaID: "s", Traits: json.RawMessage(`{"email":"a@x.io"}`)}
		results, err := c.BatchCreateIdentities(t.Context(), []CreateIdentityBody{body, body})
		if err != nil {
			t.Fatal(err)
		}
		if !errors.Is(results[0].Err, ErrConflict) || !errors.Is(results[0].Err, ErrOutcomeUnknown) {
			t.Errorf("after %q: %v", page, results[0].Err)
		}
	}
}

// If a gateway answers a patch with its own 429, the server may have removed the value that the repeated patch doesn't
// find.
func TestClient_removeAfterPage(t *testing.T) {
	t.Parallel()
	var served atomic.Int32
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if served.Add(1) == 1 {
			reply(t, w, http.StatusTooManyRequests, "<html>")
			return
		}
		reply(t, w, http.StatusBadRequest, `{"error":{"code":400,"message":"Unable to remove nonexistent key: x: missing value"}}`)
	})
	_, err := c.PatchIdentity(t.Context(), someID, []PatchOperation{{Op: OpRemove, Path: "/metadata_public/x"}})
	if !errors.Is(err, ErrOutcomeUnknown) {
		t.Errorf("the patch counts as refused: %v", err)
	}
}

// A PUT whose body was built again also sends this body if the connection ends before the request is written.
func TestClient_rebuiltBodyRewinds(t *testing.T) {
	t.Parallel()
	reads, puts := 0, 0
	c := fakeClient(t, 3, &recorder{}, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet {
			reads++
			return answerWith(http.StatusOK, http.Header{}, identity), nil
		}
		puts++
		again, err := r.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if rewound, err := io.ReadAll(again); err != nil || string(body) != string(rewound) {
			t.Errorf("PUT %d sends %s, and then %s: %v", puts, body, rewound, err)
		}
		if puts == 1 {
			return answerWith(http.StatusServiceUnavailable, http.Header{}, "<html>"), nil
		}
		return answerWith(http.StatusOK, http.Header{}, identity), nil
	})
	_, err := c.UpdateIdentity(t.Context(), someID, func(*Identity) (UpdateIdentityBody, bool) {
		return UpdateIdentityBody{SchemaID: "default", Traits: json.RawMessage(fmt.Sprintf(`{"n":%d}`, reads))}, true
	})
	if err != nil || puts != 2 {
		t.Errorf("%d PUTs: %v", puts, err)
	}
}
