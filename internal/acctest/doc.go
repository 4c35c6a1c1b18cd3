// Package acctest is what acceptance tests stand on: a real Kratos, its APIs without the provider's own client, a proxy
// that injects faults, and the provider itself.
package acctest
