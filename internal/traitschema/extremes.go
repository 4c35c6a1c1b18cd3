package traitschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxExponent bounds the exponents of numbers that are computed with. The library in use here makes exact fractions of numbers, which
// takes seconds for one with a million digits, and crashes where they become more.
const maxExponent = 10_000

// ErrExtremeNumber says that traits can't be checked.
var ErrExtremeNumber = fmt.Errorf("they have a number with an exponent beyond %d", maxExponent)

// hasExtreme says whether a number with too large an exponent stands anywhere in decoded JSON.
func hasExtreme(value any) bool {
	return hasLeaf(value, func(leaf any) bool {
		number, ok := leaf.(json.Number)
		_, power, written := strings.Cut(strings.ToLower(number.String()), "e")
		exponent, err := strconv.Atoi(power)
		return ok && written && (err != nil || exponent < -maxExponent || exponent > maxExponent)
	})
}

// noPanic makes an error of a panic: no schema, which may come from the server, is to end the whole provider. What the panic says may
// hold values of the traits.
func noPanic(err *error) {
	if recover() != nil {
		*err = errors.New("checking by it fails for a reason within the provider")
	}
}
