//go:build !race

package provider_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// rpc is a call of Terraform for ory_identity, with its budget.
type rpc struct {
	name string
	// allocations is the budget of one call, including the exchange with a server in the same process.
	allocations float64
	// prepare returns n calls to measure. Each call must be made only once.
	prepare func(tb testing.TB, n int) []func()
}

var rpcs = []rpc{
	{"ValidateResourceConfig", 1820, prepareValidate},
	{"PlanResourceChange/create", 1950, preparePlanOfCreate},
	{"PlanResourceChange/unchanged", 2700, preparePlanUnchanged},
	{"ReadResource", 2750, prepareRead},
	{"ApplyResourceChange/create", 3050, prepareCreate},
	{"ApplyResourceChange/update", 7200, prepareUpdate},
}

// Allocations don't depend on the machine, and they determine the time. If a call exceeds its budget, make the call
// cheaper, or raise the budget and give the reason. (The race detector allocates too, so a race build excludes this
// file.)
//
//nolint:paralleltest // counting allocations wants the process for itself
func TestRPC_allocations(t *testing.T) {
	if os.Getenv(measuring) == "" {
		inOwnProcess(t)
		return
	}
	const runs = 10
	for _, r := range rpcs {
		t.Run(r.name, func(t *testing.T) {
			got := r.measure(t, runs)
			// The count includes what else the process allocates meanwhile, which only adds to it. A busy machine gives that
			// more time.
			for range 4 {
				if got > r.allocations {
					got = min(got, r.measure(t, runs))
				}
			}
			t.Logf("%.0f allocations, the budget is %.0f", got, r.allocations)
			if got > r.allocations {
				t.Errorf("%.0f allocations, over the budget of %.0f", got, r.allocations)
			}
		})
	}
}

// measuring is a variable of the environment of the process that counts.
const measuring = "ORY_TEST_MEASURING"

// inOwnProcess runs the test again in a process without other tests: the count includes all that the process allocates.
func inOwnProcess(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), measuring+"=1", "TF_ACC=")
	output, err := cmd.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Error(err)
	}
}

// measure returns the allocations of one call, the mean of several calls.
func (r rpc) measure(t *testing.T, runs int) float64 {
	t.Helper()
	calls := r.prepare(t, runs+1) // AllocsPerRun makes one more call to warm up
	next := 0
	return testing.AllocsPerRun(runs, func() {
		calls[next]()
		next++
	})
}

func BenchmarkRPC(b *testing.B) {
	const prepared = 100
	for _, r := range rpcs {
		b.Run(r.name, func(b *testing.B) {
			b.ReportAllocs()
			var calls []func()
			for b.Loop() {
				if len(calls) == 0 {
					b.StopTimer()
					calls = r.prepare(b, prepared)
					b.StartTimer()
				}
				calls[0]()
				calls = calls[1:]
			}
		})
	}
}

func prepareValidate(tb testing.TB, n int) []func() {
	s := newSession(tb, newFakeAdmin(tb).url)
	return callsOn(n, func(i int) *tfprotov6.DynamicValue { return s.config(i, "Lovelace") }, s.validate)
}

func preparePlanOfCreate(tb testing.TB, n int) []func() {
	s := newSession(tb, newFakeAdmin(tb).url)
	return callsOn(n, s.planOfCreate, func(r *tfprotov6.PlanResourceChangeRequest) { s.plan(r) })
}

// preparePlanUnchanged reads each identity before the plan, as Terraform does.
func preparePlanUnchanged(tb testing.TB, n int) []func() {
	url := newFakeAdmin(tb).url
	instances, s := newInstances(tb, url, n), newSession(tb, url)
	request := func(i int) *tfprotov6.PlanResourceChangeRequest {
		return s.planOfUpdate(s.refresh(instances[i]), "Lovelace")
	}
	return callsOn(n, request, func(r *tfprotov6.PlanResourceChangeRequest) { s.plan(r) })
}

func prepareRead(tb testing.TB, n int) []func() {
	url := newFakeAdmin(tb).url
	instances, s := newInstances(tb, url, n), newSession(tb, url)
	return callsOn(n, func(i int) instance { return instances[i] }, func(i instance) { s.read(i) })
}

func prepareCreate(tb testing.TB, n int) []func() {
	url := newFakeAdmin(tb).url
	planning, s := newSession(tb, url), newSession(tb, url)
	request := func(i int) *tfprotov6.ApplyResourceChangeRequest {
		plan := planning.planOfCreate(i)
		return applyOf(plan, planning.plan(plan))
	}
	return callsOn(n, request, func(r *tfprotov6.ApplyResourceChangeRequest) { s.apply(r) })
}

func prepareUpdate(tb testing.TB, n int) []func() {
	url := newFakeAdmin(tb).url
	instances, planning, s := newInstances(tb, url, n), newSession(tb, url), newSession(tb, url)
	request := func(i int) *tfprotov6.ApplyResourceChangeRequest {
		plan := planning.planOfUpdate(planning.refresh(instances[i]), "Byron")
		return applyOf(plan, planning.plan(plan))
	}
	return callsOn(n, request, func(r *tfprotov6.ApplyResourceChangeRequest) { s.apply(r) })
}

// callsOn makes n requests, and returns n functions that send them.
func callsOn[Request any](n int, request func(int) Request, call func(Request)) []func() {
	calls := make([]func(), n)
	for i := range calls {
		r := request(i)
		calls[i] = func() { call(r) }
	}
	return calls
}
