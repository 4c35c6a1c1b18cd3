package kratos

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"
)

// verdict is the consequence of one attempt for the next attempt.
type verdict struct {
	retry   bool
	lost    bool // the server may have carried out the attempt, and the response doesn't show it
	settled bool // the response shows the outcome of this attempt and, if the request is repeatable, of the earlier ones
	quick   bool // the failure is a lock that is held for milliseconds
}

// check is the CheckRetry of retryablehttp. It considers the request and the outcome of the attempt. The default check
// would repeat every method after every failure.
func (k *call) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	var v verdict
	if err != nil {
		v = k.judgeFailure(err)
	} else {
		v = k.judgeResponse()
	}
	k.unknown = k.isWrite() && (v.lost || (k.unknown && !v.settled))
	if ctx.Err() != nil && (err != nil || v.retry) {
		return false, ctx.Err()
	}
	if !v.retry || k.attempt > k.maxRetries() {
		return v.retry, nil
	}
	k.wait = k.client.backoff.wait(k.attempt-1, v.quick, askedWait(resp, time.Now()))
	if err != nil && !k.sent.Load() && k.isImpatient() {
		k.wait = min(k.wait, k.dialTimeLeft())
	}
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		k.hopeless = hopeless(ctx, k.wait)
	}
	if k.hopeless != nil {
		return false, nil //nolint:nilerr // the call returns k.hopeless, with what the server said
	}
	k.logRetry(ctx, v.quick, err)
	return true, nil
}

// logRetry logs the wait before the next attempt.
func (k *call) logRetry(ctx context.Context, quick bool, err error) {
	p := pause{attempt: k.attempt, wait: k.wait, most: k.client.backoff.longest(k.attempt, k.maxRetries(), quick) + k.wait}
	if err != nil {
		p.err = k.secrets.safeError(withoutURL(err))
	} else {
		p.status = k.received.status
	}
	switch {
	case err != nil && !k.sent.Load():
		p.waitsFor = "a connection to the server"
		if k.isImpatient() {
			p.most = max(k.dialTimeLeft(), k.wait)
		}
	case quick:
		p.waitsFor = "the lock of the server's database"
	case p.status == http.StatusTooManyRequests:
		p.waitsFor = "the server's rate limit"
	default:
		p.waitsFor = "the server to recover"
	}
	k.logWait(ctx, p)
}

// judgeFailure judges an attempt without a response. Without a connection, the request was not sent. With a connection,
// the server may have carried it out.
func (k *call) judgeFailure(err error) verdict {
	var local *ConfigError
	var rebuild *rebuildError
	var hopeless *hopelessWait
	switch {
	case errors.As(err, &local), errors.As(err, &rebuild), errors.As(err, &hopeless), errors.Is(err, errProxy),
		isHandshakeRefusal(err), isUnknownHost(err):
		return verdict{} // the next attempt would fail in the same way
	case !k.sent.Load():
		return verdict{retry: k.mayDialAgain()}
	case errors.Is(err, ErrTooLarge):
		return verdict{lost: true}
	default:
		return verdict{lost: true, retry: k.mayRepeat()}
	}
}

// judgeResponse judges an attempt by the server's response ("Errors" and "Rate limits" of the Ory documentation). Only
// an error in the JSON shape of Kratos proves that a write was not carried out.
func (k *call) judgeResponse() verdict {
	got := k.received
	switch {
	case k.succeeded():
		return verdict{settled: true}
	case got.status < 300: // not the response of Kratos
		return verdict{lost: true, retry: k.mayDoubt()}
	case isRedirect(got.status): // a redirect of a write, which isn't followed, or the last redirect of a read
		return verdict{lost: true}
	case got.status == http.StatusTooManyRequests:
		// A rate limiter refuses a request before Kratos sees it. But a page may also replace the response to a success.
		k.limited = k.limited || !got.shaped
		return verdict{retry: true, lost: got.isPage()}
	case got.shaped && isLockFailure(got.status, got.body):
		// The database rolled the transaction back, so even a create has changed nothing.
		return verdict{retry: true, quick: true}
	case isGatewayFailure(got.status):
		return verdict{lost: true, retry: k.mayRepeat()}
	case got.status >= 500 && !got.shaped:
		return verdict{lost: true, retry: k.mayDoubt()} // a status of a proxy, such as Cloudflare's 520 to 524
	case got.status >= 500:
		return verdict{retry: k.mayDoubt()}
	case got.status >= 400 && !got.shaped:
		return verdict{lost: true}
	case isUnauthorized(got.status):
		return verdict{}
	case got.status == http.StatusConflict && !k.mayRepeat() && (k.unknown || k.limited):
		return verdict{lost: true} // an earlier attempt may have created the conflicting identity
	case k.method == http.MethodPatch && k.path != identitiesPath && !k.mayRepeat():
		return verdict{lost: k.limited} // an earlier attempt may have removed what this one doesn't find
	default:
		return verdict{settled: true}
	}
}

// succeeded reports whether the response is a success of Kratos: JSON or an empty body, and for a DELETE only a 204. A
// gateway that answers a DELETE with another success may not have forwarded the request.
func (k *call) succeeded() bool {
	got := k.received
	if k.method == http.MethodDelete {
		return got.status == http.StatusNoContent
	}
	return isSuccess(got.status) && (got.json || got.isEmpty())
}

func isGatewayFailure(status int) bool {
	switch status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

// mayDoubt is mayRepeat for a response that may be temporary or permanent: see maxDoubts.
func (k *call) mayDoubt() bool {
	k.doubts++
	return k.mayRepeat() && k.doubts <= maxDoubts
}

// mayDialAgain reports whether another attempt is allowed after a failed connection.
func (k *call) mayDialAgain() bool {
	if k.brief {
		return k.attempt < maxBriefDials
	}
	if k.atAdmin {
		k.client.down.CompareAndSwap(0, k.began.UnixNano())
	}
	return !k.isImpatient() || k.dialTimeLeft() > 0
}

// isImpatient reports whether the attempts to connect end after dialPatience. This holds on the loopback, where an
// unreachable server probably stays unreachable, and before the first response, because the address is probably wrong.
func (k *call) isImpatient() bool {
	return k.atAdmin && (k.client.answers.Load() == 0 || isLoopback(k.client.admin.Hostname()))
}

// dialTimeLeft returns the rest of dialPatience. All calls share it, so that the resources of a plan don't wait one
// after the other.
func (k *call) dialTimeLeft() time.Duration {
	return dialPatience - time.Since(time.Unix(0, k.client.down.Load()))
}

// isLockFailure recognises the two ways in which Kratos reports a lock of the database: a 400 on PostgreSQL and on
// SQLite in memory, and a 500 with the text of the driver on a SQLite file. Both statuses also have other meanings.
func isLockFailure(status int, body []byte) bool {
	switch status {
	case http.StatusBadRequest:
		return bytes.Contains(body, []byte("Unable to serialize access due to a concurrent update"))
	case http.StatusInternalServerError:
		return bytes.Contains(body, []byte("database is locked")) || bytes.Contains(body, []byte("SQLITE_BUSY"))
	default:
		return false
	}
}

// isUnknownHost reports whether a host name doesn't exist. This is usually a mistake in the configuration and not a
// temporary fault.
func isUnknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// isHandshakeRefusal reports whether a TLS handshake failed permanently. With TLS 1.3 a server refuses a client
// certificate only after the client has finished its handshake, so the server seems to have seen the request.
func isHandshakeRefusal(err error) bool {
	var unverified *tls.CertificateVerificationError
	var remote *net.OpError
	switch {
	case errors.As(err, &unverified), errors.Is(err, http.ErrSchemeMismatch):
		return true
	case errors.As(err, &remote):
		return remote.Op == "remote error" && strings.Contains(remote.Err.Error(), "certificate")
	default:
		return false
	}
}
