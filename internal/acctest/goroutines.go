package acctest

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// NothingRuns is an error with the stacks of the goroutines that still run the provider's code, that of tests not
// counted, some seconds after everything should have ended. Batches and limits wait in goroutines, and a provider that
// leaves them behind grows.
func NothingRuns() error {
	var left []string
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if left = running(); len(left) == 0 {
			return nil
		}
	}
	return fmt.Errorf("%d goroutines of the provider are left:\n%s", len(left), strings.Join(left, "\n\n"))
}

// helpers are the packages under internal/ whose goroutines are not the provider's.
var helpers = []string{"acctest", "kratostest", "loadtest", "networksim", "terraformcli"}

func running() (stacks []string) {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	for stack := range strings.SplitSeq(string(all), "\n\n") {
		for line := range strings.Lines(stack) {
			_, code, ok := strings.Cut(line, "terraform-provider-ory/internal/")
			isHelper := slices.ContainsFunc(helpers, func(name string) bool { return strings.HasPrefix(code, name) })
			if ok && !isHelper && !strings.Contains(code, "_test") {
				stacks = append(stacks, stack)
				break
			}
		}
	}
	return stacks
}
