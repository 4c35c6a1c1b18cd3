package kratos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

var (
	// ErrNotFound is a 404 from Kratos itself.
	ErrNotFound = errors.New("not found")
	// ErrDisabled is Kratos' 404 for a feature that its configuration disables, such as a method of recovery.
	ErrDisabled = errors.New("disabled by the server's configuration")
	// ErrNoBulk is the response of a server that doesn't support a request for many identities.
	ErrNoBulk = errors.New("requests for many identities are not supported")
	// ErrConflict is a 409 from Kratos: an identifier, address or external_id belongs to another identity.
	ErrConflict = errors.New("conflict with another identity")
	// ErrUnauthorized is a 401 or 403, from Ory Network or from a gateway.
	ErrUnauthorized = errors.New("not authorized")
	// ErrRateLimited is a 429 after the last retry, or a wait for the rate limit that can't end in time.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnreachable means that the last attempt could not connect (DNS, dial or TLS handshake) and sent nothing.
	ErrUnreachable = errors.New("server unreachable")
	// ErrSchemaRemoved is Kratos' response to a read of an identity, or of a page with an identity, whose schema is no
	// longer in the server's configuration.
	ErrSchemaRemoved = errors.New("identity schema removed from the server's configuration")
	// ErrNotStorable is Kratos' response to a value that PostgreSQL doesn't store: a NUL character, or a text that is too
	// long for its column. The status is 500, Kratos has rolled back the request, and a repetition would fail again.
	ErrNotStorable = errors.New("value not stored by the server's database")
	// ErrNotKratos is a response that isn't from Kratos: an HTML page, a plain-text 404, a success without JSON.
	ErrNotKratos = errors.New("not a response of Kratos")
	// ErrOutcomeUnknown means that a write was sent and that no response proves its outcome: the server may have carried
	// it out. An error can be of this kind and of another kind, such as a context error or [ErrUnreachable].
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// notStorable matches PostgreSQL's SQLSTATE codes for a text that is too long, and for NUL characters in a text and
// in JSON.
var notStorable = regexp.MustCompile(`SQLSTATE (22001|22021|22P05)`)

// Error is a failed request. Use errors.Is with the sentinels of this package for its kind. errors.Is and errors.As
// also find a context error or a [*ConfigError] that ended the request. No field contains a secret of the request.
//
// An Error that is constructed directly, as in a test, counts as a response of Kratos with its StatusCode.
type Error struct {
	StatusCode int             // 0 when there was no response
	ID         string          // Kratos' id for this kind of error, often ""
	Status     string          // such as "Bad Request"
	Reason     string          // Kratos' reason, specific to the request; may have several lines
	Message    string          // Kratos' message, often general; without a response of Kratos, the cause of the failure
	Details    json.RawMessage // Kratos' details, nil if none
	RequestID  string          // the X-Request-ID that was sent
	Method     string
	Path       string // below the base URL, without the query

	foreign  bool    // the response is not from Kratos
	disabled bool    // see ErrDisabled
	causes   []error // sentinels that the status doesn't imply, and the error that ended the request
}

// Error describes the request, the response and the request id, as in "PATCH /admin/identities/x answered 400 Bad
// Request: no such schema (request id 1)".
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

// text returns the reason, the message, or both if the message adds to the reason. Most messages of Kratos only repeat
// the status in words, but the message explains why a JSON Patch can't be applied.
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

// Explains reports whether the server gave a reason beyond the kind of the error. For a conflict the server never gives
// more than the status.
func (e *Error) Explains() bool {
	return e.StatusCode == http.StatusConflict || (e.Reason != "" && e.Reason != e.Message)
}

// Refused reports whether Kratos refused the request, which proves that nothing was written: a 4xx in the JSON shape of
// Kratos, except 408 and 429. A page of a gateway with such a status proves nothing, because it may replace a success
// of Kratos.
func (e *Error) Refused() bool {
	return e.isKratos() && e.StatusCode >= 400 && e.StatusCode < 500 && !isTemporary(e.StatusCode)
}

// ServerFailed reports whether Kratos failed to carry out the request: a 5xx in the JSON shape of Kratos. Kratos rolls
// back a request that fails, unless its database fails.
func (e *Error) ServerFailed() bool { return e.isKratos() && e.StatusCode >= 500 }

// RateLimited reports whether the client, Kratos, Ory Network or a gateway refused the request because of its rate.
func (e *Error) RateLimited() bool { return errors.Is(e, ErrRateLimited) }

// NotFound reports whether Kratos answered that the object doesn't exist.
func (e *Error) NotFound() bool { return errors.Is(e, ErrNotFound) }

// TooLarge reports whether Kratos or a gateway refused the request because of its size (body, URL or headers). Smaller
// requests may succeed. After a write it proves nothing unless Refused is true too.
func (e *Error) TooLarge() bool {
	switch e.StatusCode {
	case http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		return true
	default:
		return false
	}
}

// Permanent reports whether Kratos or a gateway would give the same response to the same read again: any 4xx other than
// 408 and 429. It says nothing about the outcome of a write: see Refused.
func (e *Error) Permanent() bool {
	return e.StatusCode >= 400 && e.StatusCode < 500 && !isTemporary(e.StatusCode)
}

// isKratos reports whether a response of Kratos shows the outcome of the request.
func (e *Error) isKratos() bool { return !e.foreign && !errors.Is(e, ErrOutcomeUnknown) }

// isTemporary reports whether a 4xx is temporary.
func isTemporary(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
}

// Is reports the kinds that follow from the status.
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
	case ErrNotStorable:
		return e.ServerFailed() && notStorable.MatchString(e.text())
	case ErrSchemaRemoved:
		return status == http.StatusInternalServerError && !e.foreign &&
			strings.Contains(e.Reason, "for this identity's traits could not be found")
	case ErrNotKratos:
		// Gateways send their own refusals and failures. All other responses should come from Kratos.
		return e.foreign && status < 500 && !isUnauthorized(status) && status != http.StatusTooManyRequests
	default:
		return false
	}
}

func isUnauthorized(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// Unwrap returns the error that ended the request and the kinds that don't follow from the status.
func (e *Error) Unwrap() []error { return e.causes }
