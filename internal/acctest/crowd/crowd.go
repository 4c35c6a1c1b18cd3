//go:build unix

// Package crowd applies configurations of very many identities, measures what that costs, and checks what came of it. It needs
// no testing.T, so that make bench and make soak stand on it as well as tests.
package crowd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Crowd is a configuration of many identities, one resource each.
type Crowd struct {
	Prefix  string // of every e-mail address, so that several crowds fit on one server
	Size    int
	Version int // another version gives everybody another last name, and those with passwords another password

	// Provider is the content of the provider block. The server's address comes from the environment.
	Provider string
	// Backend is the address at which an HTTP backend keeps the state, "" for a file in the runner's folder. With one, the runner
	// has to Init first.
	Backend string
	// Attributes are further lines of those without a password, such as other credentials; the e-mail address is each.key.
	Attributes string
	// Passwords gives every tenth a write-only password.
	Passwords bool
}

// Email is the address of the n-th.
func (c Crowd) Email(n int) string { return fmt.Sprintf("%s-%05d@example.org", c.Prefix, n) }

// HasPassword says whether the n-th has a password.
func (c Crowd) HasPassword(n int) bool { return c.Passwords && n%10 == 0 }

// Password is the one of those who have one. It is easily found wherever it should not be.
func (c Crowd) Password() string { return fmt.Sprintf("canary-%s-of-version-%d", c.Prefix, c.Version) }

// Traits are what the n-th should have.
func (c Crowd) Traits(n int) map[string]any {
	return map[string]any{
		"email": c.Email(n),
		"name":  map[string]any{"first": fmt.Sprintf("Person %d", n), "last": fmt.Sprintf("of version %d", c.Version)},
	}
}

const configuration = `terraform {
%[4]s  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {
%[1]s}

locals {
  people = { for row in csvdecode(file("people.csv")) : row.email => row }

  # Terraform evaluates for_each anew for every instance, and a local once.
  without_password = { for email, row in local.people : email => row if row.password == "no" }
  with_password    = { for email, row in local.people : email => row if row.password == "yes" }
}

resource "ory_identity" "people" {
  for_each  = local.without_password
  schema_id = "preset://email"
  traits    = { email = each.value.email, name = { first = each.value.first, last = "of version %[2]d" } }
%[5]s}

resource "ory_identity" "people_with_passwords" {
  for_each            = local.with_password
  schema_id           = "preset://email"
  traits              = { email = each.value.email, name = { first = each.value.first, last = "of version %[2]d" } }
  password_wo         = %[3]q
  password_wo_version = %[2]d
}
`

// Write puts the configuration into a folder.
func (c Crowd) Write(dir string) error {
	var people strings.Builder
	people.WriteString("email,first,password\n")
	for n := range c.Size {
		password := "no"
		if c.HasPassword(n) {
			password = "yes"
		}
		fmt.Fprintf(&people, "%s,Person %d,%s\n", c.Email(n), n, password)
	}
	backend := ""
	if c.Backend != "" {
		backend = fmt.Sprintf("  backend \"http\" { address = %q }\n", c.Backend)
	}
	main := fmt.Sprintf(configuration, c.Provider, c.Version, c.Password(), backend, c.Attributes)
	for name, content := range map[string]string{"people.csv": people.String(), "main.tf": main} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}
