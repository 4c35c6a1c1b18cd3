package bulk_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
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
