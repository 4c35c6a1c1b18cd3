//go:build unix

// Package loadtest applies configurations of very many identities, measures the cost, and checks the result. It doesn't
// need testing.T, so make bench, make soak and tests can use it.
package loadtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Config is a configuration of many identities, one resource each or all in one.
type Config struct {
	Prefix  string // of every e-mail address, so that one server can hold several configurations
	Size    int
	Version int // another version changes every last name and every password

	// Provider is the content of the provider block. The server's address comes from the environment.
	Provider string
	// Backend is the address at which an HTTP backend stores the state, or "" for a file in the runner's folder. With a
	// backend, the runner must call Init first.
	Backend string
	// Attributes are further lines for identities without a password, such as other credentials. The e-mail address is
	// each.key.
	Attributes string
	// Passwords gives every tenth identity a write-only password.
	Passwords bool
	// TraitsAsJSON writes the traits as a JSON string, for a provider that requires this form.
	TraitsAsJSON bool
	// InOne makes the identities rows of one ory_identities.
	InOne bool
}

// Email returns the e-mail address of the n-th identity.
func (c Config) Email(n int) string { return fmt.Sprintf("%s-%05d@example.org", c.Prefix, n) }

// HasPassword reports whether the n-th identity has a password.
func (c Config) HasPassword(n int) bool { return c.Passwords && n%10 == 0 }

// Password returns the password of the identities that have one. Its text is easy to find in places where it must not
// be.
func (c Config) Password() string { return fmt.Sprintf("canary-%s-of-version-%d", c.Prefix, c.Version) }

// Traits returns the traits that the n-th identity should have.
func (c Config) Traits(n int) map[string]any {
	return map[string]any{
		"email": c.Email(n),
		"name":  map[string]any{"first": fmt.Sprintf("Person %d", n), "last": fmt.Sprintf("of version %d", c.Version)},
	}
}

const mainConfiguration = `terraform {
%[2]s  required_providers {
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

`

const eachConfiguration = `resource "ory_identity" "people" {
  for_each  = local.without_password
  schema_id = "preset://email"
  traits    = %[2]s
%[1]s}
`

const inOneConfiguration = `resource "ory_identities" "people" {
  schema_id  = "preset://email"
  identities = jsonencode({ for email, row in local.people : email => {
    traits = { email = email, name = { first = row.first, last = "of version %[2]d" } }
  } })
  passwords_wo         = jsonencode({ for email, row in local.with_password : email => %[1]q })
  passwords_wo_version = %[2]d
}
`

const passwordConfiguration = `
resource "ory_identity" "people_with_passwords" {
  for_each    = local.with_password
  schema_id   = "preset://email"
  traits      = %[3]s
  credentials = { password = { value_wo = %[1]q, wo_version = %[2]d } }
}
`

// backend returns the line for the backend, if there is one.
func (c Config) backend() string {
	if c.Backend == "" {
		return ""
	}
	return fmt.Sprintf("  backend \"http\" { address = %q }\n", c.Backend)
}

// configuration returns the text of main.tf.
func (c Config) configuration() string {
	traits := fmt.Sprintf("{ email = each.value.email, name = { first = each.value.first, last = \"of version %d\" } }",
		c.Version)
	if c.TraitsAsJSON {
		traits = "jsonencode(" + traits + ")"
	}
	main := fmt.Sprintf(mainConfiguration, c.Provider, c.backend())
	if c.InOne {
		return main + fmt.Sprintf(inOneConfiguration, c.Password(), c.Version)
	}
	main += fmt.Sprintf(eachConfiguration, c.Attributes, traits)
	if c.Passwords {
		main += fmt.Sprintf(passwordConfiguration, c.Password(), c.Version, traits)
	}
	return main
}

// Write writes the configuration to a folder.
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
