package networksim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The answer to a request is counted as its status, such as "200", as the name of the fault that it met, or as one of
// these.
const (
	RateLimited  = "429 rate limit"
	AlreadyBusy  = "429 in flight"
	Unauthorized = "401"
)

// Count is the number of requests of one kind, and of their answers.
type Count struct {
	Requests int
	Items    int // identities in batches, whatever the answer
	Answers  map[string]int
}

// Counts are the counts of every kind that had a request.
type Counts map[Kind]Count

// Requests returns the number of requests of these kinds, or of all kinds if none are given.
func (c Counts) Requests(kinds ...Kind) int {
	sum := 0
	for kind, count := range c {
		if len(kinds) == 0 || slices.Contains(kinds, kind) {
			sum += count.Requests
		}
	}
	return sum
}

// Answered returns the number of requests of all kinds with this answer.
func (c Counts) Answered(answer string) int {
	sum := 0
	for _, count := range c {
		sum += count.Answers[answer]
	}
	return sum
}

// String returns one line for each kind, for logs and test failures.
func (c Counts) String() string {
	var b strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(c)) {
		fmt.Fprintf(&b, "%s: %d", kind, c[kind].Requests)
		if c[kind].Items > 0 {
			fmt.Fprintf(&b, " of %d items", c[kind].Items)
		}
		separator := " ("
		for _, answer := range slices.Sorted(maps.Keys(c[kind].Answers)) {
			fmt.Fprintf(&b, "%s%d x %s", separator, c[kind].Answers[answer], answer)
			separator = ", "
		}
		b.WriteString(")\n")
	}
	return b.String()
}

// Counts returns the counts since the start or the last Reset.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := maps.Clone(s.counts)
	for kind, count := range all {
		count.Answers = maps.Clone(count.Answers)
		all[kind] = count
	}
	return all
}

// Reset clears the counts. It changes neither the limits nor the sequence of faults.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts = Counts{}
}

func (s *Server) count(kind Kind, items int, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := s.counts[kind]
	if count.Answers == nil {
		count.Answers = map[string]int{}
	}
	count.Requests++
	count.Items += items
	count.Answers[answer]++
	s.counts[kind] = count
}
