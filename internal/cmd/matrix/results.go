//go:build unix

package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// row is what came of one command line.
type row struct {
	cli     commandLine
	passed  int
	failed  []string
	skipped map[string]int // tests left out, by reason
	took    time.Duration
	broken  string // why there are no results, or not all
}

func (r row) leftOut() (sum int) {
	for _, n := range r.skipped {
		sum += n
	}
	return sum
}

// event is one line of the output of go test -json.
type event struct {
	Action, Package, Test, Output string
}

// reason finds the words of t.Skip among the lines that a test prints.
var reason = regexp.MustCompile(`^\s+\S+\.go:\d+: (.*)`)

// readResults counts the results in a file with the output of go test -json. A test that is made of subtests counts as
// these.
func readResults(file string) (row, error) {
	f, err := os.Open(file)
	if err != nil {
		return row{}, err
	}
	defer f.Close()
	return countResults(f)
}

func countResults(output io.Reader) (row, error) {
	r := row{skipped: map[string]int{}}
	results, reasons := map[string]string{}, map[string]string{}
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue // what the compiler prints isn't JSON
		}
		name := e.Package[strings.LastIndex(e.Package, "/internal/")+1:] + " " + e.Test
		switch e.Action {
		case "output":
			if found := reason.FindStringSubmatch(e.Output); found != nil {
				reasons[name] = found[1]
			}
		case "pass", "fail", "skip":
			if e.Test != "" {
				results[name] = e.Action
			} else if e.Action == "fail" {
				results[name+"(as a whole)"] = "fail"
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(results)) {
		switch result := results[name]; {
		case result == "fail" && !hasFailure(results, name):
			r.failed = append(r.failed, name)
		case hasSubtests(results, name):
		case result == "pass":
			r.passed++
		case result == "skip":
			r.skipped[cmp.Or(reasons[name], "no reason given")]++
		}
	}
	return r, lines.Err()
}

func hasSubtests(results map[string]string, name string) bool {
	for other := range results {
		if strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}

// hasFailure says whether a failure is that of another test too: of a subtest, or of any test of a package.
func hasFailure(results map[string]string, name string) bool {
	within := strings.TrimSuffix(name, "(as a whole)")
	for other, result := range results {
		if result == "fail" && other != name && (strings.HasPrefix(other, name+"/") || within != name && strings.HasPrefix(other, within)) {
			return true
		}
	}
	return false
}

// printTable writes the table, and returns an error if a test failed or a command line has no results.
func printTable(w io.Writer, rows []row) error {
	var failures []error
	fmt.Fprintln(w, "| Command line | Passed | Failed | Left out | Took |\n|---|---|---|---|---|")
	for _, r := range rows {
		if r.broken != "" {
			fmt.Fprintf(w, "| %s | %s | | | |\n", r.cli, r.broken)
			failures = append(failures, fmt.Errorf("%s: %s", r.cli, r.broken))
			continue
		}
		var why []string
		for _, text := range slices.Sorted(maps.Keys(r.skipped)) {
			why = append(why, fmt.Sprintf("%d: %s", r.skipped[text], text))
		}
		fmt.Fprintf(w, "| %s | %d | %d | %s | %s |\n", r.cli, r.passed, len(r.failed), strings.Join(why, "; "), r.took)
		for _, name := range r.failed {
			failures = append(failures, fmt.Errorf("%s: %s failed", r.cli, name))
		}
	}
	return errors.Join(failures...)
}
