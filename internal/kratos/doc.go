// Package kratos is the Ory Kratos admin API over HTTP: requests, retries, typed errors, paging, redaction, request ids.
//
// JSON goes in and comes out: traits and metadata are [json.RawMessage], so that no number ever passes through a float64
// and nothing is lost that this package has no name for. It knows nothing of Terraform.
package kratos
