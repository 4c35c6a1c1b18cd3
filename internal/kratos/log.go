package kratos

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// logAttempt writes one line for an exchange and, at Trace, one line for each body. It doesn't log headers.
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

// shownURI returns the path and query of a request. It hides the address of a redirect's target, which the server
// wrote.
func shownURI(req *http.Request) string {
	if req.Response != nil {
		return "(target of a redirect)"
	}
	return req.URL.RequestURI()
}

// pause describes a wait in a log line.
type pause struct {
	waitsFor string        // completes "waiting for"
	attempt  int           // that the wait follows or belongs to
	wait     time.Duration // the length of this wait, 0 if it is not known
	most     time.Duration // the longest time that this call may wait from now on; 0 if only the deadline bounds it
	status   int           // of the response that the wait follows, 0 for none
	err      error         // that the wait follows, nil for none
}

// logWait logs a wait if the call takes longWait or more until the end of the wait. Without the log line the wait looks
// like a hang. Any goroutine may call logWait, because it reads no fields of the call that change.
func (k *call) logWait(ctx context.Context, p pause) {
	if k.client.log == nil || time.Since(k.started)+p.wait < longWait {
		return
	}
	fields := k.fieldsOf(p.attempt)
	fields["waited"] = seconded(time.Since(k.started))
	if p.wait > 0 {
		fields["wait"] = seconded(p.wait)
	}
	most := p.most
	if deadline, ok := ctx.Deadline(); ok && (most == 0 || time.Until(deadline) < most) {
		most = time.Until(deadline)
	}
	if most > 0 {
		fields["at_most"] = seconded(most)
	}
	if p.status != 0 {
		fields["status"] = p.status
	}
	if p.err != nil {
		fields["error"] = p.err.Error()
	}
	k.client.log(ctx, LevelWarn, "waiting for "+p.waitsFor, fields)
}

// seconded formats a duration for people.
func seconded(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

func (k *call) fields() map[string]any { return k.fieldsOf(k.attempt) }

func (k *call) fieldsOf(attempt int) map[string]any {
	fields := map[string]any{"method": k.method, "path": k.path, "attempt": attempt, "request_id": k.id}
	if k.items > 0 {
		fields["batch_size"] = k.items
	}
	return fields
}
