// Package networksim simulates what Ory Network puts in front of Kratos: one URL for both APIs, a Bearer token, one
// create in flight per project and one write per identity, limits per minute and per second, latency, and every way in
// which a network loses or damages an answer. A real Kratos answers the requests. The package doesn't need testing.T,
// so tools can use it too.
//
// # Time scale
//
// Options.Scale makes the simulator's own time run faster: with 10, the limit of 175 writes a minute becomes 175 in 6
// seconds, and 50 ms of latency become 5. Windows have whole seconds, as in the headers that announce them. A window
// that would become shorter than a second stays at one second, with a limit that allows the same rate: 8 a second
// become 80 a second.
//
// The time of the client, Kratos, Terraform and the machine doesn't run faster. So an unscaled run takes at least as
// long as the scaled run and at most Scale times as long, provided that the client's retries last. It never takes less
// than Plan.Least of the counted requests, which is the time that the limits alone require.
package networksim
