package jsonvalue

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
)

const (
	// precision is the precision with which Terraform itself parses numbers, so that a literal yields the same
	// big.Float on both sides. It holds 154 decimal digits.
	precision    = 512
	exactDigits  = 156
	plainDigits  = 500     // more zeros need the exponent form
	maxLiteral   = 100_000 // the time of big.ParseFloat grows with the square of the digits
	maxMagnitude = 10_000
)

// errNumberRange reports a number that this package can hold but Terraform can't: Terraform writes every number out in
// full in messages to the provider and in its state, and 1e-1000000 keeps Terraform busy for minutes.
var errNumberRange = errors.New("number has an exponent beyond 10000, which Terraform cannot represent")

var errInfinite = errors.New("an infinite number has no JSON form")

// parseNumber returns the value of a JSON number, rounded to 512 bits exactly as Terraform rounds it. It returns false
// if a big.Float can't hold the value.
func parseNumber(literal string) (*big.Float, bool) {
	if !strings.ContainsAny(mantissa(literal), "123456789") {
		return newFloat(), true // zero with any exponent, which ParseFloat might refuse
	}
	if len(literal) > maxLiteral {
		return nil, false
	}
	f, _, err := big.ParseFloat(literal, 10, precision, big.ToNearestEven)
	// ParseFloat returns zero for too small an exponent, and infinity for too large an exponent, without an error.
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

// canonical returns f at the common precision. Terraform sends integers with 64 bits and some fractions with 53 bits,
// and the shortest text at that precision would be another number.
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

// exponentForm is Text('e', -1) for huge exponents, where Text writes out the whole number before shortening it. It
// first scales f to a few digits before the point, then finds the fewest digits that parse back to f.
func exponentForm(f *big.Float) string {
	// The shift stays below the magnitude, whose estimate may be up to 9 too high, so that the power can't overflow if
	// f doesn't.
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
