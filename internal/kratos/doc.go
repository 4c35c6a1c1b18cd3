// Package kratos is the Ory Kratos admin API over HTTP: requests, retries, typed errors, paging, bounds, redaction.
//
// Traits and metadata are [json.RawMessage], so that no number passes through a float64, and members that this package
// doesn't know are kept. The package knows nothing of Terraform.
package kratos
