// Package networksim simulates how Ory Network stands before Kratos: one URL for both APIs, a Bearer token, one create
// in flight per project and one write per identity, limits by the minute and by the second, latency, and every way in
// which a network loses or mangles an answer. Behind it is a real Kratos. It needs no testing.T, so that tools can use
// it too.
//
// # Time scale
//
// Options.Scale makes the simulator's own time run faster: with 10, the limit of 175 writes a minute is one of 175 in 6
// seconds, and 50 ms of latency are 5. Windows are whole seconds, as in the headers that announce them, so a window
// that would become shorter than a second stays at one and lets through what the shorter ones would have let through in
// it: 8 a second become 80 a second.
//
// The client's time doesn't run faster, nor do Kratos, Terraform and the machine. So the time that a run takes unscaled
// lies between that of the scaled run and Scale times that, as long as the client's retries last; and it isn't below
// Plan.Least of the requests counted, which is what the limits alone allow.
package networksim
