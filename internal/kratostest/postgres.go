//go:build unix

package kratostest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// cluster is a PostgreSQL in which each server has a database of its own.
type cluster struct {
	dsn *url.URL
}

func newCluster(dsn string) (cluster, error) {
	parsed, err := url.Parse(dsn)
	if err != nil || parsed.Scheme != "postgres" || parsed.Host == "" {
		return cluster{}, errors.New("the DSN of a PostgreSQL has the form postgres://user:password@host:port/database")
	}
	return cluster{parsed}, nil
}

// database returns the DSN of the database for the server whose files are in dir. A server that was there before has
// left the name of its database.
func (c cluster) database(ctx context.Context, dir string) (string, error) {
	file := filepath.Join(dir, "database")
	name, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		name = []byte("kratos_" + strings.ToLower(rand.Text()))
		if err = os.WriteFile(file, name, 0o600); err == nil {
			err = c.execute(ctx, "CREATE DATABASE "+string(name))
		}
	}
	if err != nil {
		return "", err
	}
	dsn := *c.dsn
	dsn.Path = "/" + string(name)
	query := dsn.Query()
	query.Set("max_conns", "20")
	dsn.RawQuery = query.Encode()
	return dsn.String(), nil
}

// drop removes the database of the server whose files are in dir, if it has one.
func (c cluster) drop(ctx context.Context, dir string) error {
	name, err := os.ReadFile(filepath.Join(dir, "database"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.execute(ctx, "DROP DATABASE IF EXISTS "+string(name)+" WITH (FORCE)")
}

// execute runs a statement by psql, which comes with PostgreSQL: a driver would be a dependency of the provider.
func (c cluster) execute(ctx context.Context, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "psql", "--no-psqlrc", "--quiet", "--command", statement)
	// In the environment, so that the list of processes doesn't show the password.
	password, _ := c.dsn.User.Password()
	cmd.Env = append(os.Environ(), "PGHOST="+c.dsn.Hostname(), "PGPORT="+c.dsn.Port(), "PGUSER="+c.dsn.User.Username(),
		"PGPASSWORD="+password, "PGDATABASE="+strings.TrimPrefix(c.dsn.Path, "/"), "PGSSLMODE="+c.dsn.Query().Get("sslmode"))
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", statement, err, output)
	}
	return nil
}
