package base

import "sync"

// A Fact is a question about the server whose answer takes a request.
type Fact string

// The facts that more than one resource of a walk needs.
const (
	// FactPatchesCredentials: a JSON Patch can change a part of a credential and remove a credential, since v25.4.
	FactPatchesCredentials Fact = "patches credentials"

	// FactImportsFactors: a create accepts second factors and passkeys, after v26.2.
	FactImportsFactors Fact = "imports factors"
)

// Facts remembers what the server has answered in this walk. The zero value is ready to use.
type Facts struct {
	mu    sync.Mutex
	known map[Fact]bool
}

// Known returns the answer if the server has given it in this walk.
func (f *Facts) Known(fact Fact) (answer, known bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer, known = f.known[fact]
	return answer, known
}

// Note remembers an answer.
func (f *Facts) Note(fact Fact, answer bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil {
		f.known = map[Fact]bool{}
	}
	f.known[fact] = answer
}

// Ask returns the answer, and asks the server if it hasn't answered in this walk. It doesn't remember errors.
func (f *Facts) Ask(fact Fact, ask func() (bool, error)) (bool, error) {
	if answer, known := f.Known(fact); known {
		return answer, nil
	}
	answer, err := ask()
	if err == nil {
		f.Note(fact, answer)
	}
	return answer, err
}
