// Package lookup finds identities by id, external id, login identifier or filter. It checks every answer: a row that
// doesn't have what was asked for is an error, because a gateway that drops the query of a request would otherwise pass
// off a stranger as the person.
package lookup
