package jsonvalue

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestNumber_exact(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("1234567890", 15)
	for literal, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0e5": "0", "0e99999999999999999999": "0", "-1": "-1",
		"9007199254740993": "9007199254740993", "12345678901234567890": "12345678901234567890",
		"1.0": "1", "1.10": "1.1", "1e2": "100", "1e21": "1000000000000000000000", "1E+2": "100",
		"0.1": "0.1", "1e-7": "0.0000001", "-2.5e-3": "-0.0025",
		"0.1000000000000000055511151231257827021181583404541015625": "0.1000000000000000055511151231257827021181583404541015625",
		"123456789.123456789012345678901234567890":                  "123456789.12345678901234567890123456789",
		long: long, "-" + long: "-" + long, "0." + long: "0." + strings.TrimRight(long, "0"),
		"1E400": "1" + strings.Repeat("0", 400), "1e1000": "1e+1000", "-1.5e1000": "-1.5e+1000",
		"1e-1000": "1e-1000", "12.34e-9990": "1.234e-9989",
	} {
		v, err := Decode(raw(literal))
		if err != nil {
			t.Errorf("%s: %v", literal, err)
			continue
		}
		got, err := Encode(v)
		if err != nil {
			t.Errorf("%s: %v", literal, err)
		}
		// The exponent has a sign, as in Go's own 'e' form, or none.
		if s := strings.Replace(string(got), "e+", "e", 1); s != strings.Replace(want, "e+", "e", 1) {
			t.Errorf("%s became %s, want %s", literal, got, want)
		}
		if !v.Equal(num(strings.Replace(literal, "0e99999999999999999999", "0", 1))) || !EqualJSON(raw(literal), got) {
			t.Errorf("%s isn't equal to what it became, %s", literal, got)
		}
		survivesWire(t, v)
	}
}

// Numbers from Terraform may have another precision than 512.
func TestNumber_anyPrecision(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		f    *big.Float
		want string
	}{
		{new(big.Float).SetInt64(math.MaxInt64), "9223372036854775807"},
		{new(big.Float).SetUint64(math.MaxUint64), "18446744073709551615"},
		{big.NewFloat(0.5), "0.5"},
		// Terraform sends a fraction as a double only if the double is exact.
		{big.NewFloat(0.1), "0.1000000000000000055511151231257827021181583404541015625"},
		{new(big.Float).SetPrec(1000).SetInt64(7), "7"},
		{new(big.Float).Neg(new(big.Float)), "0"},
	} {
		got, err := Encode(types.NumberValue(tc.f))
		if err != nil || string(got) != tc.want {
			t.Errorf("%s became %s, %v, want %s", tc.f, got, err, tc.want)
		}
		if !Matches(types.NumberValue(tc.f), got) {
			t.Errorf("%s doesn't match what it became, %s", tc.f, got)
		}
	}
}

func TestNumber_hugeExponents(t *testing.T) {
	t.Parallel()
	for _, literal := range []string{
		"1e+1000000", "1e-1000000", "-7.25e+1000000", "1e+600000000", "9.87654321e-600000000",
		"1e+646456992", "1e-646456992",
	} {
		start := time.Now()
		got, err := Encode(num(literal))
		if err != nil || strings.Replace(string(got), "e+", "e", 1) != strings.Replace(literal, "e+", "e", 1) {
			t.Errorf("%s became %.100s, %v", literal, got, err)
		}
		if took := time.Since(start); took > patience {
			t.Errorf("%s took %s", literal, took)
		}
		if !Matches(num(literal), raw(literal)) || Matches(num(literal), raw("1e500")) {
			t.Errorf("%s isn't compared by value", literal)
		}
	}
}

func TestDecode_refusesNumbersOutOfRange(t *testing.T) {
	t.Parallel()
	for _, literal := range []string{
		"1e20000", "1e-20000", "1e1000000", "1e-1000000", "1e999999999", "1e-999999999",
		"1e99999999999", "-1e99999999999999999999", "1e-99999999999999999999", strings.Repeat("7", 200_000),
	} {
		if v, err := Decode(raw(`{"n":[` + literal + `]}`)); err == nil {
			t.Errorf("%.30s became %.100s", literal, v)
		}
		if !EqualJSON(raw(literal), raw(literal)) || EqualJSON(raw(literal), raw("0")) || EqualJSON(raw("0"), raw(literal)) {
			t.Errorf("%.30s isn't equal to itself alone", literal)
		}
	}
}
