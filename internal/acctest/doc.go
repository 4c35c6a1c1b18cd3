// Package acctest has the helpers of the acceptance tests: a real Kratos, its APIs without the provider's client, a
// proxy that injects faults, and the provider itself.
package acctest
