package networksim

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Fault is a way in which an exchange goes wrong.
type Fault string

// The faults. After commit means that Kratos has carried the request out.
const (
	Burst       Fault = "429 burst"                // requests are refused for a while, with an empty body
	Error500    Fault = "500"                      // Kratos's own failure, nothing was carried out
	Error502    Fault = "502 before commit"        // a gateway's, nothing was carried out
	Error503    Fault = "503 before commit"        // the same
	Error504    Fault = "504 before commit"        // the same
	Late502     Fault = "502 after commit"         // a gateway's
	Late504     Fault = "504 after commit"         // the same
	Page200     Fault = "HTML page with 200"       // something in between answers with a page, nothing was carried out
	Page503     Fault = "HTML page with 503"       // the same, with an honest status
	LostAnswer  Fault = "answer lost after commit" // the connection ends without an answer
	ResetInBody Fault = "reset in the body"        // the connection is reset in the middle of the answer, after commit
	// TruncatedJSON: half of the answer comes, with a Content-Length that fits, after commit.
	TruncatedJSON Fault = "truncated JSON"
	Stall         Fault = "stall" // the answer waits for Options.Stall, after commit
)

// AllFaults are all of them.
var AllFaults = []Fault{
	Burst, Error500, Error502, Error503, Error504, Late502, Late504, Page200, Page503, LostAnswer, ResetInBody,
	TruncatedJSON, Stall,
}

// kinds are the faults by what goes wrong.
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
// JSON and stalls. Seven times the rate of all requests meet a fault, not counting those that come during a burst.
func Each(rate float64) map[Fault]float64 {
	rates := map[Fault]float64{}
	for _, kind := range kinds {
		for _, fault := range kind {
			rates[fault] = rate / float64(len(kind))
		}
	}
	return rates
}

// checkRates refuses rates that don't leave a fault to each part of a request's luck.
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

// draw is the fault of the n-th request of a kind, "" for none. It depends on nothing but the seed, the kind and n: how
// requests of other kinds come in between changes nothing.
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

// afterCommit says whether Kratos carries out a request that meets this fault.
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
