//go:build unix

package kratostest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

const password = "correct horse"

func TestAccServer_startAndStop(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]kratostest.Options{"file": {}, "memory": {Memory: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, options)
			signsIn(t, server)

			pid := server.PID()
			if err := server.Stop(); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
				t.Errorf("process %d after Stop: %v, want no such process", pid, err)
			}
			if err := server.Stop(); err != nil {
				t.Errorf("second Stop: %v", err)
			}
		})
	}
}

func TestAccServer_twoServers(t *testing.T) {
	t.Parallel()
	first, second := start(t, kratostest.Options{Memory: true}), start(t, kratostest.Options{Memory: true})
	createIdentity(t, first, `{"schema_id":"username","traits":{"username":"ada"}}`)
	for server, want := range map[*kratostest.Server]int{first: 1, second: 0} {
		if got := len(list(t, server)); got != want {
			t.Errorf("%s has %d identities, want %d", server.AdminURL, got, want)
		}
	}
}

func TestAccServer_schemas(t *testing.T) {
	t.Parallel()
	server := start(t, kratostest.Options{Memory: true})
	for schema, identity := range map[string]struct {
		traits                  string
		verifiable, recoverable int
	}{
		kratostest.SchemaEmail:    {`{"email":"a@example.org","name":{"first":"A","last":"B"}}`, 1, 1},
		kratostest.SchemaUsername: {`{"username":"a","age":7,"balance":1.5,"active":true,"tags":["x"],"scores":[1,2.5],"attributes":{"any":{"thing":null}}}`, 0, 0},
		kratostest.SchemaPhone:    {`{"phone":"+4915112345678"}`, 1, 0},
		kratostest.SchemaTwoAddresses: {
			`{"email":"two@example.org","backup_email":"spare@example.org","phone":"+4915112345679"}`, 3, 2,
		},
	} {
		body := `{"schema_id":"` + schema + `","traits":` + identity.traits + `}`
		created := createIdentity(t, server, body)
		if len(created.Verifiable) != identity.verifiable || len(created.Recovery) != identity.recoverable {
			t.Errorf("%s: %d verifiable and %d recovery addresses, want %d and %d",
				schema, len(created.Verifiable), len(created.Recovery), identity.verifiable, identity.recoverable)
		}
	}
}

func TestStart_logInError(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "kratos")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\necho no such DSN; exit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, memory := range []bool{true, false} { // fails to serve, fails to migrate
		_, err := kratostest.Start(t.Context(), kratostest.Options{Binary: broken, Memory: memory})
		if err == nil || !strings.Contains(err.Error(), "no such DSN") {
			t.Errorf("memory %v: the error lacks the server's reason: %v", memory, err)
		}
	}
}

func TestStart_noBinary(t *testing.T) {
	t.Parallel()
	_, err := kratostest.Start(t.Context(), kratostest.Options{Binary: "/nonexistent/kratos"})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want %v", err, os.ErrNotExist)
	}
}

// signsIn proves the whole way: a person made through the admin API signs in through the public one.
func signsIn(t *testing.T, server *kratostest.Server) {
	t.Helper()
	person := createIdentity(t, server, `{"schema_id":"preset://email","traits":{"email":"ada@example.org"},`+
		`"credentials":{"password":{"config":{"password":"`+password+`"}}}}`)

	session, err := kratostest.Login(t.Context(), server.PublicURL, "ada@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	same, err := kratostest.Whoami(t.Context(), server.PublicURL, session.Token)
	if err != nil {
		t.Fatal(err)
	}
	if session.IdentityID != person.ID || session != same {
		t.Errorf("signed in as %+v, the server says %+v; want identity %s", session, same, person.ID)
	}
	for _, wrong := range [][2]string{{"ada@example.org", "wrong"}, {"nobody@example.org", password}} {
		_, err := kratostest.Login(t.Context(), server.PublicURL, wrong[0], wrong[1])
		if !errors.Is(err, kratostest.ErrBadCredentials) {
			t.Errorf("signing in with %q: %v, want %v", wrong, err, kratostest.ErrBadCredentials)
		}
	}
	if _, err := kratostest.Whoami(t.Context(), server.PublicURL, "ory_st_made_up"); err == nil {
		t.Error("a made-up token has a session")
	}
}

func needsKratos(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC not set: needs a real Kratos")
	}
}

func start(t *testing.T, options kratostest.Options) *kratostest.Server {
	t.Helper()
	needsKratos(t)
	server, err := kratostest.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

type identity struct {
	ID         string            `json:"id"`
	Verifiable []json.RawMessage `json:"verifiable_addresses"`
	Recovery   []json.RawMessage `json:"recovery_addresses"`
}

func createIdentity(t *testing.T, server *kratostest.Server, body string) (created identity) {
	t.Helper()
	send(t, http.MethodPost, server.AdminURL+"/admin/identities", body, &created)
	return created
}

func list(t *testing.T, server *kratostest.Server) (all []identity) {
	t.Helper()
	send(t, http.MethodGet, server.AdminURL+"/admin/identities", "", &all)
	return all
}

func send(t *testing.T, method, url, body string, out any) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s", method, url, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		t.Fatal(err)
	}
}
