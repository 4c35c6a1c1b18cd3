package jsonvalue

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
)

const (
	// precision is what Terraform itself parses numbers with, so a literal
	// means the same big.Float on both sides. It holds 154 decimal digits.
	precision    = 512
	exactDigits  = 156
	plainDigits  = 500     // beyond this many zeros, exponent form
	maxLiteral   = 100_000 // big.ParseFloat is quadratic in the digits
	maxMagnitude = 10_000
)

// errNumberRange stands for numbers that this side could hold but not pass on:
// Terraform writes every number out in full on its wire and in its state, and
// 1e-1000000 keeps it busy for minutes.
var errNumberRange = errors.New("number has an exponent beyond 10000, which Terraform can't hold")

var errInfinite = errors.New("an infinite number has no JSON form")

// parseNumber returns the value of a JSON number, rounded to 512 bits exactly
// as Terraform does; false where a big.Float can't hold it.
func parseNumber(literal string) (*big.Float, bool) {
	if !strings.ContainsAny(mantissa(literal), "123456789") {
		return newFloat(), true // whatever its exponent, which ParseFloat would refuse
	}
	if len(literal) > maxLiteral {
		return nil, false
	}
	f, _, err := big.ParseFloat(literal, 10, precision, big.ToNearestEven)
	// Too small an exponent yields zero, and too big a one infinity, without an error.
	if err != nil || f.IsInf() || f.Sign() == 0 {
		return nil, false
	}
	return f, true
}

func mantissa(literal string) string {
	if i := strings.IndexAny(literal, "eE"); i >= 0 {
		return literal[:i]
	}
	return literal
}

func newFloat() *big.Float {
	return new(big.Float).SetPrec(precision).SetMode(big.ToNearestEven)
}

// canonical returns f at the common precision. Terraform's wire delivers
// integers with 64 bits and some fractions with 53; the shortest text of those
// would be another number than theirs.
func canonical(f *big.Float) *big.Float {
	if f.Sign() == 0 {
		return newFloat() // -0 is 0
	}
	return newFloat().Set(f)
}

// magnitude estimates the decimal exponent of f.
func magnitude(f *big.Float) int {
	const log2, scale = 30103, 100_000
	return int(int64(f.MantExp(nil)) * log2 / scale)
}

func inRange(f *big.Float) bool {
	m := magnitude(f)
	return -maxMagnitude <= m && m <= maxMagnitude
}

// literal returns the shortest JSON number that parses to the same value.
func (n node) literal() json.Number {
	if n.num == nil {
		return json.Number(n.text)
	}
	if m := magnitude(n.num); m < -plainDigits || m > plainDigits {
		return json.Number(exponentForm(n.num))
	}
	return json.Number(n.num.Text('f', -1))
}

// exponentForm is Text('e', -1) for huge exponents, where the latter writes the
// whole number out before shortening it. It scales f to a few digits before the
// point first, then looks for the fewest digits that parse back to f.
func exponentForm(f *big.Float) string {
	// Short of the magnitude, whose estimate may be 9 too many, so that the
	// power can't overflow where f doesn't.
	shift := magnitude(f)
	if shift > 0 {
		shift -= 16
	} else {
		shift += 16
	}
	power, _, err := big.ParseFloat("1e"+strconv.Itoa(shift), 10, 2*precision, big.ToNearestEven)
	if err != nil {
		return f.Text('e', -1)
	}
	scaled := new(big.Float).SetPrec(2*precision).Quo(f, power)
	s := ""
	for digits := range exactDigits {
		m, exponent, _ := strings.Cut(scaled.Text('e', digits), "e")
		e, _ := strconv.Atoi(exponent)
		s = m + "e" + strconv.Itoa(e+shift)
		if back, ok := parseNumber(s); ok && back.Cmp(f) == 0 {
			break
		}
	}
	return s
}
