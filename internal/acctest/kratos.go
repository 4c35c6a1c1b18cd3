package acctest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest/kratosserver"
)

// Names of kratosserver that tests use, so that one import is enough.
type (
	Server  = kratosserver.Server
	Session = kratosserver.Session
	Browser = kratosserver.Browser
)

// ErrBadCredentials is Kratos refusing an identifier and password.
var ErrBadCredentials = kratosserver.ErrBadCredentials

// shared is the server of this test binary, started by the first test that wants it.
var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Main runs the tests of a package, sees that they have left nothing running, and stops the server that they started. Call it from
// TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if err := NothingRuns(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	if shared.server != nil {
		if err := shared.server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stopping Kratos:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// Kratos returns the server that the tests of a package share: the one that ORY_ADMIN_URL and ORY_PUBLIC_URL name, else
// one of its own on a database file. Tests must not expect to be alone on it. The package's TestMain must call Main.
func Kratos(t *testing.T) *Server {
	t.Helper()
	needsKratos(t)
	shared.once.Do(func() { shared.server, shared.err = startShared() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

func startShared() (*Server, error) {
	admin, public := os.Getenv("ORY_ADMIN_URL"), os.Getenv("ORY_PUBLIC_URL")
	switch {
	case admin != "" && public != "":
		return &Server{AdminURL: strings.TrimRight(admin, "/"), PublicURL: strings.TrimRight(public, "/")}, nil
	case admin != "" || public != "":
		return nil, fmt.Errorf("set both ORY_ADMIN_URL and ORY_PUBLIC_URL, or neither: tests use both APIs")
	}
	// It outlives the test that wanted it first.
	return kratosserver.Start(context.Background(), kratosserver.Options{})
}

// KratosMemory starts a server on a database in memory, where concurrent writers disturb each other, for one test alone.
func KratosMemory(t *testing.T) *Server {
	t.Helper()
	return private(t, kratosserver.Options{Memory: true})
}

// KratosAlone starts a server on a database file for one test alone.
func KratosAlone(t *testing.T) *Server {
	t.Helper()
	return private(t, kratosserver.Options{})
}

// KratosVerifiedLogin starts a server, for one test alone, on which only people with a verified address can sign in.
func KratosVerifiedLogin(t *testing.T) *Server {
	t.Helper()
	return private(t, kratosserver.Options{VerifiedLogin: true})
}

// KratosWithSchemas starts a server, for one test alone, that has further identity schemas, by id.
func KratosWithSchemas(t *testing.T, schemas map[string]string) *Server {
	t.Helper()
	return private(t, kratosserver.Options{Schemas: schemas})
}

// KratosThatLostSchema starts a server, for one test alone, on the database of one that had the identity schema "lost" besides, and
// that fill has worked on.
func KratosThatLostSchema(t *testing.T, document string, fill func(before *Server)) *Server {
	t.Helper()
	needsKratos(t)
	dir := t.TempDir()
	before, err := kratosserver.Start(t.Context(), kratosserver.Options{Dir: dir, Schemas: map[string]string{"lost": document}})
	if err != nil {
		t.Fatal(err)
	}
	fill(before)
	if err := before.Stop(); err != nil {
		t.Fatal(err)
	}
	return private(t, kratosserver.Options{Dir: dir})
}

// KratosNoRecovery starts a server, for one test alone, on which nobody can recover an account.
func KratosNoRecovery(t *testing.T) *Server {
	t.Helper()
	return private(t, kratosserver.Options{NoRecovery: true})
}

// KratosNoRecoveryFlow starts a server, for one test alone, that hands out recovery codes and links which nobody can ask for.
func KratosNoRecoveryFlow(t *testing.T) *Server {
	t.Helper()
	return private(t, kratosserver.Options{NoRecoveryFlow: true})
}

// KratosSecurityKeys starts a server, for one test alone, on which people can register security keys: to sign in with them alone, or as
// second factors.
func KratosSecurityKeys(t *testing.T, alone bool) *Server {
	t.Helper()
	use := kratosserver.KeysSecond
	if alone {
		use = kratosserver.KeysAlone
	}
	return private(t, kratosserver.Options{SecurityKeys: use})
}

func private(t *testing.T, options kratosserver.Options) *Server {
	t.Helper()
	needsKratos(t)
	server, err := kratosserver.Start(t.Context(), options)
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

func needsKratos(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC not set: needs a real Kratos")
	}
}

// Login signs in with a password through the public API.
func Login(ctx context.Context, publicURL, identifier, password string) (Session, error) {
	return kratosserver.Login(ctx, publicURL, identifier, password)
}

// Whoami returns the session that belongs to a token.
func Whoami(ctx context.Context, publicURL, token string) (Session, error) {
	return kratosserver.Whoami(ctx, publicURL, token)
}

// Recover signs in with a recovery code of flow type api.
func Recover(ctx context.Context, publicURL, link, code string) (Session, error) {
	return kratosserver.Recover(ctx, publicURL, link, code)
}

// SetPassword sets the password of the person who holds a session token.
func SetPassword(ctx context.Context, publicURL, token, password string) error {
	return kratosserver.SetPassword(ctx, publicURL, token, password)
}

// AddLookupSecrets gives the person who holds a session token a second factor.
func AddLookupSecrets(ctx context.Context, publicURL, token string) error {
	return kratosserver.AddLookupSecrets(ctx, publicURL, token)
}

// AddTOTP gives the person who holds a session token a second factor, an authenticator app.
func AddTOTP(ctx context.Context, publicURL, token string) error {
	return kratosserver.AddTOTP(ctx, publicURL, token)
}

// NewBrowser returns a browser without cookies.
func NewBrowser(t *testing.T, server *Server) *Browser {
	t.Helper()
	browser, err := kratosserver.NewBrowser(server.PublicURL)
	if err != nil {
		t.Fatal(err)
	}
	return browser
}
