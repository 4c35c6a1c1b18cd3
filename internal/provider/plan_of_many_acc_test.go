package provider_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// A plan of a few identities, on a server with many more and larger identities, keeps none of the others in memory. At
// a high parallelism the plan takes few requests. The requests are limited, so that calls share them even on a busy
// machine.
func TestAccPlanAmongLargeOnes(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	network := acctest.NewNetwork(t, server, networksim.Network(networksim.Enterprise))
	runner := newRunner(t, network)
	people := loadtest.Config{Prefix: acctest.RandomName(), Size: 150, Version: 1}
	if result, err := runner.Apply(t.Context(), people); err != nil || result.ExitCode != 0 {
		t.Fatalf("applying: %v\n%s", err, result.Output)
	}
	large, prefix := map[string]string{"note": strings.Repeat("x", 64<<10)}, acctest.RandomName()
	var others []any
	for n := range 300 {
		others = append(others, map[string]any{
			"schema_id": "preset://email", "traits": map[string]string{"email": fmt.Sprintf("%s-%d@example.org", prefix, n)},
			"metadata_public": large, "metadata_admin": large,
		})
	}
	for len(others) > 0 {
		acctest.AdminOf(server).CreateIdentities(t, others[:20]...)
		others = others[20:]
	}

	network.Reset()
	result, err := runner.Plan(t.Context(), people, "-parallelism=100")
	if err != nil || result.ExitCode != 0 {
		t.Fatalf("planning: %v\n%s", err, result.Output)
	}
	counts := network.Counts()
	t.Logf("%d MB at the most:\n%s", result.PeakRSS>>20, counts)
	mostRequests := 15
	if load() > float64(runtime.NumCPU()) {
		mostRequests = 30
	}
	if n := counts.Requests() - counts.Requests(networksim.Schema); n > mostRequests {
		t.Errorf("the plan took %d requests:\n%s", n, counts)
	}
	// If the server has only these identities, the same plan takes up to 57 MB. The other identities have 38 MB, and
	// the provider holds an answer in memory more than once.
	if most := int64(80 << 20); result.PeakRSS > most {
		t.Errorf("the provider took %d MB", result.PeakRSS>>20)
	}
}
