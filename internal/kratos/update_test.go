package kratos

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// Every attempt of a PUT sends what the server has at that moment: what somebody writes during a wait is not undone.
func TestClient_updateReadsBeforeEveryAttempt(t *testing.T) {
	t.Parallel()
	puts, metadata := 0, "1"
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			if puts++; puts < 3 {
				metadata += "1" // somebody else's change during the wait
				w.WriteHeader([]int{http.StatusTooManyRequests, http.StatusBadGateway}[puts-1])
				return
			}
		}
		reply(t, w, http.StatusOK, `{"id":"`+someID+`","schema_id":"default","traits":{},"metadata_public":`+metadata+`}`)
	})
	updated, err := c.UpdateIdentity(t.Context(), someID, func(current *Identity) (UpdateIdentityBody, bool) {
		return UpdateIdentityBody{
			SchemaID:       current.SchemaID,
			Traits:         current.Traits,
			MetadataPublic: current.MetadataPublic,
		}, true
	})
	if err != nil {
		t.Fatal(err)
	}
	var methods []string
	for _, r := range rec.requests {
		methods = append(methods, r.Method)
	}
	if got, want := strings.Join(methods, " "), "GET PUT GET PUT GET PUT"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	var last UpdateIdentityBody
	if err := json.Unmarshal([]byte(rec.bodies[5]), &last); err != nil || string(last.MetadataPublic) != "111" {
		t.Errorf("the last PUT has %s: %v", rec.bodies[5], err)
	}
	if string(updated.MetadataPublic) != "111" {
		t.Errorf("the answer has %s", updated.MetadataPublic)
	}
}

func TestClient_updateOfDeletedIdentity(t *testing.T) {
	t.Parallel()
	gone := false
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut:
			gone = true
			w.WriteHeader(http.StatusServiceUnavailable)
		case gone:
			reply(t, w, http.StatusNotFound, notFound)
		default:
			reply(t, w, http.StatusOK, identity)
		}
	})
	_, err := c.UpdateIdentity(
		t.Context(),
		someID,
		func(*Identity) (UpdateIdentityBody, bool) { return UpdateIdentityBody{}, true },
	)
	if !errors.Is(err, ErrNotFound) || errors.Is(err, ErrUnreachable) || rec.count() != 3 {
		t.Errorf("%d requests: %v", rec.count(), err)
	}
}

// A lost attempt may have done it all.
func TestClient_updateNoLongerNeeded(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			reset(t, w)
			return
		}
		reply(t, w, http.StatusOK, identity)
	})
	needed := true
	updated, err := c.UpdateIdentity(t.Context(), someID, func(*Identity) (UpdateIdentityBody, bool) {
		defer func() { needed = false }()
		return UpdateIdentityBody{}, needed
	})
	if err != nil || updated.ID != someID || rec.count() != 3 {
		t.Errorf("%d requests: %v", rec.count(), err)
	}
}
