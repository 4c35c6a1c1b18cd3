//go:build unix

package kratostest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"
)

const (
	startAttempts = 5
	readyTimeout  = 60 * time.Second
)

// Options say how to run a server; the zero value is a server on a database file in a temporary folder.
type Options struct {
	Binary string // path of Kratos; default: see Binary
	Dir    string // folder for configuration, database and log, kept by Stop; default: a temporary one, removed by Stop
	Memory bool   // keep the database in memory: no file, but concurrent writers fail now and then
	Detach bool   // let the server live on when this process ends without having called Stop

	// VerifiedLogin lets only people with a verified address sign in with a password.
	VerifiedLogin bool

	// Schemas are identity schemas that the server offers besides those that every server does, by id.
	Schemas map[string]string

	// DefaultSchema is the id of the one among Schemas that the server takes by default. With it, the server offers
	// Schemas and no others.
	DefaultSchema string

	// Postgres is the DSN of a PostgreSQL in which the server gets a database of its own, unless Memory is set. Stop drops
	// it if it removes Dir. Default: SQLite.
	Postgres string

	// Quickstart keeps the database file as Ory's quickstart does, without a write-ahead log: as it comes, and slower.
	Quickstart bool

	// LateLocks lets transactions lock the database file at their first write, not at their start. Without it, sign-ins,
	// recoveries and searches that happen at the same time wait ten seconds for each other.
	LateLocks bool

	// BcryptCost is the cost of the server's hashes; default: CheapBcrypt.
	BcryptCost int

	// NoRecovery switches the methods code and link off, by which people recover their accounts.
	NoRecovery bool

	// NoRecoveryFlow leaves those methods on, and switches off only the flow in which people use them.
	NoRecoveryFlow bool

	// Mailbox gets the messages of the server, whose courier runs then; default: nothing is sent.
	Mailbox *Mailbox

	// Links has people recover accounts and verify addresses by links in place of codes.
	Links bool

	// Templates are the server's templates of mails by their place in the configuration of the courier, such as
	// "recovery_code"; default: those that come with the server.
	Templates map[string]string

	// SecurityKeys is what security keys are for: KeysSecond or KeysAlone; default: KeysSecond.
	SecurityKeys string
}

// Server is a running Kratos.
type Server struct {
	AdminURL  string
	PublicURL string

	process *process
	tempDir string       // to be removed, if we made it
	drop    func() error // removes its database from a PostgreSQL, if it is there
}

// Start runs Kratos on free loopback ports and returns once it is ready. The caller must Stop it.
func Start(ctx context.Context, options Options) (*Server, error) {
	if options.Binary == "" {
		var err error
		if options.Binary, err = Binary(ctx); err != nil {
			return nil, err
		}
	}
	var failures []error
	for range startAttempts {
		server, err := startOnce(ctx, options)
		if err == nil {
			return server, nil
		}
		failures = append(failures, err)
		// Between finding a free port and listening on it another process may take it: only that is worth another try.
		if !errors.Is(err, errExited) && !errors.Is(err, errNotOurs) || ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("starting Kratos: %w", errors.Join(failures...))
}

func startOnce(ctx context.Context, options Options) (_ *Server, err error) {
	server := &Server{}
	defer func() {
		if err != nil {
			err = errors.Join(err, server.Stop())
		}
	}()
	dir := options.Dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "kratos-"); err != nil {
			return nil, err
		}
		server.tempDir = dir
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	server.PublicURL, server.AdminURL = loopbackURL(ports[0]), loopbackURL(ports[1])
	dsn, err := server.dsn(ctx, dir, options)
	if err != nil {
		return nil, err
	}
	config, err := writeConfig(dir, dsn, ports[0], ports[1], options)
	if err != nil {
		return nil, err
	}
	if !options.Memory { // in memory, the server does this by itself
		if err = migrate(ctx, options.Binary, dir, config); err != nil {
			return nil, err
		}
	}
	// --dev allows cheap hashes and plain http, --sqa-opt-out turns telemetry off.
	// It outlives the context of the start: Stop ends it.
	args := []string{"serve", "--config", config, "--dev", "--sqa-opt-out"}
	if options.Mailbox != nil {
		args = append(args, "--watch-courier")
	}
	cmd := command(context.WithoutCancel(ctx), options.Binary, dir, args...)
	if server.process, err = startProcess(cmd, options.Detach); err != nil {
		return nil, err
	}
	return server, server.waitReady(ctx)
}

// dsn says where the server keeps its data.
func (s *Server) dsn(ctx context.Context, dir string, options Options) (string, error) {
	switch {
	case options.Memory:
		// With "memory", versions after v26.2 give each connection a database of its own.
		return "sqlite://file::memory:?_fk=true&cache=shared", nil
	case options.Postgres != "":
		cluster, err := newCluster(options.Postgres)
		if err != nil {
			return "", err
		}
		s.drop = func() error { return cluster.drop(context.WithoutCancel(ctx), dir) }
		return cluster.database(ctx, dir)
	default:
		return fileDSN(dir, options), nil
	}
}

// PID is the server's process id, 0 for a server that we didn't start.
func (s *Server) PID() int {
	if s.process == nil {
		return 0
	}
	return s.process.cmd.Process.Pid
}

// Stop ends the server and removes what it left. Stopping twice, or a server that we didn't start, does nothing.
func (s *Server) Stop() error {
	var err error
	if s.process != nil {
		err = s.process.stop()
	}
	if s.tempDir != "" {
		if s.drop != nil {
			err = errors.Join(err, s.drop())
		}
		err = errors.Join(err, os.RemoveAll(s.tempDir))
	}
	return err
}

func migrate(ctx context.Context, binary, dir, config string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout) // by itself it would try for minutes
	defer cancel()
	cmd := command(ctx, binary, dir, "migrate", "sql", "--read-from-env", "--yes", "--config", config)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("migrating the database: %w\n%s", err, output)
	}
	return nil
}

func freePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, err
		}
		defer listener.Close() // all are held until the last is found, so that they differ
		address, err := netip.ParseAddrPort(listener.Addr().String())
		if err != nil {
			return nil, err
		}
		ports = append(ports, int(address.Port()))
	}
	return ports, nil
}
