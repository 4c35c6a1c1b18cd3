// Package kratos is the Ory Kratos admin API over HTTP: requests, retries, typed errors, paging, bounds, redaction.
//
// JSON goes in and comes out: traits and metadata are [json.RawMessage], so that no number passes through a float64 and
// no member that this package doesn't know is lost. The package knows nothing of Terraform.
package kratos
