package jsonvalue

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
)

// Encode returns v as compact JSON with sorted keys. Objects and maps become objects without their null members. Lists,
// tuples and sets become arrays that keep null elements. A null v becomes null. Integers have no exponent, except
// numbers of more than about 500 digits. Every number has the fewest digits that identify it at 512 bits.
//
// A value that is unknown or contains an unknown value yields an *UnknownError. The other errors are an infinite
// number, a type without a JSON form, and nesting beyond 500 levels.
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
