package networksim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What a request was answered with is its status, such as "200", the name of the fault that it met, or one of these.
const (
	RateLimited  = "429 rate limit"
	AlreadyBusy  = "429 in flight"
	Unauthorized = "401"
)

// Count is what was asked of one kind.
type Count struct {
	Requests int
	Items    int // identities in batches, whatever became of them
	Answers  map[string]int
}

// Counts are the counts of every kind that was asked for.
type Counts map[Kind]Count

// Requests is the number of requests of these kinds, of all if none are given.
func (c Counts) Requests(kinds ...Kind) int {
	sum := 0
	for kind, count := range c {
		if len(kinds) == 0 || slices.Contains(kinds, kind) {
			sum += count.Requests
		}
	}
	return sum
}

// Answered is the number of requests, of all kinds, that were answered so.
func (c Counts) Answered(answer string) int {
	sum := 0
	for _, count := range c {
		sum += count.Answers[answer]
	}
	return sum
}

// String is a line a kind, for logs and test failures.
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

// Counts is what was asked since the start or the last Reset.
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

// Reset forgets the counts. Limits, and which fault comes next, stay as they are.
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
