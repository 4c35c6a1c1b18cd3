package kratos

import (
	"encoding/json"
	"errors"
)

var (
	// ErrNotFound is a 404 from Kratos itself.
	ErrNotFound = errors.New("not found")
	// ErrConflict is a 409 from Kratos: an identifier, address or external id belongs to another identity.
	ErrConflict = errors.New("conflict with another identity")
	// ErrUnauthorized is a 401 or 403, from Ory Network or from a gateway.
	ErrUnauthorized = errors.New("not authorized")
	// ErrRateLimited is a 429 that outlasted the retries.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnreachable means that no connection came about: DNS, dial, TLS handshake. Nothing was sent.
	ErrUnreachable = errors.New("server unreachable")
	// ErrNotKratos is an answer that Kratos doesn't give: an HTML page, a plain-text 404, a success without JSON.
	ErrNotKratos = errors.New("not an answer of Kratos")
	// ErrOutcomeUnknown means that a write was sent and its answer was lost: it may have been carried out.
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// Error is a request that failed.
type Error struct {
	StatusCode int             // 0 when there was no answer
	ID         string          // Kratos's id of the kind of error, often ""
	Status     string          // such as "Bad Request"
	Reason     string          // Kratos's reason, the more exact of the two; may have several lines
	Message    string          // Kratos's message; without an answer, what went wrong
	Details    json.RawMessage // Kratos's details, nil if none
	RequestID  string          // the X-Request-ID that was sent
	Method     string
	Path       string // without the query

	foreign bool
	causes  []error
}

// Error says what was asked and what came back.
func (e *Error) Error() string { return e.Method + " " + e.Path }
