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
	// ErrDisabled is Kratos' 404 for what its configuration switches off, such as a method of recovery.
	ErrDisabled = errors.New("disabled by the server's configuration")
	// ErrNoBulk is the response of a server that can't do a request for many identities at once.
	ErrNoBulk = errors.New("no request for many identities")
	// ErrConflict is a 409 from Kratos: an identifier, address or external_id belongs to another identity.
	ErrConflict = errors.New("conflict with another identity")
	// ErrUnauthorized is a 401 or 403, from Ory Network or from a gateway.
	ErrUnauthorized = errors.New("not authorized")
	// ErrRateLimited is a 429 that outlasted the retries, or a wait for the rate limit that can't end in time.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnreachable means that no connection came about: DNS, dial, TLS handshake. The last attempt sent nothing.
	ErrUnreachable = errors.New("server unreachable")
	// ErrSchemaRemoved is how Kratos fails to read an identity, or a page of a list with an identity, whose schema is no
	// longer in the server's configuration.
	ErrSchemaRemoved = errors.New("identity schema removed from the server's configuration")
	// ErrNotKratos is a response that Kratos doesn't give: an HTML page, a plain-text 404, a success without JSON.
	ErrNotKratos = errors.New("not a response of Kratos")
	// ErrOutcomeUnknown means that a write was sent and that no response proves what became of it: the write may have been
	// carried out. It comes on top of other kinds, such as a context error or [ErrUnreachable].
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// Error is a request that failed. errors.Is tells its kind by the sentinels of this package, and finds the context's
// error or a [*ConfigError] if that ended the request. No field and no text holds a secret of the request.
//
// An Error that is made by hand, as in a test, counts as a response of Kratos with its StatusCode.
type Error struct {
	StatusCode int             // 0 when there was no response
	ID         string          // Kratos' id for this kind of error, often ""
	Status     string          // such as "Bad Request"
	Reason     string          // Kratos' reason, which is about the case at hand; may have several lines
	Message    string          // Kratos' message, often a general one; without a response of Kratos, what went wrong
	Details    json.RawMessage // Kratos' details, nil if none
	RequestID  string          // the X-Request-ID that was sent
	Method     string
	Path       string // below the base URL, without the query

	foreign  bool    // the response is not from Kratos
	disabled bool    // see ErrDisabled
	causes   []error // sentinels that the status doesn't imply, and what ended the request
}

// Error says what was asked, what the response was, and the request id, as in
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
	var hopeless *hopelessWait
	if e.StatusCode != 0 && errors.As(e, &hopeless) {
		b.WriteString("; " + hopeless.Error())
	}
	if errors.Is(e, ErrOutcomeUnknown) {
		b.WriteString("; it is not known whether the change was made")
	}
	if e.RequestID != "" {
		b.WriteString(" (request id " + e.RequestID + ")")
	}
	return b.String()
}

// text is the reason, the message, or both where the message adds to the reason: most of Kratos' messages only put the
// status into words, but the message explains a JSON Patch that can't be applied.
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

// Explains reports whether the server said more than the kind of the error. The status of a conflict is all that the
// server ever says about a conflict.
func (e *Error) Explains() bool {
	return e.StatusCode == http.StatusConflict || (e.Reason != "" && e.Reason != e.Message)
}

// Refused reports whether Kratos refused the request and proved by that that nothing was written: a 4xx in Kratos' own
// JSON shape, other than 408 and 429. A gateway's page with such a status proves nothing, since the gateway may have
// put it in the place of Kratos' success.
func (e *Error) Refused() bool {
	return e.isKratos() && e.StatusCode >= 400 && e.StatusCode < 500 && !isTemporary(e.StatusCode)
}

// ServerFailed reports whether Kratos itself failed to carry out the request (a 5xx in its own JSON shape) and nothing
// lost the response. Kratos rolls back what it fails to carry out; it can only be wrong about that when its database
// fails.
func (e *Error) ServerFailed() bool { return e.isKratos() && e.StatusCode >= 500 }

// RateLimited reports whether the request was held back or refused for its rate, by Kratos, Ory Network or a gateway.
func (e *Error) RateLimited() bool { return errors.Is(e, ErrRateLimited) }

// NotFound reports whether Kratos itself said that it has no such object.
func (e *Error) NotFound() bool { return errors.Is(e, ErrNotFound) }

// TooLarge reports whether Kratos or a gateway refused the request for its size (body, URL or headers): smaller
// requests may pass. After a write it proves nothing unless Refused is true too.
func (e *Error) TooLarge() bool {
	switch e.StatusCode {
	case http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		return true
	default:
		return false
	}
}

// Permanent reports whether Kratos or a gateway would give the same response to the same read again: any 4xx other than
// 408 and 429. It says nothing about what became of a write; that is Refused.
func (e *Error) Permanent() bool {
	return e.StatusCode >= 400 && e.StatusCode < 500 && !isTemporary(e.StatusCode)
}

// isKratos reports whether Kratos' response settled what became of the request.
func (e *Error) isKratos() bool { return !e.foreign && !errors.Is(e, ErrOutcomeUnknown) }

// isTemporary reports whether a 4xx is about the moment and not about the request.
func isTemporary(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
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
		return isUnauthorized(status)
	case ErrRateLimited:
		return status == http.StatusTooManyRequests
	case ErrSchemaRemoved:
		return status == http.StatusInternalServerError && !e.foreign &&
			strings.Contains(e.Reason, "for this identity's traits could not be found")
	case ErrNotKratos:
		// Gateways are free to word their own refusals and failures; the rest would have been for Kratos to say.
		return e.foreign && status < 500 && !isUnauthorized(status) && status != http.StatusTooManyRequests
	default:
		return false
	}
}

func isUnauthorized(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// Unwrap gives what ended the request and the kinds that don't follow from the status.
func (e *Error) Unwrap() []error { return e.causes }
