package jsonvalue

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
)

// Encode returns v as compact JSON with its keys sorted: objects and maps as
// objects without their null members, lists, tuples and sets as arrays that
// keep null elements, and a null v as null. Integers come without an exponent,
// but for numbers of more than about 500 digits; every number comes with just
// the digits that tell it from its neighbours at 512 bits.
//
// A value that is unknown, or has something unknown within, is an
// *UnknownError. The other errors are an infinite number, a type that has no
// JSON form, and nesting beyond 500 levels.
func Encode(v attr.Value) (json.RawMessage, error) {
	if at, found := unknownPath(v); found {
		return nil, &UnknownError{Path: at}
	}
	n, err := fromValue(v)
	if err != nil {
		return nil, fmt.Errorf("encoding JSON: %w", err)
	}
	return encodePlain(n.plain())
}

func encodePlain(plain any) (json.RawMessage, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(plain); err != nil {
		return nil, fmt.Errorf("encoding JSON: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
