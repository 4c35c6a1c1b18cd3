package kratos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

var (
	// ErrNotFound is a 404 from Kratos itself.
	ErrNotFound = errors.New("not found")
	// ErrDisabled is Kratos's 404 for what its configuration switches off, such as a method of recovery.
	ErrDisabled = errors.New("disabled by the server's configuration")
	// ErrConflict is a 409 from Kratos: an identifier, address or external id belongs to another identity.
	ErrConflict = errors.New("conflict with another identity")
	// ErrUnauthorized is a 401 or 403, from Ory Network or from a gateway.
	ErrUnauthorized = errors.New("not authorized")
	// ErrRateLimited is a 429 that outlasted the retries.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnreachable means that no connection came about: DNS, dial, TLS handshake. The last attempt sent nothing.
	ErrUnreachable = errors.New("server unreachable")
	// ErrSchemaRemoved is how Kratos fails to read an identity, or a page of a list with one, whose identity schema has gone from its
	// configuration.
	ErrSchemaRemoved = errors.New("identity schema removed from the server's configuration")
	// ErrNotKratos is an answer that Kratos doesn't give: an HTML page, a plain-text 404, a success without JSON.
	ErrNotKratos = errors.New("not an answer of Kratos")
	// ErrOutcomeUnknown means that a write was sent and its answer was lost: it may have been carried out. It comes on top of
	// what else the error is, such as a context error or [ErrUnreachable] when a later attempt met with that.
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// Error is a request that failed. errors.Is tells its kind by the sentinels of this package, and finds the context's error or
// a [*ConfigError] if that ended it. No field and no text holds a secret of the request.
//
// One made by hand, as in a test, counts as an answer of Kratos with its StatusCode.
type Error struct {
	StatusCode int             // 0 when there was no answer
	ID         string          // Kratos's id for this kind of error, often ""
	Status     string          // such as "Bad Request"
	Reason     string          // Kratos's reason, which is about the case at hand; may have several lines
	Message    string          // Kratos's message, often a general one; from elsewhere, or without an answer, what went wrong
	Details    json.RawMessage // Kratos's details, nil if none
	RequestID  string          // the X-Request-ID that was sent
	Method     string
	Path       string // below the base URL, without the query

	foreign  bool    // the answer is not Kratos's
	disabled bool    // see ErrDisabled
	causes   []error // sentinels that the status doesn't imply, and what ended the request
}

// Error says what was asked, what came back, and the request id, as in
// "PATCH /admin/identities/x answered 400 Bad Request: no such schema (request id 1)".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Method + " " + e.Path)
	if e.StatusCode == 0 {
		b.WriteString(" failed")
	} else {
		fmt.Fprintf(&b, " answered %d", e.StatusCode)
		if e.Status != "" {
			b.WriteString(" " + e.Status)
		}
	}
	if text := e.text(); text != "" {
		b.WriteString(": " + text)
	}
	if errors.Is(e, ErrOutcomeUnknown) {
		b.WriteString("; it is not known whether the change was made")
	}
	if e.RequestID != "" {
		b.WriteString(" (request id " + e.RequestID + ")")
	}
	return b.String()
}

// text is the reason, the message, or both where the message adds to the reason: most of Kratos's messages only put the
// status into words, but a JSON Patch that can't be applied is explained there.
func (e *Error) text() string {
	general := strings.HasPrefix(e.Message, "The re") || strings.HasPrefix(e.Message, "An internal server error")
	switch {
	case e.Reason == "":
		return e.Message
	case e.Message == "" || general || e.Message == e.Reason:
		return e.Reason
	default:
		return e.Reason + ": " + e.Message
	}
}

// Explains says whether the server said more than the kind of the error. A conflict is all that there is to say of one.
func (e *Error) Explains() bool {
	return e.StatusCode == http.StatusConflict || e.Reason != "" && e.Reason != e.Message
}

// Refused says whether the request was refused for what it holds, and nothing was done: by Kratos, or by a gateway for its size. It
// is false for a missing answer, for refused credentials and for rate limits.
func (e *Error) Refused() bool {
	switch e.StatusCode {
	case http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		return true
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return false
	}
	return !e.foreign && e.StatusCode >= 400 && !errors.Is(e, ErrOutcomeUnknown)
}

// Is tells the kinds that follow from the status.
func (e *Error) Is(target error) bool {
	status := e.StatusCode
	switch target {
	case ErrNotFound:
		return status == http.StatusNotFound && !e.foreign && !e.disabled
	case ErrDisabled:
		return e.disabled
	case ErrConflict:
		return status == http.StatusConflict && !e.foreign
	case ErrUnauthorized:
		return isRefusal(status)
	case ErrRateLimited:
		return status == http.StatusTooManyRequests
	case ErrSchemaRemoved:
		return status == http.StatusInternalServerError && !e.foreign && strings.Contains(e.Reason, "for this identity's traits could not be found")
	case ErrNotKratos:
		// Gateways are free to word their own refusals and failures; the rest would have been for Kratos to answer.
		return e.foreign && status < 500 && !isRefusal(status) && status != http.StatusTooManyRequests
	default:
		return false
	}
}

func isRefusal(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// Unwrap gives what ended the request and the kinds that don't follow from the status.
func (e *Error) Unwrap() []error { return e.causes }
