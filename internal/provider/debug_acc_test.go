package provider_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/provider"
)

// With -debug, the user starts the provider, for example in a debugger, and Terraform attaches to it.
func TestAccDebug(t *testing.T) {
	t.Parallel()
	const openTofu = "registry.opentofu.org/d66889dc/ory"
	for address, args := range map[string][]string{
		provider.Address: {"-debug"},
		openTofu:         {"-debug", "-address", openTofu},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			testDebug(t, address, args)
		})
	}
}

func testDebug(t *testing.T, address string, args []string) {
	t.Helper()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, "") // a provider that Terraform starts by itself finds no server
	cmd := exec.CommandContext(t.Context(), w.Provider, args...)
	cmd.Env, cmd.Dir = append(w.Env, "ORY_ADMIN_URL="+server.AdminURL), w.Dir
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Env = append(w.Env, "TF_REATTACH_PROVIDERS="+reattach(t, bufio.NewScanner(stdout)))
	email := acctest.RandomEmail()
	w.Write("main.tf", fmt.Sprintf("terraform {\n  required_providers {\n    ory = { source = %q }\n  }\n}\n"+
		"resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email = %q "+
		"}\n}\n", address, email))
	w.Run("apply", "-no-color", "-auto-approve")
	if found := acctest.AdminOf(server).FindByIdentifier(t, email); len(found) != 1 {
		t.Errorf("found %v on the server, want one identity", found)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")

	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Errorf("the provider has ended before it was told to: %v", err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the provider ended with %v", err)
	}
}

// reattach finds the value of TF_REATTACH_PROVIDERS in the provider's output.
func reattach(t *testing.T, output *bufio.Scanner) string {
	t.Helper()
	for output.Scan() {
		if _, value, ok := strings.Cut(output.Text(), "TF_REATTACH_PROVIDERS='"); ok {
			return strings.TrimSuffix(strings.TrimSpace(value), "'")
		}
	}
	t.Fatalf("the provider printed no TF_REATTACH_PROVIDERS: %v", output.Err())
	return ""
}
