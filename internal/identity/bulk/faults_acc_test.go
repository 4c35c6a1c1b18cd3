package bulk_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const batches = "/admin/identities"

// isBatch matches the batches, but no patch of one identity.
func isBatch(r *http.Request) bool { return r.Method == http.MethodPatch && r.URL.Path == batches }

// Where the answers to batches are lost, nobody is missing and nobody is there twice.
func TestAccIdentities_lostAnswers(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, fault := range map[string]func(*acctest.Proxy){
		"answers":  func(p *acctest.Proxy) { p.LoseAnswers(2, isBatch) },
		"requests": func(p *acctest.Proxy) { p.LoseRequests(2, isBatch) },
		"a page":   func(p *acctest.Proxy) { p.FailNext(1, isBatch, http.StatusBadGateway, "<html>") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, server.AdminURL)
			fault(proxy)
			w := acctest.NewWorkspace(t, proxy.URL())
			w.Env = append(w.Env, "ORY_PUBLIC_URL="+server.PublicURL)
			prefix := acctest.RandomName()
			configure(t, w, rows(prefix, 250), "")
			w.Run("apply", "-auto-approve", "-no-color")
			expectPeople(t, server, prefix, 250)
			w.ExpectEmptyPlan()
			w.Run("destroy", "-auto-approve", "-no-color")
			expectPeople(t, server, prefix, 0)
		})
	}
}

// People without a login identifier can be alike. Where answers are lost, there are as many of them as rows.
func TestAccIdentities_alike(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	nickname := acctest.RandomName()
	all := map[string]map[string]any{}
	for i := range 150 {
		all[key(i)] = map[string]any{"schema_id": "two_logins", "traits": map[string]any{"nickname": nickname}}
	}
	expect := func(n int) {
		t.Helper()
		found := map[string]bool{}
		for _, id := range ids(t, w) {
			found[id] = true
		}
		if there := withTrait(t, server, "nickname", nickname); len(found) != n || len(there) != n {
			t.Fatalf("%d people, and %d in the state", len(there), len(found))
		}
	}
	configure(t, w, all, "")
	proxy.LoseAnswers(1, isBatch)
	w.Run("apply", "-auto-approve", "-no-color")
	expect(150)
	w.ExpectEmptyPlan()
	w.Run("destroy", "-auto-approve", "-no-color")

	// A killed run knows nothing of its batches.
	sent := make(chan struct{}, 10)
	proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !isBatch(r) {
			return false
		}
		forward.ServeHTTP(httptest.NewRecorder(), r)
		sent <- struct{}{}
		<-r.Context().Done()
		return true
	})
	cmd := w.Command(t.Context(), "apply", "-auto-approve", "-no-color")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-sent
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	proxy.Reset()
	w.Run("apply", "-auto-approve", "-no-color")
	expect(150)
	w.ExpectEmptyPlan()
	w.Run("destroy", "-auto-approve", "-no-color")
	expect(0)
}

// Pages that lack people, or have them twice, change nothing: who is gone is asked for one by one.
func TestAccIdentities_pages(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // so that pages are fewer than lists by ids
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	prefix := acctest.RandomName()
	configure(t, w, rows(prefix, 620), "")
	w.Run("apply", "-auto-approve", "-no-color")
	isPage := func(r *http.Request) bool {
		return acctest.On(http.MethodGet, batches)(r) && r.URL.Query().Get("page_size") == "1000"
	}
	proxy.Reset()
	w.ExpectEmptyPlan()
	if n := proxy.Count(http.MethodGet, batches); n > 4 {
		t.Errorf("%d requests", n)
	}
	proxy.Alter(1, isPage, acctest.WithRows(func(rows []any) []any { return append(rows[20:], rows[30:40]...) }))
	w.ExpectEmptyPlan()
	id := ids(t, w)[key(3)]
	acctest.AdminOf(server).DeleteIdentity(t, id)
	expectAll(t, w.Run("plan", "-no-color"), "+ "+key(3), "0 to add, 1 to change")
	w.Run("destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
}

// A gateway that puts another person's id into an answer leads to no change of that person, not even when the create is
// undone or the resource is destroyed.
func TestAccIdentities_foreignID(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	prefix := acctest.RandomName()
	victim := acctest.AdminOf(server).CreateIdentity(t, map[string]any{
		"schema_id": "preset://email", "traits": map[string]any{"email": email(prefix, 5000)},
	})
	proxy := acctest.NewProxy(t, server.AdminURL)
	swapped := ""
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !isBatch(r) {
			return false
		}
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		body, _ := io.ReadAll(answer.Body)
		_, after, _ := strings.Cut(string(body), `"identity":"`)
		swapped = after[:36]
		body = bytes.Replace(body, []byte(swapped), []byte(victim), 1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
		return true
	})
	w := acctest.NewWorkspace(t, proxy.URL())
	w.Env = append(w.Env, "ORY_PUBLIC_URL="+server.PublicURL)
	configure(t, w, rows(prefix, 20), "")
	output, code := w.Try("apply", "-auto-approve", "-no-color")
	if code == 0 {
		t.Error("applied")
	}
	expectAll(t, output, "is not the identity of this row. That identity is unchanged.")
	w.Run("destroy", "-auto-approve", "-no-color")
	if !acctest.AdminOf(server).Exists(t, victim) {
		t.Error("somebody else was deleted")
	}
	// The person whose id was lost is found by the journal.
	proxy.Reset()
	w.Run("apply", "-auto-approve", "-no-color")
	found := expectPeople(t, server, prefix, 21)
	if state := ids(t, w); len(state) != 20 || found[email(prefix, 5000)]["id"] != victim {
		t.Errorf("%d rows", len(state))
	}
	w.ExpectEmptyPlan()
}

// What the server doesn't delete stays in the state, and the next destroy deletes it.
func TestAccIdentities_destroyFails(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.Env = append(w.Env, "ORY_PUBLIC_URL="+server.PublicURL)
	prefix := acctest.RandomName()
	configure(t, w, rows(prefix, 3), "")
	w.Run("apply", "-auto-approve", "-no-color")
	proxy.FailNext(99, acctest.On(http.MethodDelete, "/admin/identities/"), http.StatusInternalServerError,
		`{"error":{"code":500,"status":"Internal Server Error","message":"the disk is full"}}`)
	w.ExpectFailure([]string{"Identities not removed", "3 rows, by key"}, "destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 3)
	proxy.Reset()
	w.Run("destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
}
