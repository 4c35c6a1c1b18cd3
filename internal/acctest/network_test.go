package acctest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// The provider, the simulator and Kratos together: what is created through the simulator is there, and the key counts.
func TestAccNetwork(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	network := acctest.NewNetwork(t, server, networksim.Network(networksim.Enterprise))
	w := acctest.NewNetworkWorkspace(t, network)
	email, password := acctest.RandomEmail(), "correct horse"
	w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email "+
		"= %q }\n"+
		"  verified_addresses = [%q]\n  credentials = { password = { value = %q } }\n}\n", email, email, password))
	w.Run("apply", "-no-color", "-auto-approve")
	counts := network.Counts()
	if counts[networksim.Create].Answers["201"]+counts[networksim.Batch].Answers["200"] != 1 ||
		counts[networksim.Schema].Answers["200"] == 0 {
		t.Errorf("the simulator has seen\n%v", counts)
	}
	if _, err := acctest.Login(t.Context(), network.URL(), email, password); err != nil {
		t.Errorf("signing in through the simulator: %v", err)
	}
	w.ExpectEmptyPlan()

	w.Env = append(w.Env, "ORY_API_KEY=ory_pat_wrong")
	if output, code := w.Try("plan", "-no-color"); code == 0 ||
		!strings.Contains(output, "The server refused the credentials") {
		t.Errorf("a wrong key: exit code %d:\n%s", code, output)
	}
	w.Env = append(w.Env, "ORY_API_KEY="+networksim.Token)
	w.Run("destroy", "-no-color", "-auto-approve")
}
