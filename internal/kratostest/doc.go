// Package kratostest runs a real Ory Kratos on loopback, for tests and for the demo, and signs people in to it.
package kratostest
