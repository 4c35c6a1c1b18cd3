package kratos

import (
	"errors"
	"fmt"
	"time"
)

// Limits of the admin API.
const (
	// MaxPageSize is the largest page of a list that every server gives.
	MaxPageSize = 500
	// MaxLongPageSize is the largest page of a list of identities. v25.4 and later silently clamp it to MaxPageSize. v1.3
	// on SQLite searches all identities for each page, so that few long pages of 100,000 identities take half the time.
	MaxLongPageSize = 1000
	// MaxIDsPerList is the maximum number of ids in one list. v26 accepts 500, but their URL of 20 kB is too long for some
	// proxies.
	MaxIDsPerList = 100
	// MaxBatchSize is the maximum number of creates in one batch. v26 accepts 1000, but more than 100 are not faster, as
	// measured.
	MaxBatchSize = 100
	// MaxBatchPlaintext is the maximum number of creates in a batch that contains a plain-text password. The server hashes
	// the passwords of a batch one after the other, and Ory advises against more than 20.
	MaxBatchPlaintext = 20
	// MaxSessionOwners is the maximum number of identities in one request to end sessions.
	MaxSessionOwners = 500
	// MaxBodyBytes is the size of the largest request body that the server accepts.
	MaxBodyBytes = 5 << 20
	// MaxExternalIDLength is the maximum number of characters of an external_id.
	MaxExternalIDLength = 64
	// MaxPasswordBytes is the maximum length of a plain-text password for bcrypt, the server's default hasher. The server
	// answers 500 to a longer password.
	MaxPasswordBytes = 72
)

// Bounds of the data that the client accepts from a server. A response that exceeds a bound is [ErrTooLarge], with the
// name and value of the bound.
const (
	// MaxResponseBytes bounds the body of one response. A page of 500 identities of 16 kB stays below it.
	MaxResponseBytes = 8 << 20
	// MaxIdentityBytes bounds one identity. Terraform and the framework take about 25 bytes for each of its bytes.
	MaxIdentityBytes = 2 << 20
	// MaxMemoryBytes bounds the bodies of all responses that are being read and decoded: see memory.
	MaxMemoryBytes = 32 << 20
	// MaxKeptBytes bounds the data that one list keeps: see [Kept].
	MaxKeptBytes = 32 << 20
	// MaxElements bounds every list within one object, such as the addresses, credentials and identifiers of an identity.
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
	// maxDoubts bounds the retries after a response that may be temporary or permanent: Kratos' 500, which is also its
	// response for an identity whose schema was removed, and a page, which is also the response of a wrong URL.
	maxDoubts = 2
	// maxBriefDials bounds the attempts to connect for a request that is not essential to its caller.
	maxBriefDials = 3
	// maxKeyReads bounds the reads of an empty api_key_file, at intervals of keyPause. A file is empty for a few
	// milliseconds while a program truncates and rewrites it.
	maxKeyReads = 5
	keyPause    = 25 * time.Millisecond
)

const (
	// defaultTimeout bounds one attempt if the configuration sets no request_timeout.
	defaultTimeout = 60 * time.Second
	// plaintextTimeout is the minimum time-out of a batch with plain-text passwords. The server itself ends a request
	// after two minutes.
	plaintextTimeout = 150 * time.Second
	// onceTimeout bounds the only attempt of a request that is not essential to its caller.
	onceTimeout = 10 * time.Second
	// dialPatience bounds the attempts to connect to a server on the loopback, or to a server that has never been reached.
	// In these cases a wrong address is more likely than a server that is starting.
	dialPatience = 10 * time.Second
	// staleAfter is how long a body with data of the server may wait for the rate limits.
	staleAfter = time.Second
	// longWait is the shortest wait that is logged for the user.
	longWait = 5 * time.Second
)

// ErrTooLarge is a response that exceeds one of this package's bounds. The error names the bound.
var ErrTooLarge = errors.New("larger than the provider's limit")

// boundError is a bound that was exceeded. It is [ErrTooLarge].
type boundError string

func (e boundError) Error() string { return string(e) }

// Unwrap gives the kind of the error.
func (boundError) Unwrap() error { return ErrTooLarge }

// errTooMany is the error of a list that exceeds a bound.
func errTooMany(what string, bound int) error {
	return boundError(fmt.Sprintf("more than %d %s, the provider's limit", bound, what))
}

// errTooManyBytes is the error of bytes that exceed a bound.
func errTooManyBytes(what string, bound int) error {
	return boundError(fmt.Sprintf("%s is larger than %d bytes, the provider's limit", what, bound))
}
