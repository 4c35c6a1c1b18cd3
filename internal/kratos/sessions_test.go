package kratos

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// sessionRows are n sessions, numbered from the first.
func sessionRows(first, n int) string {
	rows := make([]string, 0, n)
	for i := range n {
		rows = append(rows, fmt.Sprintf(`{"id":"s%d","active":true,"issued_at":"2026-01-02T03:04:05Z","token":"s3cret"}`, first+i))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// v1.3 offers another page after the last one, for ever; v26 offers none.
func TestListIdentitySessionsPages(t *testing.T) {
	t.Parallel()
	full := sessionRows(0, defaultPageSize)
	for name, test := range map[string]struct {
		pages, next    map[string]string
		want, requests int
	}{
		"none":                {map[string]string{"": "[]"}, map[string]string{"": "1"}, 0, 1},
		"one page":            {map[string]string{"": sessionRows(0, 3)}, map[string]string{"": "1"}, 3, 1},
		"two pages":           {map[string]string{"": full, "1": sessionRows(defaultPageSize-1, 3)}, map[string]string{"": "1", "1": "2"}, defaultPageSize + 2, 2},
		"a full page, v1.3":   {map[string]string{"": full, "1": "[]"}, map[string]string{"": "1", "1": "2"}, defaultPageSize, 2},
		"a full page and end": {map[string]string{"": full}, nil, defaultPageSize, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, pagesOf(t, test.pages, test.next))
			sessions, err := c.ListIdentitySessions(t.Context(), someID, nil)
			if err != nil || len(sessions) != test.want || rec.count() != test.requests {
				t.Errorf("%d sessions by %d requests, %v", len(sessions), rec.count(), err)
			}
		})
	}
}

func TestListIdentitySessionsRequest(t *testing.T) {
	t.Parallel()
	active := false
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/admin/identities/"+someID+"/sessions" || r.URL.Query().Get("active") != "false" {
			t.Errorf("asked %s", r.URL)
		}
		reply(t, w, 200, sessionRows(0, 1))
	})
	sessions, err := c.ListIdentitySessions(t.Context(), someID, &active)
	if err != nil || len(sessions) != 1 || sessions[0].ID != "s0" || !sessions[0].Active || sessions[0].IssuedAt != "2026-01-02T03:04:05Z" {
		t.Errorf("%+v %v", sessions, err)
	}
	if _, err := c.ListIdentitySessions(t.Context(), "..", nil); err == nil || rec.count() != 1 {
		t.Error("an id that is none was asked for")
	}
}

func TestListIdentitySessionsFailures(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"sessions":[]}`, `null`, `<html>`} {
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { reply(t, w, 200, body) })
		if _, err := c.ListIdentitySessions(t.Context(), someID, nil); !errors.Is(err, ErrNotKratos) {
			t.Errorf("%s: %v", body, err)
		}
	}
}
