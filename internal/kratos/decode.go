package kratos

import (
	"bytes"
	"encoding/json"
	"errors"
)

var errNoArray = errors.New("no JSON array")

// decodeArray decodes a JSON array element by element and stops at a bound, because an array of a few megabytes can
// become hundreds of megabytes of Go values.
func decodeArray[T any](data []byte, what string, bound int) ([]T, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if token, err := decoder.Token(); err != nil || token != json.Delim('[') {
		return nil, errors.Join(errNoArray, err)
	}
	elements := []T{}
	for decoder.More() {
		if len(elements) == bound {
			return nil, errTooMany(what, bound)
		}
		var element T
		if err := decoder.Decode(&element); err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	_, err := decoder.Token()
	return elements, err
}

// bounded is an array of at most [MaxElements] elements in an object of the API. null is nil.
type bounded[T any] []T

// UnmarshalJSON decodes the array up to the bound.
func (b *bounded[T]) UnmarshalJSON(data []byte) error {
	if nilIfNull(data) == nil {
		*b = nil
		return nil
	}
	elements, err := decodeArray[T](data, "elements of one list", MaxElements)
	*b = elements
	return err
}

// boundedMap is an object of at most [MaxElements] members in an object of the API. null is nil.
type boundedMap[T any] map[string]T

// UnmarshalJSON decodes the object up to the bound.
func (b *boundedMap[T]) UnmarshalJSON(data []byte) error {
	*b = nil
	if nilIfNull(data) == nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return errors.Join(errors.New("no JSON object"), err)
	}
	members := map[string]T{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		if len(members) == MaxElements {
			return errTooMany("members of one object", MaxElements)
		}
		var member T
		if err := decoder.Decode(&member); err != nil {
			return err
		}
		text, _ := name.(string) // the name of a member is always a string
		members[text] = member
	}
	*b = members
	return nil
}
