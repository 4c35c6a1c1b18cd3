// Package lookup finds identities by id, external id, login identifier or filter. It checks every answer and returns an
// error if a row doesn't match the request. Without the check, a gateway that drops the query of a request could make
// the provider manage a stranger's identity.
package lookup
