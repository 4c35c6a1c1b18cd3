package kratos

import (
	"context"
	"crypto/tls"
	"time"
)

// Config is the configuration of a client.
type Config struct {
	// AdminURL is the base URL of the admin API. A base path is kept. A trailing "/" or "/admin" is removed.
	AdminURL string
	// PublicURL is the base URL of the public API, which serves the schemas. If it is empty, the client uses the redirect
	// of AdminURL. Credentials are sent to PublicURL only if it has the origin of AdminURL.
	PublicURL string
	// APIKey is sent as a Bearer token.
	APIKey string
	// APIKeyFile is a file with the Bearer token, in place of APIKey. It is read for every attempt, so the token can
	// rotate.
	APIKeyFile string
	// Headers are added to every request to AdminURL, for a gateway in front of it.
	Headers map[string]string
	// TLS is cloned. nil means the system's certificate pool. A client certificate is presented to every server that asks
	// for one in its handshake, also to the target of a redirect. This reveals no secret.
	TLS *tls.Config
	// AllowPlaintextHTTP allows credentials over plain http to a host other than the loopback.
	AllowPlaintextHTTP bool
	// MaxRetries counts the attempts after the first. 0 means none.
	MaxRetries int
	// RequestTimeout limits one attempt, including the time to read the response. 0 means 60 s.
	RequestTimeout time.Duration
	// RequestsPerSecond limits the requests, including redirects and retries. 0 means only the limits of the server.
	RequestsPerSecond float64
	// MaxInFlight limits the number of concurrent requests. 0 means no limit.
	MaxInFlight int
	// Network reports that the server is Ory Network, which accepts one create at a time.
	Network bool
	// UserAgent is sent unchanged.
	UserAgent string
	// Log receives every log line. nil means no logs.
	Log LogFunc
}

// ConfigError is a setting that can't be used.
type ConfigError struct {
	Argument string // the provider's argument, such as "admin_url"
	Reason   string // the problem, as the rest of a sentence, without the value
}

// Error names the argument and the reason.
func (e *ConfigError) Error() string { return e.Argument + " " + e.Reason }

// LogLevel is the level of a log line.
type LogLevel int

// The levels: Trace for bodies, Debug for one line for each attempt, Warn for long waits.
const (
	LevelTrace LogLevel = iota
	LevelDebug
	LevelWarn
)

// LogFunc writes one log line. Several goroutines may call it. The fields are strings, numbers, and for bodies a
// [fmt.Stringer] that is also an [encoding.TextMarshaler], so that a body is redacted only if the line is written.
type LogFunc func(ctx context.Context, level LogLevel, msg string, fields map[string]any)
