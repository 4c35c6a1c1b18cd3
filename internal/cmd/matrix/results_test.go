//go:build unix

package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func output(t *testing.T, events ...event) string {
	t.Helper()
	var lines strings.Builder
	for _, e := range events {
		e.Package = "example.org/p/internal/" + e.Package
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	return lines.String()
}

func TestCountResults(t *testing.T) {
	t.Parallel()
	got, err := countResults(strings.NewReader("# a compiler's words\n" + output(
		t,
		event{Package: "a", Test: "TestPasses", Action: "run"},
		event{Package: "a", Test: "TestPasses", Action: "pass"},
		event{Package: "a", Test: "TestTable", Action: "output", Output: "    a_test.go:7: only a remark\n"},
		event{Package: "a", Test: "TestTable/one", Action: "pass"},
		event{Package: "a", Test: "TestTable/two", Action: "output", Output: "    a_test.go:9: actions need Terraform 1.14\n"},
		event{Package: "a", Test: "TestTable/two", Action: "skip"},
		event{Package: "a", Test: "TestTable", Action: "pass"},
		event{Package: "a", Test: "TestSilent", Action: "skip"},
		event{Package: "a", Action: "pass"},
		event{Package: "b", Test: "TestFails/deep", Action: "fail"},
		event{Package: "b", Test: "TestFails", Action: "fail"},
		event{Package: "b", Action: "fail"},
		event{Package: "c", Action: "fail"}, // doesn't compile
	)))
	if err != nil {
		t.Fatal(err)
	}
	want := row{
		passed:  2,
		failed:  []string{"internal/b TestFails/deep", "internal/c (as a whole)"},
		skipped: map[string]int{"actions need Terraform 1.14": 1, "no reason given": 1},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPrintTable(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	err := printTable(&table, []row{
		{cli: commandLine{"terraform", "1.5.7"}, passed: 3, skipped: map[string]int{"b": 2, "a": 1}},
		{cli: commandLine{"opentofu", "1.6.3"}, passed: 1, failed: []string{"internal/a TestX"}},
		{cli: commandLine{"opentofu", "1.9.4"}, broken: "not built"},
	})
	for _, line := range []string{
		"| Terraform 1.5.7 | 3 | 0 | 1: a; 2: b | 0s |\n", "| OpenTofu 1.6.3 | 1 | 1 |", "| OpenTofu 1.9.4 | not built |",
	} {
		if !strings.Contains(table.String(), line) {
			t.Errorf("no line %q in\n%s", line, table.String())
		}
	}
	if err == nil || !strings.Contains(err.Error(), "TestX failed") || !strings.Contains(err.Error(), "not built") {
		t.Errorf("the error is %v", err)
	}
}
