//go:build unix

// Package loadtest applies configurations of very many identities, measures what that costs, and checks what came of
// it. It needs no testing.T, so that make bench and make soak stand on it as well as tests.
package loadtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Config is a configuration of many identities, one resource each.
type Config struct {
	Prefix  string // of every e-mail address, so that several configurations fit on one server
	Size    int
	Version int // another version gives everybody another last name, and those with passwords another password

	// Provider is the content of the provider block. The server's address comes from the environment.
	Provider string
	// Backend is the address at which an HTTP backend keeps the state, "" for a file in the runner's folder. With one,
	// the runner has to Init first.
	Backend string
	// Attributes are further lines of those without a password, such as other credentials; the e-mail address is
	// each.key.
	Attributes string
	// Passwords gives every tenth a write-only password.
	Passwords bool
	// TraitsAsJSON writes the traits as a JSON string, for a provider that takes them so.
	TraitsAsJSON bool
}

// Email is the address of the n-th.
func (c Config) Email(n int) string { return fmt.Sprintf("%s-%05d@example.org", c.Prefix, n) }

// HasPassword says whether the n-th has a password.
func (c Config) HasPassword(n int) bool { return c.Passwords && n%10 == 0 }

// Password is the one of those who have one. It is easily found wherever it should not be.
func (c Config) Password() string { return fmt.Sprintf("canary-%s-of-version-%d", c.Prefix, c.Version) }

// Traits are what the n-th should have.
func (c Config) Traits(n int) map[string]any {
	return map[string]any{
		"email": c.Email(n),
		"name":  map[string]any{"first": fmt.Sprintf("Person %d", n), "last": fmt.Sprintf("of version %d", c.Version)},
	}
}

const mainConfiguration = `terraform {
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
  traits    = %[3]s
%[2]s}
`

const passwordConfiguration = `
resource "ory_identity" "people_with_passwords" {
  for_each    = local.with_password
  schema_id   = "preset://email"
  traits      = %[3]s
  credentials = { password = { value_wo = %[1]q, wo_version = %[2]d } }
}
`

// backend is the line for the backend, if there is one.
func (c Config) backend() string {
	if c.Backend == "" {
		return ""
	}
	return fmt.Sprintf("  backend \"http\" { address = %q }\n", c.Backend)
}

// configuration is the text of main.tf.
func (c Config) configuration() string {
	traits := fmt.Sprintf("{ email = each.value.email, name = { first = each.value.first, last = \"of version %d\" } }",
		c.Version)
	if c.TraitsAsJSON {
		traits = "jsonencode(" + traits + ")"
	}
	main := fmt.Sprintf(mainConfiguration, c.Provider, c.Attributes, traits, c.backend())
	if c.Passwords {
		main += fmt.Sprintf(passwordConfiguration, c.Password(), c.Version, traits)
	}
	return main
}

// Write puts the configuration into a folder.
func (c Config) Write(dir string) error {
	var people strings.Builder
	people.WriteString("email,first,password\n")
	for n := range c.Size {
		password := "no"
		if c.HasPassword(n) {
			password = "yes"
		}
		fmt.Fprintf(&people, "%s,Person %d,%s\n", c.Email(n), n, password)
	}
	for name, content := range map[string]string{"people.csv": people.String(), "main.tf": c.configuration()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}
