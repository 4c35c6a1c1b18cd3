package kratos

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
)

// ErrWrongIdentity is a response about another identity than the request. The client must not use the response or save
// it in a state: a gateway or cache mixes up responses, or drops the query of a request.
var ErrWrongIdentity = errors.New("the server answered with another identity")

// subject describes the identity that a response must be about. Empty fields are not checked.
type subject struct{ id, externalID, schemaID string }

// NewWrongIdentity returns the error of a write if the caller has found that the response is about another identity. It
// is [ErrWrongIdentity] and [ErrOutcomeUnknown].
func NewWrongIdentity(what string) error { return unsettled{mismatch(what)} }

type unsettled struct{ mismatch }

// Unwrap gives the kinds of the error.
func (unsettled) Unwrap() []error { return []error{ErrWrongIdentity, ErrOutcomeUnknown} }

// mismatch is a response about another identity. It is [ErrWrongIdentity].
type mismatch string

func (m mismatch) Error() string {
	return fmt.Sprintf("%s: %s. A cache or gateway between the provider and Kratos mixes up responses",
		ErrWrongIdentity, string(m))
}

// Unwrap gives the kind of the error.
func (mismatch) Unwrap() error { return ErrWrongIdentity }

// check compares an identity of a response with the request.
func (s subject) check(identity *Identity) error {
	switch {
	case !IsUUID(identity.ID):
		return mismatch("its id is not a UUID")
	case s.id != "" && !strings.EqualFold(identity.ID, s.id):
		return mismatch(fmt.Sprintf("asked for %s, got %s", s.id, identity.ID))
	case s.externalID != "" && identity.ExternalID != s.externalID:
		return mismatch(fmt.Sprintf("asked for the external_id %q, got %s with another", s.externalID, identity.ID))
	case s.schemaID != "" && identity.SchemaID != s.schemaID:
		return mismatch(fmt.Sprintf("asked for the schema_id %q, got %s with another", s.schemaID, identity.ID))
	default:
		return nil
	}
}

// createdID returns the id of a new identity from the header Location, "" if there is none.
func createdID(header http.Header) string {
	location, _, _ := strings.Cut(header.Get("Location"), "?")
	if id := path.Base(location); IsUUID(id) {
		return id
	}
	return ""
}

// wrongIdentity returns the error of a success that is about another identity. The outcome of a write is then unknown.
func (res *response) wrongIdentity(err error) *Error {
	e := res.call.newError(res.status)
	e.Message = err.Error()
	e.causes = append(e.causes, err)
	if res.call.isWrite() && !res.call.unknown {
		e.causes = append(e.causes, ErrOutcomeUnknown)
	}
	return e
}
