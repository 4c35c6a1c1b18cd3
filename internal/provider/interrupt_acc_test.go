package provider_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// Ctrl-C in the middle of an apply loses no identity, with single creates and with batches: the state has every
// identity that was created by then, and the next apply creates the rest.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	for _, limited := range []bool{false, true} {
		t.Run(fmt.Sprintf("limited %v", limited), func(t *testing.T) {
			t.Parallel()
			interrupt(t, limited)
		})
	}
}

func interrupt(t *testing.T, limited bool) {
	t.Helper()
	var options networksim.Options
	if limited {
		options = networksim.Network(networksim.Enterprise)
	}
	options.Latency = 300 * time.Millisecond
	server := acctest.Kratos(t)
	network := acctest.NewNetwork(t, server, options)
	runner := newRunner(t, network)
	people := loadtest.Config{Prefix: acctest.RandomName(), Size: 60, Version: 1}
	if err := people.Write(runner.Dir); err != nil {
		t.Fatal(err)
	}

	cmd := runner.Command(t.Context(), "apply", "-auto-approve", "-no-color")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	created := func() int { return network.Counts().Requests(networksim.Create, networksim.Batch) }
	for deadline := time.Now().Add(time.Minute); created() == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing was created within a minute")
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(output.String(), "execution halted") {
		t.Fatalf("the apply was not interrupted: %v\n%s", err, output.String())
	}
	if batches := network.Counts().Requests(networksim.Batch); (batches > 0) != limited {
		t.Errorf("%d batches, limited %v", batches, limited)
	}

	inState, onServer := known(t, runner, people, server)
	if len(onServer) == 0 || len(onServer) == people.Size {
		t.Errorf("%d of %d were created: the interrupt came too early or too late", len(onServer), people.Size)
	}
	for id := range onServer {
		if _, ok := inState[id]; !ok {
			t.Errorf("identity %s is on the server, but was lost from the state", id)
		}
	}
	result, err := runner.Apply(t.Context(), people)
	if err != nil || result.ExitCode != 0 {
		t.Fatalf("the next apply: %v\n%s", err, result.Output)
	}
	if !strings.Contains(result.Output, "0 changed, 0 destroyed") {
		t.Errorf("the next apply did more than create the rest:\n%s", result.Tail())
	}
	inState, onServer = known(t, runner, people, server)
	if err := people.Check(onServer, inState); err != nil {
		t.Error(err)
	}
	if result, err = runner.Destroy(t.Context(), people); err != nil || result.ExitCode != 0 {
		t.Errorf("destroying: %v\n%s", err, result.Tail())
	}
}

// newRunner returns a runner that applies many identities through a simulator.
func newRunner(t *testing.T, network *networksim.Server) *loadtest.Runner {
	t.Helper()
	w := acctest.NewNetworkWorkspace(t, network)
	runner, err := loadtest.NewRunner(w.Path, filepath.Join(w.Dir, "identities"), w.Provider, network.URL())
	if err != nil {
		t.Fatal(err)
	}
	runner.Env = append(runner.Env, "ORY_API_KEY="+networksim.Token)
	return runner
}

// known returns the identities of a configuration in the state, and the identities of the configuration on the server.
func known(
	t *testing.T,
	runner *loadtest.Runner,
	people loadtest.Config,
	server *acctest.Server,
) (inState, onServer map[string]loadtest.Identity) {
	t.Helper()
	inState, err := runner.InState(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	onServer, err = people.OnServer(t.Context(), server.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	return inState, onServer
}
