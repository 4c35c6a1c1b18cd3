package kratos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// finish turns what the retries ended with into an answer or an [*Error].
func (k *call) finish(ctx context.Context, resp *http.Response, err error) (*answer, error) {
	var body []byte
	if resp != nil {
		var readErr error
		body, readErr = io.ReadAll(resp.Body) // from memory, see RoundTrip
		err = errors.Join(err, readErr, resp.Body.Close())
	}
	if err != nil {
		return nil, k.failed(ctx, err)
	}
	a := &answer{call: k, status: resp.StatusCode, header: resp.Header, body: body}
	if !isSuccess(a.status) {
		return nil, a.refused()
	}
	if len(bytes.TrimSpace(body)) > 0 && !isJSON(body) {
		return nil, a.notKratos("no JSON, but " + k.secrets.snippet(body))
	}
	return a, nil
}

// failed is a request that ended without an answer.
func (k *call) failed(ctx context.Context, err error) *Error {
	e := k.newError(0)
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // url.Error repeats method and URL
	}
	var local *ConfigError
	var rebuild *rebuildError
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.As(err, &local), errors.As(err, &rebuild):
	case !k.sent.Load(), isHandshakeRefusal(err):
		e.Message = "could not connect: "
		e.causes = append(e.causes, ErrUnreachable)
	}
	text := k.secrets.scrub(err.Error())
	if text != err.Error() {
		err = errors.New(text) // net/http quotes what it can't parse
	}
	e.Message += text
	e.causes = append(e.causes, err)
	return e
}

// refused is an answer that is no success.
func (a *answer) refused() *Error {
	e := a.call.newError(a.status)
	said, shaped := parseKratosError(a.body)
	switch {
	case shaped && (a.status != http.StatusNotFound || said.isNotFound() || said.isDisabled()):
		e.disabled = a.status == http.StatusNotFound && said.isDisabled()
		e.take(said, a.call.secrets)
	case a.status >= 300 && a.status <= 399:
		e.foreign = true
		e.Message = redirectMessage(a.call.url, a.header)
	default:
		e.foreign = true
		e.Message = "not an answer of Kratos, but " + a.call.secrets.snippet(a.body)
	}
	return e
}

// take notes what Kratos said, without the secrets of the request.
func (e *Error) take(said kratosError, hidden secrets) {
	e.ID, e.Reason, e.Message = hidden.scrub(said.ID), hidden.scrub(said.Reason), hidden.scrub(said.Message)
	if said.Status != "" {
		e.Status = hidden.scrub(said.Status)
	}
	if !hidden.in(said.Details) {
		e.Details = nilIfNull(said.Details)
	}
}

// notKratos is a success that Kratos doesn't give. Nobody knows what became of a write that something else answered.
func (a *answer) notKratos(what string) *Error {
	e := a.call.newError(a.status)
	e.foreign = true
	e.Message = "not an answer of Kratos: " + what
	if a.call.isWrite() && !a.call.unknown {
		e.causes = append(e.causes, ErrOutcomeUnknown)
	}
	return e
}

// otherJSON describes a success that passed finish. It isn't quoted: it may well be Kratos's, with what nobody should see.
func (a *answer) otherJSON() string {
	if len(bytes.TrimSpace(a.body)) == 0 {
		return "an empty body"
	}
	return fmt.Sprintf("%d bytes of other JSON", len(a.body))
}

func (k *call) newError(status int) *Error {
	e := &Error{StatusCode: status, Status: http.StatusText(status), RequestID: k.id, Method: k.method, Path: k.path}
	if k.unknown {
		e.causes = append(e.causes, ErrOutcomeUnknown)
	}
	return e
}

// kratosError is the "errorGeneric" of the API reference. The HTTP status goes before its code: a body that couldn't be decoded
// is an HTTP 400 with code 500.
type kratosError struct {
	Code    json.Number     `json:"code"`
	ID      string          `json:"id"`
	Status  string          `json:"status"`
	Reason  string          `json:"reason"`
	Message string          `json:"message"`
	Details json.RawMessage `json:"details"`
}

// isNotFound knows Kratos's own 404 for an object that it doesn't have. Gateways such as Ory Oathkeeper, and Ory Network for a
// project that isn't there, answer in the same shape with other words; taking theirs for Kratos's would make Terraform forget
// people who exist. Identity schemas have words of their own.
func (e kratosError) isNotFound() bool {
	return e.Code.String() == "404" && (strings.Contains(e.Message, "Unable to locate the resource") ||
		strings.HasPrefix(e.Reason, "Identity schema ") && strings.HasSuffix(e.Reason, " could not be found."))
}

// isDisabled knows Kratos's 404 for a self-service method that is switched off; nothing but its words tells it from others.
func (e kratosError) isDisabled() bool {
	return strings.Contains(e.Reason, "This endpoint was disabled by system administrator")
}

// parseKratosError reads an error and says whether it has Kratos's shape. What routing alone answers (an unknown path, a
// wrong method) hasn't, nor has a gateway's page.
func parseKratosError(body []byte) (kratosError, bool) {
	var envelope struct {
		Error *kratosError `json:"error"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || envelope.Error == nil {
		return kratosError{}, false
	}
	return *envelope.Error, true
}

// isJSON says whether the body is a JSON object or array; everything that Kratos answers is one of them.
func isJSON(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && (body[0] == '{' || body[0] == '[') && json.Valid(body)
}
