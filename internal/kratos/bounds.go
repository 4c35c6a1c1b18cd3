package kratos

import (
	"errors"
	"fmt"
	"time"
)

// Limits of the admin API.
const (
	// MaxPageSize is the largest page of a list. v26 silently clamps a larger page_size to it.
	MaxPageSize = 500
	// MaxIDsPerList is how many ids go into one list. v26 takes 500, but their URL of 20 kB is too long for some proxies.
	MaxIDsPerList = 100
	// MaxBatchSize is how many creates go into one batch. v26 takes 1000, and measured throughput is flat from 100 on.
	MaxBatchSize = 100
	// MaxBatchPlaintext is how many creates with a plain-text password go into one batch: the server hashes the passwords
	// of a batch one after the other, and Ory advises against more than 20.
	MaxBatchPlaintext = 20
	// MaxSessionOwners is how many identities one request to end sessions takes.
	MaxSessionOwners = 500
	// MaxBodyBytes is the largest request body that the server takes.
	MaxBodyBytes = 5 << 20
	// MaxExternalIDLength is the most characters of an external_id.
	MaxExternalIDLength = 64
	// MaxPasswordBytes is the longest plain-text password that the server's default hasher, bcrypt, takes. The server
	// answers 500 to a longer one.
	MaxPasswordBytes = 72
)

// Bounds on what the client takes from a server. A response that exceeds one ends in [ErrTooLarge] with its name and
// value.
const (
	// MaxResponseBytes bounds the body of one response. A page of 500 identities of 30 kB stays below it.
	MaxResponseBytes = 16 << 20
	// MaxMemoryBytes bounds the bodies of all responses that are being read and decoded: see memory.
	MaxMemoryBytes = 64 << 20
	// MaxKeptBytes bounds what one list may keep: see [Kept].
	MaxKeptBytes = 32 << 20
	// MaxElements bounds the addresses of one identity, its credentials, the identifiers of one of them, and what else one
	// object has a list of.
	MaxElements = 10_000
	// MaxSessions bounds the sessions of one identity, and MaxSchemas the identity schemas of a server.
	MaxSessions = 10_000
	MaxSchemas  = 10_000
	// MaxListed bounds the identities that one list yields.
	MaxListed = 1_000_000

	maxHeaderBytes = 1 << 20  // of one response
	maxKeyBytes    = 64 << 10 // of api_key_file
	maxTextBytes   = 8 << 10  // of one text of Kratos in an error
	maxShownBytes  = 200      // of a text that isn't Kratos'
)

const (
	// defaultPageSize is the page size of a list for which the caller sets none.
	defaultPageSize = 250
	// maxHops bounds the redirects of a read. v1.3 takes two from /schemas on the admin port to the public port.
	maxHops = 5
	// maxDoubts bounds how often a response is doubted that may pass or may come again without end: Kratos' own 500, which
	// is also its response for an identity whose schema was removed, or a page, which is also the response of a wrong URL.
	maxDoubts = 2
	// maxBriefDials bounds how often a connection is tried for a request that its caller can do without.
	maxBriefDials = 3
	// maxKeyReads bounds how often an empty api_key_file is read again, keyPause apart: a file that something truncates
	// and writes anew is empty for a few milliseconds.
	maxKeyReads = 5
	keyPause    = 25 * time.Millisecond
)

const (
	// defaultTimeout bounds one attempt where the configuration sets no request_timeout.
	defaultTimeout = 60 * time.Second
	// plaintextTimeout is the least time-out of a batch with plain-text passwords. The server itself ends a request after
	// two minutes.
	plaintextTimeout = 150 * time.Second
	// onceTimeout bounds the only attempt of a request that its caller can do without.
	onceTimeout = 10 * time.Second
	// dialPatience bounds the attempts to connect to a server on the loopback, or to a server that has never been reached:
	// a wrong address is likelier than a server that is about to start.
	dialPatience = 10 * time.Second
	// staleAfter is how long a body that was made from the server's data may wait for the rate limits.
	staleAfter = time.Second
	// longWait is the wait from which on a user wonders what goes on.
	longWait = 5 * time.Second
)

// ErrTooLarge is a response that exceeds one of this package's bounds. The error names the bound.
var ErrTooLarge = errors.New("larger than the provider's bound")

// boundError is a bound that was exceeded. It is [ErrTooLarge].
type boundError string

func (e boundError) Error() string { return string(e) }

// Unwrap gives the kind of the error.
func (boundError) Unwrap() error { return ErrTooLarge }

// errTooMany is the error of a list that exceeds a bound.
func errTooMany(what string, bound int) error {
	return boundError(fmt.Sprintf("more than %d %s, the provider's bound", bound, what))
}

// errTooManyBytes is the error of bytes that exceed a bound.
func errTooManyBytes(what string, bound int) error {
	return boundError(fmt.Sprintf("%s is larger than %d bytes, the provider's bound", what, bound))
}
