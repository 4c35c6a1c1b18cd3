package kratos

import (
	"context"
	"crypto/tls"
	"time"
)

// Config says where the server is and how to talk to it.
type Config struct {
	// AdminURL is the base URL of the admin API. A base path is kept; a trailing "/" or "/admin" is tolerated.
	AdminURL string
	// PublicURL is the base URL of the public API, which serves the schemas. Empty: ask AdminURL and follow its redirect.
	// Credentials go there only if it has the origin of AdminURL.
	PublicURL string
	// APIKey is sent as a Bearer token.
	APIKey string
	// APIKeyFile holds the Bearer token, instead of APIKey. It is read for every attempt, so that a token may rotate.
	APIKeyFile string
	// Headers are added to every request to AdminURL, for a gateway in front of it.
	Headers map[string]string
	// TLS is cloned; nil means the system's certificate pool. A client certificate in it is offered to every server that
	// asks for one in its handshake, so also to the target of a redirect: it proves who asks, and gives no secret away.
	TLS *tls.Config
	// AllowPlaintextHTTP lets credentials go over plain http to a host that isn't the loopback.
	AllowPlaintextHTTP bool
	// MaxRetries counts the attempts after the first. 0 means none.
	MaxRetries int
	// RequestTimeout bounds one attempt, the reading of its body included. 0 means 60 s.
	RequestTimeout time.Duration
	// RequestsPerSecond caps the requests, redirects and retries included. 0 means no cap but those that the server
	// announces.
	RequestsPerSecond float64
	// MaxInFlight caps the requests that wait for their answers at the same time. 0 means no cap.
	MaxInFlight int
	// Network says that the server is Ory Network, which takes one create at a time.
	Network bool
	// UserAgent is sent as it is.
	UserAgent string
	// Log receives every log line. Nil: no logs.
	Log LogFunc
}

// ConfigError is a setting that can't be used.
type ConfigError struct {
	Argument string // the provider's argument, such as "admin_url"
	Reason   string // what is wrong with it, as the rest of a sentence; never its value
}

// Error names the argument and the reason.
func (e *ConfigError) Error() string { return e.Argument + " " + e.Reason }

// LogLevel orders log lines by weight.
type LogLevel int

// The levels in use: bodies at Trace, one line an attempt at Debug, long waits at Warn.
const (
	LevelTrace LogLevel = iota
	LevelDebug
	LevelWarn
)

// LogFunc takes one log line. It may be called from several goroutines. The fields are strings, numbers, and for bodies
// a [fmt.Stringer] that is also an [encoding.TextMarshaler]: a body is redacted only if someone reads the line.
type LogFunc func(ctx context.Context, level LogLevel, msg string, fields map[string]any)
