package kratos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// response is a successful response that was read to its end.
type response struct {
	call   *call
	status int
	header http.Header
	body   []byte
}

// finish converts the result of the attempts to a response or an [*Error].
func (k *call) finish(ctx context.Context, resp *http.Response, err error) (*response, error) {
	if resp == nil || err != nil {
		if resp != nil {
			err = errors.Join(err, resp.Body.Close())
		}
		return nil, k.failed(ctx, err)
	}
	got := k.received
	res := &response{call: k, status: resp.StatusCode, header: resp.Header, body: got.body}
	if k.succeeded() {
		return res, nil
	}
	if !got.shaped {
		k.detectForeignServer(ctx, got.status)
	}
	if isSuccess(res.status) {
		wanted := "no JSON"
		if k.method == http.MethodDelete {
			wanted = "no 204"
		}
		return nil, res.notKratos(wanted + ", but " + res.describe())
	}
	return nil, res.refused()
}

// firstOfCloudflare is the first of the statuses with which Cloudflare reports failures of the server behind it.
const firstOfCloudflare = 520

// detectForeignServer handles a response that isn't from Kratos, if the admin URL has never sent a response of Kratos.
// If the server at this URL isn't Kratos, the write was not carried out. A read shows whether it is Kratos. If the read
// doesn't show it, the outcome of the write stays unknown.
func (k *call) detectForeignServer(ctx context.Context, status int) {
	if k.public || k.client.seenKratos.Load() || status == http.StatusTooManyRequests {
		return
	}
	if !k.isWrite() || !k.unknown {
		k.foreignServer = k.received.isPage()
		return
	}
	if isGatewayFailure(status) || status >= firstOfCloudflare {
		return // a gateway may have passed the write on: a later read doesn't show what became of it
	}
	probe := request{
		method: http.MethodGet, path: identitiesPath, query: url.Values{"page_size": {"1"}}, once: true, limit: smallBody,
	}
	err := k.client.do(ctx, probe, nil)
	// A read follows redirects, so another Kratos may have answered it.
	elsewhere := err == nil && isRedirect(status) && !k.client.seenKratos.Load()
	if elsewhere || errors.Is(err, ErrNotKratos) || errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrTooLarge) {
		k.foreignServer, k.unknown = true, false
	}
}

// failed returns the error of a request that ended without a response.
func (k *call) failed(ctx context.Context, err error) *Error {
	e := k.newError(0)
	err = withoutURL(err)
	var local *ConfigError
	var rebuild *rebuildError
	var hopeless *hopelessWait
	after := ""
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.As(err, &local), errors.As(err, &rebuild), errors.As(err, &hopeless):
	case !k.sent.Load(), isHandshakeRefusal(err):
		e.Message = "could not connect: "
		e.causes = append(e.causes, ErrUnreachable)
		if k.attempt > 1 {
			after = fmt.Sprintf(" (%d attempts)", k.attempt)
		}
	}
	err = k.secrets.safeError(err)
	e.Message += err.Error() + after
	e.causes = append(e.causes, err)
	return e
}

// withoutURL returns the cause of a url.Error. The url.Error itself repeats method and URL.
func withoutURL(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		return outer.Err
	}
	return err
}

// refused returns the error of a response that is no success.
func (res *response) refused() *Error {
	k := res.call
	e, got := k.newError(res.status), k.received
	switch {
	case got.shaped && (res.status != http.StatusNotFound || got.said.isNotFound() || got.said.isDisabled()):
		e.disabled = res.status == http.StatusNotFound && got.said.isDisabled()
		e.take(got.said, k.secrets)
	case isRedirect(res.status):
		e.markForeign(k, redirectMessage(k.url, res.header, k.secrets))
	default:
		e.markForeign(k, "not a response of Kratos, but "+res.describe())
	}
	return e
}

// markForeign records that the response is not from Kratos.
func (e *Error) markForeign(k *call, message string) {
	e.foreign, e.Message = true, message
	if k.foreignServer {
		e.Message = "the server at " + k.client.AdminURL() + " (admin_url) has not answered as Kratos yet: " + message
		if k.isWrite() && !isUnauthorized(e.StatusCode) {
			e.causes = append(e.causes, ErrNotKratos)
		}
	}
}

// take copies the texts of Kratos' error, without the secrets of the request.
func (e *Error) take(said kratosError, hidden secrets) {
	text := func(s string) string { return hidden.quote(fromKratos, s) }
	e.ID, e.Reason, e.Message = text(said.ID), text(said.Reason), text(said.Message)
	if said.Status != "" {
		e.Status = text(said.Status)
	}
	if raw := string(nilIfNull(said.Details)); raw != "" && hidden.quote(fromElsewhere, raw) != "" {
		e.Details = said.Details
	}
}

// notKratos returns the error of a success that isn't from Kratos. The outcome of a write is then unknown.
func (res *response) notKratos(what string) *Error {
	k := res.call
	e := k.newError(res.status)
	e.markForeign(k, "not a response of Kratos: "+what)
	if k.isWrite() && !k.unknown && !k.foreignServer {
		e.causes = append(e.causes, ErrOutcomeUnknown)
	}
	return e
}

// undecodable returns the error of a success whose body can't be decoded.
func (res *response) undecodable(wanted string, err error) *Error {
	if !errors.Is(err, ErrTooLarge) {
		return res.notKratos("no " + wanted + ", but " + res.otherJSON())
	}
	e := res.call.newError(res.status)
	e.Message = err.Error()
	e.causes = append(e.causes, err)
	if res.call.isWrite() && !res.call.unknown {
		e.causes = append(e.causes, ErrOutcomeUnknown)
	}
	return e
}

// describe describes a response that isn't from Kratos. A success that isn't an HTML page may still be from Kratos,
// with a byte order mark before it.
func (res *response) describe() string {
	from := fromElsewhere
	if res.call.hidden || (isSuccess(res.status) && !bytes.HasPrefix(bytes.TrimSpace(res.body), []byte("<"))) {
		from = fromSuccess
	}
	return res.call.secrets.describe(from, res.header, res.body)
}

// otherJSON describes a success that finish accepted. It doesn't quote the body, which may be from Kratos and contain
// secrets.
func (res *response) otherJSON() string {
	if res.call.received.isEmpty() {
		return "an empty body"
	}
	return fmt.Sprintf("%d bytes of other JSON", len(res.body))
}

func (k *call) newError(status int) *Error {
	e := &Error{StatusCode: status, Status: http.StatusText(status), RequestID: k.id, Method: k.method, Path: k.path}
	if k.unknown {
		e.causes = append(e.causes, ErrOutcomeUnknown)
	}
	if k.hopeless != nil {
		e.causes = append(e.causes, k.hopeless)
	}
	return e
}

// kratosError is the "errorGeneric" of the API reference. The HTTP status takes precedence over its code: for a body
// that Kratos couldn't decode, the HTTP status is 400 and the code is 500.
type kratosError struct {
	Code    json.Number     `json:"code"`
	ID      string          `json:"id"`
	Status  string          `json:"status"`
	Reason  string          `json:"reason"`
	Message string          `json:"message"`
	Details json.RawMessage `json:"details"`
}

// isNotFound recognises Kratos' 404 for an object that doesn't exist. Gateways such as Ory Oathkeeper, and Ory Network
// for a project that doesn't exist, answer in the same shape with other texts. If their responses counted, Terraform
// would remove existing identities from the state. The 404 for an identity schema has a different text.
func (e kratosError) isNotFound() bool {
	schema := strings.HasPrefix(e.Reason, "Identity schema ") && strings.HasSuffix(e.Reason, " could not be found.")
	return e.Code.String() == "404" && (strings.Contains(e.Message, "Unable to locate the resource") || schema)
}

// isDisabled recognises Kratos' 404 for a disabled self-service method. Only the text distinguishes it from other 404s.
func (e kratosError) isDisabled() bool {
	return strings.Contains(e.Reason, "This endpoint was disabled by system administrator")
}

// parseKratosError reads an error and reports whether it has the shape of Kratos. The responses of the router (unknown
// path, wrong method) and the pages of gateways don't have it. If Kratos refuses a submission to a self-service flow,
// the response is the flow, which has messages for people.
func parseKratosError(body []byte) (kratosError, bool) {
	var envelope struct {
		Error *kratosError `json:"error"`
		UI    struct {
			Messages bounded[struct {
				Text string `json:"text"`
			}] `json:"messages"`
		} `json:"ui"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return kratosError{}, false
	}
	var said kratosError
	if envelope.Error != nil {
		said = *envelope.Error
	}
	for _, message := range envelope.UI.Messages {
		said.Reason = strings.TrimSpace(said.Reason + " " + message.Text)
	}
	return said, said.Message != "" || said.Reason != ""
}
