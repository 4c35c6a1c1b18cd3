package provider_test

import (
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// At a parallelism of ten, a hundred identities take a hundred creates, or, if requests are limited, ten batches, each
// followed by a list that reads the identities back. A plan takes at most ten lists. One or two more groups are
// allowed, because the first ten calls may not arrive at the same time. The interval between Terraform's calls depends
// on the load of the machine, so on a busy machine the test requires only clearly fewer requests than calls.
//
//nolint:paralleltest // each would disturb the other's timing
func TestAccRequests(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	far := networksim.Network(networksim.Enterprise)
	far.Latency = 50 * time.Millisecond
	for name, options := range map[string]networksim.Options{"near": {}, "limited": far} {
		t.Run(name, func(t *testing.T) {
			network := acctest.NewNetwork(t, server, options)
			runner := newRunner(t, network)
			people := loadtest.Config{Prefix: acctest.RandomName(), Size: 100, Version: 1}
			run := func(name string, most int, command func() (loadtest.Result, error)) {
				t.Helper()
				network.Reset()
				result, err := command()
				if err != nil || result.ExitCode != 0 {
					t.Fatalf("%s: %v\n%s", name, err, result.Output)
				}
				counts := network.Counts()
				t.Logf("%s, the machine's load being %.1f:\n%s", name, load(), counts)
				if n := counts.Requests() - counts.Requests(networksim.Schema); n > most {
					t.Errorf("%s took %d requests, want %d at most:\n%s", name, n, most, counts)
				}
			}
			limited := options.Latency > 0
			busy := load() > float64(runtime.NumCPU())
			mostOfApply, mostOfPlan := 100, 13
			if limited {
				mostOfApply = 24
			}
			if busy {
				mostOfPlan = 50
			}
			if busy && limited {
				mostOfApply = 90
			}
			run("apply", mostOfApply, func() (loadtest.Result, error) { return runner.Apply(t.Context(), people) })
			run("plan", mostOfPlan, func() (loadtest.Result, error) { return runner.Plan(t.Context(), people) })
			if result, err := runner.Destroy(t.Context(), people); err != nil || result.ExitCode != 0 {
				t.Errorf("destroying: %v\n%s", err, result.Output)
			}
		})
	}
}

// load returns the average number of runnable processes in the last minute, or infinity if it can't be read.
func load() float64 {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return math.Inf(1)
	}
	first, _, _ := strings.Cut(string(content), " ")
	if load, err := strconv.ParseFloat(first, 64); err == nil {
		return load
	}
	return math.Inf(1)
}

// When Terraform is done with the provider, no goroutine of the provider is left. Every walk has its own client, and
// batches and limits wait in goroutines.
//
//nolint:paralleltest // goroutines of other tests can't be told from those of this one
func TestAccNothingKeepsRunning(t *testing.T) {
	server := acctest.Kratos(t)
	configuration := acctest.ProviderConfig(server) + `
resource "ory_identity" "people" {
  count     = 30
  schema_id = "preset://email"
  traits    = { email = "` + acctest.RandomName() + `-${count.index}@example.org" }
}`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{Config: configuration},
			{Config: strings.Replace(configuration, "@example.org", "@example.com", 1)},
		},
	})
	if err := acctest.NothingRuns(); err != nil {
		t.Error(err)
	}
}
