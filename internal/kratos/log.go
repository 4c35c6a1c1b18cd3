package kratos

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// logAttempt writes one line for an exchange and, at Trace, one each for the bodies. It never sees the headers.
func (k *call) logAttempt(req *http.Request, resp *http.Response, err error, took time.Duration) {
	if k.client.log == nil {
		return
	}
	ctx := req.Context()
	hidden := slices.Clone(k.secrets)
	fields := k.fields()
	fields["duration_ms"] = took.Milliseconds()
	fields["path"] = hidden.mask(shownURI(req))
	if err != nil {
		fields["error"] = hidden.safeError(err).Error()
	} else {
		fields["status"] = resp.StatusCode
	}
	k.client.log(ctx, LevelDebug, "request", fields)
	if k.body != nil {
		fields := k.fields()
		fields["body"] = newLoggedBody(k.body, hidden)
		k.client.log(ctx, LevelTrace, "request body", fields)
	}
	if err == nil {
		fields := k.fields()
		fields["status"] = resp.StatusCode
		fields["body"] = newLoggedResponse(k.received.body, hidden, k.hidden)
		k.client.log(ctx, LevelTrace, "response body", fields)
	}
}

// shownURI has the query where this client wrote it. The address of a redirect's target is the server's text.
func shownURI(req *http.Request) string {
	if req.Response != nil {
		return "(target of a redirect)"
	}
	return req.URL.RequestURI()
}

// logWait tells of a wait that would otherwise look like a hang.
func (k *call) logWait(ctx context.Context, what string, wait time.Duration, resp *http.Response) {
	k.logWaitOf(ctx, k.attempt, what, wait, resp)
}

// logWaitOf is logWait for any goroutine: it reads nothing of the call that changes.
func (k *call) logWaitOf(ctx context.Context, attempt int, what string, wait time.Duration, resp *http.Response) {
	if k.client.log == nil || wait < longWait {
		return
	}
	fields := k.fieldsOf(attempt)
	fields["wait_ms"] = wait.Milliseconds()
	if resp != nil {
		fields["status"] = resp.StatusCode
	}
	k.client.log(ctx, LevelInfo, what, fields)
}

func (k *call) fields() map[string]any { return k.fieldsOf(k.attempt) }

func (k *call) fieldsOf(attempt int) map[string]any {
	fields := map[string]any{"method": k.method, "path": k.path, "attempt": attempt, "request_id": k.id}
	if k.items > 0 {
		fields["batch_size"] = k.items
	}
	return fields
}
