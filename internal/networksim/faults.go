package networksim

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Fault is a way in which an exchange goes wrong.
type Fault string

// These are the faults. After commit means that Kratos has carried out the request.
const (
	Burst       Fault = "429 burst"                // requests are refused for a while, with an empty body
	Error500    Fault = "500"                      // an error of Kratos, nothing was carried out
	Error502    Fault = "502 before commit"        // an error of a gateway, nothing was carried out
	Error503    Fault = "503 before commit"        // the same
	Error504    Fault = "504 before commit"        // the same
	Late502     Fault = "502 after commit"         // an error of a gateway
	Late504     Fault = "504 after commit"         // the same
	Page200     Fault = "HTML page with 200"       // a proxy answers with a page, nothing was carried out
	Page503     Fault = "HTML page with 503"       // the same, with an error status
	LostAnswer  Fault = "answer lost after commit" // the connection ends without an answer
	ResetInBody Fault = "reset in the body"        // the connection is reset in the middle of the answer, after commit
	// TruncatedJSON means that half of the answer comes, with a matching Content-Length, after commit.
	TruncatedJSON Fault = "truncated JSON"
	Stall         Fault = "stall" // the answer waits for Options.Stall, after commit
)

// AllFaults lists all faults.
var AllFaults = []Fault{
	Burst, Error500, Error502, Error503, Error504, Late502, Late504, Page200, Page503, LostAnswer, ResetInBody,
	TruncatedJSON, Stall,
}

// kinds groups the faults by what goes wrong.
var kinds = [][]Fault{
	{Burst},
	{Error500, Error502, Error503, Error504, Late502, Late504},
	{Page200, Page503},
	{LostAnswer},
	{ResetInBody},
	{TruncatedJSON},
	{Stall},
}

// Each gives every kind of fault the same rate: bursts of 429, statuses of 5xx, pages, lost answers, resets, truncated
// JSON and stalls. Seven times the rate of all requests meet a fault, not counting the requests refused during a burst.
func Each(rate float64) map[Fault]float64 {
	rates := map[Fault]float64{}
	for _, kind := range kinds {
		for _, fault := range kind {
			rates[fault] = rate / float64(len(kind))
		}
	}
	return rates
}

// checkRates refuses negative rates, and rates that add up to more than 1.
func checkRates(rates map[Fault]float64) error {
	sum := 0.0
	for fault, rate := range rates {
		if rate < 0 {
			return fmt.Errorf("the rate of %q is negative", fault)
		}
		sum += rate
	}
	if sum > 1 {
		return fmt.Errorf("the rates of all faults add up to %g, more than 1", sum)
	}
	return nil
}

// draw returns the fault of the n-th request of a kind, or "" for none. The fault depends only on the seed, the kind
// and n, so requests of other kinds don't change it.
func draw(seed uint64, rates map[Fault]float64, kind Kind, n int) Fault {
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%s %d", kind, n) // never fails
	luck := rand.New(rand.NewPCG(seed, hash.Sum64())).Float64()
	for _, fault := range AllFaults {
		if luck -= rates[fault]; luck < 0 {
			return fault
		}
	}
	return ""
}

// afterCommit reports whether Kratos carries out a request that meets this fault.
func (f Fault) afterCommit() bool {
	switch f {
	case "", Late502, Late504, LostAnswer, ResetInBody, TruncatedJSON, Stall:
		return true
	default:
		return false
	}
}

const (
	defaultStall = 10 * time.Second
	defaultBurst = 200 * time.Millisecond
)
