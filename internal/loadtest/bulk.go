//go:build unix

package loadtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Bulk is a configuration of many identities in one ory_identities. Each has a verified address and a bcrypt hash.
type Bulk struct {
	Prefix  string // of every e-mail address
	Size    int
	Changed int // so many rows have another name
}

// bulkHash is the bcrypt hash of "analytical-engine-1843" with the cost 4.
const bulkHash = "$2a$04$aaaaaaaaaaaaaaaaaaaaaOqjdZxYT1ws0fbPHmVHjgCXwVjvjYzZa"

const bulkConfiguration = `terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

locals {
  people = { for row in csvdecode(file("people.csv")) : row.number => row }
}

resource "ory_identities" "people" {
  schema_id = "preset://email"
  identities = jsonencode({ for number, row in local.people : number => {
    traits             = { email = row.email, name = { first = row.first, last = "of many" } }
    verified_addresses = [row.email]
  } })
  password_hashes_wo         = jsonencode({ for number, row in local.people : number => %q })
  password_hashes_wo_version = 1
}
`

func (c Bulk) email(n int) string { return fmt.Sprintf("%s-%06d@example.org", c.Prefix, n) }

func (c Bulk) first(n int) string {
	if n < c.Changed {
		return fmt.Sprintf("Changed %d", n)
	}
	return fmt.Sprintf("Person %d", n)
}

// Write writes the configuration to a folder.
func (c Bulk) Write(dir string) error {
	var people strings.Builder
	people.WriteString("number,email,first\n")
	for n := range c.Size {
		fmt.Fprintf(&people, "p%06d,%s,%s\n", n, c.email(n), c.first(n))
	}
	if err := os.WriteFile(filepath.Join(dir, "people.csv"), []byte(people.String()), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "main.tf"), fmt.Appendf(nil, bulkConfiguration, bulkHash), 0o600)
}

// Batch returns the body of a request of the batch API that creates the rows from first to last-1.
func (c Bulk) Batch(first, last int) ([]byte, error) {
	type object = map[string]any
	items := make([]object, 0, last-first)
	for n := first; n < last; n++ {
		items = append(items, object{"create": object{
			"schema_id": "preset://email",
			"traits":    object{"email": c.email(n), "name": object{"first": c.first(n), "last": "of many"}},
			"verifiable_addresses": []object{
				{"value": c.email(n), "via": "email", "verified": true, "status": "completed"},
			},
			"credentials": object{"password": object{"config": object{"hashed_password": bulkHash}}},
		}})
	}
	return json.Marshal(object{"identities": items})
}
