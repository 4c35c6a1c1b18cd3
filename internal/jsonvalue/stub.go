package jsonvalue

import (
	"encoding/json"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var errTODO = errors.New("not implemented yet")

// UnknownError says that a value can't be JSON yet.
type UnknownError struct {
	// Path leads from the encoded value to the unknown one.
	Path path.Path
}

// Error names the unknown value.
func (e *UnknownError) Error() string { return e.Path.String() + " is not known yet" }

// Encode returns v as JSON.
func Encode(v attr.Value) (json.RawMessage, error) { return nil, errTODO }

// Decode returns raw in its natural form.
func Decode(raw json.RawMessage) (attr.Value, error) { return nil, errTODO }

// Dynamic is Decode, wrapped.
func Dynamic(raw json.RawMessage) (types.Dynamic, error) { return types.DynamicNull(), errTODO }

// Equal says whether a and b mean the same JSON.
func Equal(a, b attr.Value) bool { return false }

// EqualJSON says whether a and b mean the same.
func EqualJSON(a, b json.RawMessage) bool { return false }

// Matches says whether v means raw.
func Matches(v attr.Value, raw json.RawMessage) bool { return false }

// Align returns raw in the representation of prior.
func Align(prior attr.Value, raw json.RawMessage) (attr.Value, error) { return nil, errTODO }

// AlignDynamic is Align for dynamic values.
func AlignDynamic(prior types.Dynamic, raw json.RawMessage) (types.Dynamic, error) {
	return types.DynamicNull(), errTODO
}

// HasUnknown says whether v or anything within is unknown.
func HasUnknown(v attr.Value) bool { return false }

// Unwrap removes types.Dynamic layers.
func Unwrap(v attr.Value) attr.Value { return v }
