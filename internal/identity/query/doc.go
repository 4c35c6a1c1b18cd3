// Package query reads identities that exist: the data sources ory_identity and ory_identities, and the list resource
// ory_identity.
package query
