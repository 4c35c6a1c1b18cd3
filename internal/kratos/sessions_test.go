package kratos

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// sessionRows are n sessions, numbered from the first.
func sessionRows(first, n int) string {
	rows := make([]string, 0, n)
	for i := range n {
		rows = append(
			rows,
			fmt.Sprintf(`{"id":"s%d","active":true,"issued_at":"2026-01-02T03:04:05Z","token":"s3cret"}`, first+i),
		)
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// sessionServer serves n sessions. By tokens it does so only if it honours them, which versions up to v26.2 don't,
// although they give them, an empty list included; by numbers all versions do.
func sessionServer(t *testing.T, n int, honoursTokens bool) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		query, page, claimed := r.URL.Query(), 1, 1
		if token := query.Get("page_token"); token != "" {
			claimed, _ = strconv.Atoi(token)
		}
		switch {
		case query.Get("page_size") == "":
			page, _ = strconv.Atoi(query.Get("page"))
		case honoursTokens:
			page = claimed
		}
		first := min((page-1)*defaultPageSize, n)
		last := min(first+defaultPageSize, n)
		if claimed*defaultPageSize < n || n == 0 {
			w.Header().Set("Link", fmt.Sprintf(`</sessions?page_token=%d>; rel="next"`, claimed+1))
		}
		reply(t, w, 200, sessionRows(first, last-first))
	}
}

func TestClient_sessionPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sessions      int
		honoursTokens bool
		requests      int
	}{
		{0, false, 1},
		{3, false, 1},
		{defaultPageSize, false, 1},
		{defaultPageSize + 1, false, 3},
		{3 * defaultPageSize, false, 5},
		{0, true, 1},
		{defaultPageSize, true, 1},
		{2*defaultPageSize + 1, true, 3},
	} {
		t.Run(fmt.Sprintf("%d, tokens %v", test.sessions, test.honoursTokens), func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, sessionServer(t, test.sessions, test.honoursTokens))
			sessions, err := c.ListIdentitySessions(t.Context(), someID, nil)
			if err != nil || len(sessions) != test.sessions || rec.count() != test.requests {
				t.Errorf("%d sessions by %d requests, %v", len(sessions), rec.count(), err)
			}
		})
	}
}

// A list that goes round is an error, not a shorter list.
func TestClient_sessionPagesRepeated(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", `</sessions?page_token=1>; rel="next"`)
		reply(t, w, 200, sessionRows(0, defaultPageSize))
	})
	if sessions, err := c.ListIdentitySessions(t.Context(), someID, nil); !errors.Is(err, ErrNotKratos) ||
		len(sessions) > 0 {
		t.Errorf("%d sessions, %v", len(sessions), err)
	}
}

func TestClient_sessionRequest(t *testing.T) {
	t.Parallel()
	active := false
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/admin/identities/"+someID+"/sessions" || r.URL.Query().Get("active") != "false" {
			t.Errorf("asked %s", r.URL)
		}
		reply(t, w, 200, sessionRows(0, 1))
	})
	sessions, err := c.ListIdentitySessions(t.Context(), someID, &active)
	if err != nil || len(sessions) != 1 || sessions[0].ID != "s0" || !sessions[0].Active ||
		sessions[0].IssuedAt != "2026-01-02T03:04:05Z" {
		t.Errorf("%+v %v", sessions, err)
	}
	if _, err := c.ListIdentitySessions(t.Context(), "..", nil); err == nil || rec.count() != 1 {
		t.Error("an id that is none was asked for")
	}
}

func TestClient_sessionErrors(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"sessions":[]}`, `null`, `<html>`} {
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { reply(t, w, 200, body) })
		if _, err := c.ListIdentitySessions(t.Context(), someID, nil); !errors.Is(err, ErrNotKratos) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestClient_deleteSessionsOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		noBulk bool
	}{
		"done":           {200, `{"processed":3,"more":false}`, false},
		"an old server":  {405, "Method Not Allowed\n", true},
		"an older one":   {404, "404 page not found\n", true},
		"refused":        {400, `{"error":{"code":400,"message":"at most 500"}}`, false},
		"a gateway's no": {403, "no", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, always(t, test.status, test.body))
			err := c.DeleteSessionsOf(t.Context(), []string{someID})
			if errors.Is(err, ErrNoBulk) != test.noBulk || (err == nil) != (test.status == 200) {
				t.Error(err)
			}
			const want = `POST /admin/sessions {"action":"delete","identities":["` + someID + `"]}`
			if got := rec.requests[0].Method + " " + rec.requests[0].RequestURI + " " + rec.bodies[0]; got != want || rec.count() != 1 {
				t.Errorf("%d requests: %s", rec.count(), got)
			}
		})
	}
}
