package acctest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

// Names of kratostest that tests use: one import is enough.
type (
	Server  = kratostest.Server
	Session = kratostest.Session
	Mailbox = kratostest.Mailbox
	Browser = kratostest.Browser

	Authenticator = kratostest.Authenticator
)

// Values of Options.SecurityKeys.
const (
	KeysSecond = kratostest.KeysSecond
	KeysAlone  = kratostest.KeysAlone
)

// shared is the server of this test binary, started by the first test that wants it.
var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Main runs the tests of a package and then after, sees that they have left nothing running, and stops the server that
// they started. Call it from TestMain.
func Main(m *testing.M, after ...func()) {
	code := m.Run()
	for _, do := range after {
		do()
	}
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

// Options say which Kratos a test needs. The zero value is the server that the tests of a package share; with any field
// set the test gets a server of its own, which ends with the test.
type Options struct {
	Alone  bool // a server like the shared one
	Memory bool // the database is in memory: concurrent writers disturb each other
	// LateLocks is for many sign-ins, recoveries and searches at the same time: see kratostest.Options.
	LateLocks bool

	VerifiedLogin  bool              // only people with a verified address can sign in
	NoRecovery     bool              // nobody can recover an account
	NoRecoveryFlow bool              // the admin API makes recovery codes and links, and nobody can use them
	Mailbox        *Mailbox          // gets the messages that the server sends
	Links          bool              // people recover accounts and verify addresses by links in place of codes
	Templates      map[string]string // of mails, by their place in the configuration of the courier

	SecurityKeys string // what security keys are for: KeysSecond (default) or KeysAlone

	Schemas       map[string]string // further identity schemas, by id
	DefaultSchema string            // one of Schemas; the server then offers only these
	LostSchema    *LostSchema       // the database has identities of a schema that the configuration doesn't have any more
}

// LostSchema is an identity schema with the id "lost" that a server had on an earlier start. Options.Schemas may have
// another schema with this id.
type LostSchema struct {
	Document string
	Fill     func(before *Server) // runs while the server still has the schema
}

// Kratos returns a server. Without options, or with the zero Options, the tests of a package share the server. With
// options, each test gets a server for itself. ORY_ADMIN_URL and ORY_PUBLIC_URL select the shared server. Without them,
// the tests start it. A test must not expect that it alone uses the shared server. The TestMain of the package must
// call Main.
func Kratos(t *testing.T, options ...Options) *Server {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC not set: needs a real Kratos")
	}
	if len(options) > 1 {
		t.Fatal("acctest.Kratos takes Options once")
	}
	if len(options) == 0 || reflect.ValueOf(options[0]).IsZero() {
		shared.once.Do(func() { shared.server, shared.err = startShared() })
		if shared.err != nil {
			t.Fatal(shared.err)
		}
		return shared.server
	}
	return startOwn(t, options[0])
}

// NeedsPostgres skips the test unless the servers that tests start keep their data in a PostgreSQL.
func NeedsPostgres(t *testing.T) {
	t.Helper()
	if postgres() == "" || os.Getenv("ORY_ADMIN_URL") != "" {
		t.Skip("KRATOS_DSN is not set: this test is about PostgreSQL")
	}
}

// NewMailbox returns a mailbox, for the length of one test, that a server sends its messages to.
func NewMailbox(t *testing.T) *Mailbox {
	t.Helper()
	mailbox, err := kratostest.NewMailbox()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := mailbox.Close(); err != nil {
			t.Error(err)
		}
	})
	return mailbox
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
	return kratostest.Start(context.Background(), kratostest.Options{Postgres: postgres()})
}

// postgres is the DSN of the PostgreSQL in which the servers that tests start keep their data; default: SQLite files.
func postgres() string { return os.Getenv("KRATOS_DSN") }

// startOwn starts a server for one test alone.
func startOwn(t *testing.T, options Options) *Server {
	t.Helper()
	start := kratostest.Options{
		Memory:         options.Memory,
		Postgres:       postgres(),
		LateLocks:      options.LateLocks,
		VerifiedLogin:  options.VerifiedLogin,
		NoRecovery:     options.NoRecovery,
		NoRecoveryFlow: options.NoRecoveryFlow,
		SecurityKeys:   options.SecurityKeys,
		Mailbox:        options.Mailbox,
		Links:          options.Links,
		Templates:      options.Templates,
		Schemas:        options.Schemas,
		DefaultSchema:  options.DefaultSchema,
	}
	if options.LostSchema != nil {
		start.Dir = t.TempDir()
		options.LostSchema.fill(t, start)
	}
	server, err := kratostest.Start(t.Context(), start)
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

// fill starts a server that has the schema, calls Fill and stops the server; its database stays in the options' Dir.
func (l *LostSchema) fill(t *testing.T, options kratostest.Options) {
	t.Helper()
	schemas := maps.Clone(options.Schemas)
	if schemas == nil {
		schemas = map[string]string{}
	}
	schemas["lost"] = l.Document
	options.Schemas = schemas
	before, err := kratostest.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	l.Fill(before)
	if err := before.Stop(); err != nil {
		t.Fatal(err)
	}
}
