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

// verdict is what one attempt means for the next.
type verdict struct {
	retry   bool
	lost    bool // the attempt may have been carried out, and its response doesn't tell
	settled bool // the response tells what became of this attempt, and with a repeatable request of those before it
	quick   bool // a lock that is held for milliseconds
}

// check is retryablehttp's CheckRetry. It decides by what was asked and by what is known of the attempt, since the
// default check would repeat every method on every failure.
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

// logRetry tells of the wait before the next attempt.
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

// judgeFailure judges an attempt without a response. What had no connection was not sent, whatever the method; what had
// a connection may have been carried out.
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
// an error in Kratos' own shape proves that a write was not carried out.
func (k *call) judgeResponse() verdict {
	got := k.received
	switch {
	case k.succeeded():
		return verdict{settled: true}
	case got.status < 300: // something stands in the place of Kratos' response
		return verdict{lost: true, retry: k.mayDoubt()}
	case isRedirect(got.status): // of a write, which isn't repeated elsewhere, or the last one of a read
		return verdict{lost: true}
	case got.status == http.StatusTooManyRequests:
		// A rate limiter refuses before the request is looked at. A page may also stand in the place of a success.
		k.limited = k.limited || !got.shaped
		return verdict{retry: true, lost: got.isPage()}
	case got.shaped && isLockFailure(got.status, got.body):
		// The database refused the transaction and rolled it back, so not even a create has left anything behind.
		return verdict{retry: true, quick: true}
	case isGatewayFailure(got.status):
		return verdict{lost: true, retry: k.mayRepeat()}
	case got.status >= 500 && !got.shaped:
		return verdict{lost: true, retry: k.mayDoubt()} // a proxy's own, such as Cloudflare's 520 to 524
	case got.status >= 500:
		return verdict{retry: k.mayDoubt()}
	case got.status >= 400 && !got.shaped:
		return verdict{lost: true}
	case isUnauthorized(got.status):
		return verdict{}
	case got.status == http.StatusConflict && !k.mayRepeat() && (k.unknown || k.limited):
		return verdict{lost: true} // the conflict may be with what an earlier attempt has created
	default:
		return verdict{settled: true}
	}
}

// succeeded reports whether the response is a success of Kratos: JSON, an empty body, or for a DELETE a 204 and nothing
// else. Whatever answers a DELETE with another success may not have passed it on.
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

// mayDoubt is mayRepeat for a response that may be a moment's or may come again without end: see maxDoubts.
func (k *call) mayDoubt() bool {
	k.doubts++
	return k.mayRepeat() && k.doubts <= maxDoubts
}

// mayDialAgain reports whether another attempt may be made after no connection came about.
func (k *call) mayDialAgain() bool {
	if k.brief {
		return k.attempt < maxBriefDials
	}
	if k.home {
		k.client.down.CompareAndSwap(0, k.began.UnixNano())
	}
	return !k.isImpatient() || k.dialTimeLeft() > 0
}

// isImpatient reports whether the attempts to connect end after dialPatience: on the loopback, where a server that
// isn't there is not about to come back, and before the first response, when the address is likely to be wrong.
func (k *call) isImpatient() bool {
	return k.home && (k.client.answers.Load() == 0 || isLoopback(k.client.admin.Hostname()))
}

// dialTimeLeft is what remains of dialPatience. All calls share it, so that the resources of a plan don't wait one
// after the other.
func (k *call) dialTimeLeft() time.Duration {
	return dialPatience - time.Since(time.Unix(0, k.client.down.Load()))
}

// isLockFailure recognises the two ways in which Kratos reports a lost race for the database: a 400 on PostgreSQL and
// on SQLite in memory, a 500 with the driver's text on a SQLite file. Their statuses alone also stand for other things.
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

// isUnknownHost finds a host name that doesn't exist, which is a mistake in the configuration far more often than a
// fault that passes.
func isUnknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// isHandshakeRefusal finds a TLS handshake that will not succeed later either. With TLS 1.3 a server refuses a client
// certificate only after the client's side of the handshake is done, so that the server seems to have seen the request.
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
