package kratos

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

// verdict is what one attempt means for the next.
type verdict struct {
	retry   bool
	lost    bool // the attempt may have been carried out, and its answer doesn't tell
	settled bool // the answer tells what became of this attempt, and with a repeatable one of those before it
	quick   bool // a lock that is held for milliseconds
}

// check is retryablehttp's CheckRetry. It decides by what was asked and by what is known of the attempt, since its default
// would repeat every method on every failure.
func (k *call) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	var v verdict
	if err != nil {
		v = k.judgeFailure(err)
	} else {
		body, readErr := io.ReadAll(resp.Body) // from memory, see RoundTrip
		if readErr != nil {
			return false, readErr
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		v = k.judgeAnswer(resp.StatusCode, body)
	}
	k.quick = v.quick
	k.unknown = k.isWrite() && (v.lost || k.unknown && !v.settled)
	if ctx.Err() != nil && (err != nil || v.retry) {
		return false, ctx.Err()
	}
	return v.retry, nil
}

// judgeFailure judges an attempt without an answer. What had no connection was not sent, whatever the method; what had one
// may have been carried out.
func (k *call) judgeFailure(err error) verdict {
	var local *ConfigError
	var rebuild *rebuildError
	switch {
	case errors.As(err, &local), errors.As(err, &rebuild), isHandshakeRefusal(err), isUnknownHost(err):
		return verdict{} // the next attempt would fail in the same way
	case !k.sent.Load():
		return verdict{retry: !k.brief || k.attempt < briefDials}
	case errors.Is(err, errBodyTooLarge):
		return verdict{lost: true}
	default:
		return verdict{lost: true, retry: k.mayRepeat()}
	}
}

// briefDials is how often a connection is tried for what can go without.
const briefDials = 3

// judgeAnswer judges an attempt by the server's answer ("Errors" and "Rate limits" of the Ory documentation).
func (k *call) judgeAnswer(status int, body []byte) verdict {
	if isSuccess(status) {
		if len(bytes.TrimSpace(body)) > 0 && !isJSON(body) { // something put it in the place of Kratos's answer
			return verdict{lost: true, retry: k.mayDoubt()}
		}
		return verdict{settled: true}
	}
	_, shaped := parseKratosError(body)
	switch {
	case status == http.StatusTooManyRequests:
		return verdict{retry: true} // refused before it was looked at
	case shaped && isLockFailure(status, body):
		// The database refused the transaction and rolled it back, so not even a create has left anything behind.
		return verdict{retry: true, quick: true}
	case status == http.StatusBadGateway, status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		return verdict{lost: true, retry: k.mayRepeat()}
	case status >= 500 && !shaped:
		return verdict{lost: true, retry: k.mayDoubt()} // a proxy's own, such as Cloudflare's 520 to 524: Kratos may have done its work
	case status >= 500:
		return verdict{retry: k.mayDoubt()}
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return verdict{}
	default:
		return verdict{settled: true}
	}
}

// mayRepeat says whether the request may be sent once more although it may have been carried out.
func (k *call) mayRepeat() bool { return !k.isWrite() || k.replay }

// maxDoubts is how often an answer is doubted that may be a moment's or may come again for ever: a failure of the server itself,
// which is also how Kratos answers for an identity whose schema was removed, or a page, which is also what a wrong URL gives.
const maxDoubts = 2

// mayDoubt is mayRepeat for such an answer.
func (k *call) mayDoubt() bool {
	k.doubts++
	return k.mayRepeat() && k.doubts <= maxDoubts
}

// isLockFailure knows the two ways in which Kratos reports a lost race for the database: a 400 on PostgreSQL and on SQLite
// in memory, a 500 with the driver's text on a SQLite file. Their statuses alone also stand for other things.
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

// isUnknownHost finds a host name that doesn't exist, which is a mistake in the configuration far more often than a fault that
// passes.
func isUnknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// isHandshakeRefusal finds a TLS handshake that will not succeed later either. With TLS 1.3 a server refuses a client
// certificate only after the client's side of the handshake is done, and so looks as if it had seen the request.
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
