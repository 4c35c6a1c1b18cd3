package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// minor is the minor version of Terraform or OpenTofu, which is 5 for 1.5.7. No version has the feature if it is none.
type minor int

const none minor = -1

// Feature is a part of the language or a command that only some command lines have.
type Feature struct {
	name                string // with its verb
	terraform, opentofu minor
	used                *regexp.Regexp // finds it in a configuration without comments; nil: tests name it themselves
}

// The features that the tests use, with the first version that has each. OpenTofu has had all others since 1.6,
// Terraform since 1.5.
var (
	Removed = Feature{"removed blocks need", 7, 7, regexp.MustCompile(`(?m)^removed \{`)}
	// Forgetting is what Terraform requires in a removed block, and what OpenTofu came to take long after the block.
	Forgetting = Feature{
		"removed blocks with a lifecycle block need", 7, 12, regexp.MustCompile(`removed \{[^}]*lifecycle`),
	}
	ImportForEach = Feature{
		"import blocks with for_each need", 7, 7, regexp.MustCompile(`import \{[^}]*for_each`),
	}
	ImportReference = Feature{
		"import blocks whose id isn't a literal need", 6, 7,
		regexp.MustCompile(`import \{[^}]*\bid += ([^"\s]|"[^"]*\$\{)`),
	}
	ImportIdentity = Feature{
		"import by resource identity needs", 12, 12, regexp.MustCompile(`import \{[^}]*identity = \{`),
	}
	Functions  = Feature{"functions of providers need", 8, 7, regexp.MustCompile(`provider::`)}
	MovedTypes = Feature{"moved blocks between types of resources need", 8, 10, nil}
	Ephemeral  = Feature{
		"ephemeral values need", 10, 11, regexp.MustCompile(`(?m)^ephemeral |ephemeral += true|\bephemeral\.`),
	}
	WriteOnly = Feature{"write-only attributes need", 11, 11, regexp.MustCompile(`\w_wo\b`)}
	Actions   = Feature{"actions need", 14, none, regexp.MustCompile(`(?m)^action "`)}
	Query     = Feature{"terraform query needs", 14, none, regexp.MustCompile(`(?m)^list "`)}
	// NestedLines is the line of a nested attribute in an error, where others have that of the whole attribute.
	NestedLines = Feature{"errors with the line of a nested attribute need", 16, none, nil}

	// SensitiveImports is an empty plan after the import of an object that is sensitive. OpenTofu came to it late.
	SensitiveImports = Feature{"empty plans after the import of a sensitive object need", 5, 10, nil}

	features = []Feature{
		Removed, Forgetting, ImportForEach, ImportReference, ImportIdentity, Functions, Ephemeral, WriteOnly, Actions, Query,
	}
)

// Needs skips the test unless the command line has these features.
func Needs(t testing.TB, features ...Feature) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set: this test runs Terraform against a real Kratos")
	}
	cli := theCLI(t)
	for _, feature := range features {
		if lacks := cli.lacks(feature); lacks != "" {
			t.Skip(lacks)
		}
	}
}

// Has says whether the command line has a feature.
func (w *Workspace) Has(feature Feature) bool {
	w.t.Helper()
	return theCLI(w.t).lacks(feature) == ""
}

// cliVersion is a version of Terraform or OpenTofu.
type cliVersion struct {
	product string
	minor   minor
}

// lacks says which command lines have a feature, if this one doesn't.
func (c cliVersion) lacks(feature Feature) string {
	first := feature.terraform
	if c.product == "OpenTofu" {
		first = feature.opentofu
	}
	if first != none && c.minor >= first {
		return ""
	}
	needed := fmt.Sprintf("%s Terraform 1.%d or OpenTofu 1.%d", feature.name, feature.terraform, feature.opentofu)
	if feature.opentofu == none {
		needed = fmt.Sprintf("%s Terraform 1.%d, OpenTofu has none", feature.name, feature.terraform)
	}
	return needed
}

var comments = regexp.MustCompile(`(?m)^\s*(#|//).*$`)

// unsupported says which features a configuration uses that the command line doesn't have.
func (c cliVersion) unsupported(configuration string) string {
	configuration = comments.ReplaceAllString(configuration, "")
	for _, feature := range features {
		if lacks := c.lacks(feature); lacks != "" && feature.used.MatchString(configuration) {
			return lacks
		}
	}
	return ""
}

func theCLI(t testing.TB) cliVersion {
	t.Helper()
	cli, err := foundVersion()
	if err != nil {
		t.Fatal(err)
	}
	return cli
}

var foundVersion = sync.OnceValues(func() (cliVersion, error) {
	path, err := foundCLI()
	if err != nil {
		return cliVersion{}, err
	}
	cmd := exec.CommandContext(context.Background(), path, "version")
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	output, err := cmd.Output()
	if err != nil {
		return cliVersion{}, fmt.Errorf("%s version: %w", path, err)
	}
	return parseVersion(string(output))
})

// parseVersion reads the answer to the command version, such as "OpenTofu v1.12.6\non linux_amd64".
func parseVersion(answer string) (version cliVersion, err error) {
	line, _, _ := strings.Cut(answer, "\n")
	if _, err = fmt.Sscanf(line, "%s v1.%d.", &version.product, &version.minor); err != nil {
		err = fmt.Errorf("the version %q: %w", line, err)
	}
	return version, err
}
