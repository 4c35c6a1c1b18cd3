package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
)

const otherID = "11111111-2222-4333-8444-555555555555"

// A response about another identity is an error of its own kind, whatever was asked; after a write nobody knows what
// became of it. The id is compared as the server compares it.
func TestClient_refusesWrongIdentity(t *testing.T) {
	t.Parallel()
	body := func(id string) string {
		return `{"id":"` + id + `","schema_id":"default","external_id":"e","traits":{}}`
	}
	create := func(schemaID string) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			_, err := c.CreateIdentity(ctx, CreateIdentityBody{SchemaID: schemaID, Traits: json.RawMessage(`{}`)})
			return err
		}
	}
	byExternalID := func(id string) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			_, err := c.GetIdentityByExternalID(ctx, id)
			return err
		}
	}
	patch := func(ctx context.Context, c *Client) error {
		_, err := c.PatchIdentity(ctx, someID, []PatchOperation{{OpReplace, "/state", json.RawMessage(`"inactive"`)}})
		return err
	}
	get := func(ctx context.Context, c *Client) error { _, err := c.GetIdentity(ctx, someID); return err }
	replace := func(ctx context.Context, c *Client) error { _, err := put(ctx, c, UpdateIdentityBody{}); return err }
	for name, tc := range map[string]struct {
		run   func(context.Context, *Client) error
		id    string
		kinds string
	}{
		"get":                  {get, otherID, "WrongIdentity"},
		"get, same id":         {get, strings.ToUpper(someID), ""},
		"get, a path":          {get, "../../x", "WrongIdentity"},
		"patch":                {patch, otherID, "OutcomeUnknown WrongIdentity"},
		"put":                  {replace, otherID, "OutcomeUnknown WrongIdentity"},
		"create":               {create("default"), otherID, ""},
		"create, a path":       {create("default"), "../../x", "OutcomeUnknown WrongIdentity"},
		"create, other schema": {create("employee"), otherID, "OutcomeUnknown WrongIdentity"},
		"external id":          {byExternalID("e"), otherID, ""},
		"other external id":    {byExternalID("f"), otherID, "WrongIdentity"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, always(t, 200, body(tc.id)))
			err := tc.run(t.Context(), c)
			if got := sentinels(err); got != tc.kinds || rec.count() != 1 {
				t.Errorf("%q by %d requests, want %q: %v", got, rec.count(), tc.kinds, err)
			}
			if err != nil && (!strings.Contains(err.Error(), "mixes up responses") || strings.Contains(err.Error(), "../")) {
				t.Error(err)
			}
		})
	}
}

// Kratos tells the id of a new identity in the header Location too. A body that was altered differs from that.
func TestClient_createdIDTwice(t *testing.T) {
	t.Parallel()
	for location, kinds := range map[string]string{
		"http://127.0.0.1:4434/admin/identities/" + someID: "",
		"/identities/" + strings.ToUpper(someID) + "?x=/":  "",
		"":           "",
		"/elsewhere": "",
		"http://127.0.0.1:4434/admin/identities/" + otherID: "OutcomeUnknown WrongIdentity",
	} {
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			reply(t, w, http.StatusCreated, identity)
		})
		if _, err := c.CreateIdentity(t.Context(), CreateIdentityBody{}); sentinels(err) != kinds {
			t.Errorf("%q: %q, want %q: %v", location, sentinels(err), kinds, err)
		}
	}
}

// An id in capitals is the same id, and goes into the state as Kratos writes it.
func TestClient_idsInLowerCase(t *testing.T) {
	t.Parallel()
	row := `{"id":"` + strings.ToUpper(someID) + `"}`
	c, _ := serve(t, always(t, 200, row))
	if found, err := c.GetIdentity(t.Context(), someID); err != nil || found.ID != someID {
		t.Errorf("get: %v %v", found, err)
	}
	c, _ = serve(t, always(t, 200, "["+row+"]"))
	if found, err := collect(t, c, ListIdentitiesOptions{IDs: []string{someID}}); err != nil || found[0] != someID {
		t.Errorf("list: %v %v", found, err)
	}
	if rows, _, err := c.PeekIdentities(t.Context(), ListIdentitiesOptions{}, "", 1<<20); err != nil || rows[0].ID != someID {
		t.Errorf("peek: %v %v", rows, err)
	}
}

// A PUT is never made from a stranger's data.
func TestClient_updateRefusesWrongIdentity(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, always(t, 200, identity))
	stranger := func(context.Context) (*Identity, error) { return &Identity{ID: otherID}, nil }
	_, err := c.UpdateIdentityRead(t.Context(), someID, stranger, func(*Identity) (UpdateIdentityBody, bool) {
		t.Error("a body was made of another identity")
		return UpdateIdentityBody{}, true
	})
	if !errors.Is(err, ErrWrongIdentity) || rec.count() != 0 {
		t.Errorf("%d requests: %v", rec.count(), err)
	}
}

// A list by ids has nobody else, and ends with its ids, whatever page is announced.
func TestClient_listByIDs(t *testing.T) {
	t.Parallel()
	announce := func(w http.ResponseWriter) { w.Header().Set("Link", `</x?page_token=t>; rel="next"`) }
	c, rec := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		announce(w)
		reply(t, w, 200, "["+row("a")+","+row("b")+"]")
	})
	ids, err := collect(t, c, ListIdentitiesOptions{IDs: uuidsOf("a", "b")})
	if err != nil || len(ids) != 2 || rec.count() != 1 {
		t.Errorf("%v by %d requests: %v", ids, rec.count(), err)
	}
	ids, err = collect(t, c, ListIdentitiesOptions{IDs: uuidsOf("a", "c")})
	if sentinels(err) != "WrongIdentity" || len(ids) != 0 {
		t.Errorf("%v: %v", ids, err)
	}
}

// Every row of a list and every result of a batch has a UUID.
func TestClient_rowsHaveUUIDs(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, always(t, 200, `[{"id":"../../x","traits":{}}]`))
	if ids, err := collect(t, c, ListIdentitiesOptions{}); sentinels(err) != "NotKratos" || len(ids) != 0 {
		t.Errorf("%v: %v", ids, err)
	}
	if _, _, err := c.PeekIdentities(t.Context(), ListIdentitiesOptions{}, "", 1<<10); sentinels(err) != "NotKratos" {
		t.Error(err)
	}
	var rec *recorder
	c, r := serve(t, func(w http.ResponseWriter, req *http.Request) {
		answerBatch(t, &rec, strings.ReplaceAll(itemCreated, someID, "../../x"))(w, req)
	})
	rec = r
	results, err := c.BatchCreateIdentities(t.Context(), make([]CreateIdentityBody, 1))
	if err != nil || len(results) != 1 || sentinels(results[0].Err) != "NotKratos OutcomeUnknown WrongIdentity" {
		t.Error(results, err)
	}
}

// A PUT clears what it leaves out. A region that the caller knows nothing of stays.
func TestClient_updateKeepsRegion(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, always(t, 200, strings.TrimSuffix(identity, "}")+`,"region":"eu-central"}`))
	for want, region := range map[string]string{"eu-central": "", "us-east": "us-east"} {
		_, err := c.UpdateIdentity(t.Context(), someID, func(current *Identity) (UpdateIdentityBody, bool) {
			return UpdateIdentityBody{SchemaID: current.SchemaID, Region: region}, true
		})
		if last := rec.bodies[len(rec.bodies)-1]; err != nil || !strings.Contains(last, `"region":"`+want+`"`) {
			t.Errorf("sent %s: %v", last, err)
		}
	}
	if sent, err := EncodeJSON(CreateIdentityBody{SchemaID: "s", Region: "eu-central"}); err != nil ||
		!strings.Contains(string(sent), `"region":"eu-central"`) {
		t.Errorf("%s %v", sent, err)
	}
}
