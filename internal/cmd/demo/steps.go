//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

const (
	somebody        = "ada@example.org" // one of the people of examples/quickstart
	initialPassword = "analytical-engine-1843"
)

// say announces a step.
func say(step string) {
	fmt.Printf("\n==> %s\n", step)
}

func (d *demo) apply(ctx context.Context) error {
	say("Applying examples/quickstart, with the provider just built")
	return d.cli.must(ctx, "apply", "-auto-approve")
}

func (d *demo) showPeople(ctx context.Context) error {
	var people map[string]string
	if err := d.cli.readOutput(ctx, "people", &people); err != nil {
		return err
	}
	say(fmt.Sprintf("%d identities are on the server", len(people)))
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "    EMAIL\tID")
	for _, email := range slices.Sorted(maps.Keys(people)) {
		fmt.Fprintf(table, "    %s\t%s\n", email, people[email])
	}
	return table.Flush()
}

// signIn proves that a person whom Terraform created can sign in, through the public API like an app.
func (d *demo) signIn(ctx context.Context) error {
	say("Signing in as " + somebody + " through the public API")
	session, err := kratostest.Login(ctx, d.server.PublicURL, somebody, initialPassword)
	if err != nil {
		return err
	}
	// This asks the server and doesn't rely only on the answer to the login.
	session, err = kratostest.Whoami(ctx, d.server.PublicURL, session.Token)
	if err != nil {
		return err
	}
	fmt.Printf("    session  %s\n    identity %s\n    expires  %s\n",
		session.ID, session.IdentityID, session.ExpiresAt.Local().Format(time.RFC1123))
	return nil
}

func (d *demo) planAgain(ctx context.Context) error {
	say("Planning again: nothing changes")
	code, err := d.cli.run(ctx, "plan", "-detailed-exitcode")
	if err == nil && code != 0 {
		err = fmt.Errorf("the second plan isn't empty: exit code %d", code)
	}
	return err
}

func (d *demo) destroy(ctx context.Context) error {
	say("Destroying")
	if err := d.cli.must(ctx, "destroy", "-auto-approve"); err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.server.AdminURL+"/admin/identities", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var left []json.RawMessage
	if err := json.NewDecoder(response.Body).Decode(&left); err != nil {
		return err
	}
	if len(left) > 0 {
		return errors.New("identities are left on the server")
	}
	fmt.Println("    the server has no identities any more")
	return nil
}

// explain says how to use the Kratos that was kept.
func (d *demo) explain() {
	say("Kratos keeps running. To play on:")
	fmt.Printf(`
    cd %s
    export TF_CLI_CONFIG_FILE=%s ORY_ADMIN_URL=%s ORY_PUBLIC_URL=%s
    export TF_VAR_initial_password=%s
    %s plan   # no init needed: the provider is the one just built
    curl -s "$ORY_ADMIN_URL/admin/identities"   # what the server has

To stop Kratos and remove everything:

    kill %d && rm -r %s
`, d.cli.Dir, d.cli.config, d.server.AdminURL, d.server.PublicURL, initialPassword, d.cli.Path, d.server.PID(), d.dir)
}
