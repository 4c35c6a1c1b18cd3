package passwordhash

import (
	"fmt"
	"math"
	"strings"
)

// parameter is a cost parameter of a hash.
type parameter struct {
	name       string
	largest    uint64 // of the server's type: a larger number is none
	min, max   uint64 // bounds of servers after v26.2
	powerOfTwo bool   // any other number makes the server's comparison fail
}

// The bounds are those of hash/hash_limits.go of Kratos. Servers up to v26.2 have none.
const maxBcryptCost = 15

var (
	argonParameters = []parameter{
		{name: "m", largest: math.MaxUint64, min: 1, max: 1 << 20}, // KiB
		{name: "t", largest: math.MaxUint32, min: 1, max: 10},
		{name: "p", largest: math.MaxUint8, min: 1, max: 16},
	}
	pbkdf2Parameters = []parameter{
		{name: "i", largest: math.MaxUint32, min: 1, max: 10_000_000},
		{name: "l", largest: math.MaxUint32, max: math.MaxUint32}, // the server measures the key instead
	}
	scryptParameters = []parameter{
		{name: "ln", largest: math.MaxUint32, min: 1, max: 1 << 17, powerOfTwo: true}, // N, not its logarithm
		{name: "r", largest: math.MaxUint32, min: 1, max: 8},
		{name: "p", largest: math.MaxUint32, min: 1, max: 10},
	}
	firebaseParameters = []parameter{
		{name: "ln", largest: math.MaxUint32, max: 17},
		{name: "r", largest: math.MaxUint32, min: 1, max: 8},
		{name: "p", largest: math.MaxUint32, min: 1, max: 10},
	}
)

// parameters parses numbers such as "ln=16384,r=8,p=1" as the server does, which ignores what follows them.
func parameters(all ...parameter) field {
	form := make([]string, 0, len(all))
	for _, p := range all {
		form = append(form, p.name+"=%d")
	}
	format := strings.Join(form, ",")
	return func(_, text string) verdict {
		values, pointers := make([]uint64, len(all)), make([]any, len(all))
		for i := range values {
			pointers[i] = &values[i]
		}
		_, err := fmt.Sscanf(text, format, pointers...)
		var v verdict
		for i, p := range all {
			if err != nil || values[i] > p.largest {
				return verdict{fault: "its parameters are not " + strings.ReplaceAll(format, "%d", "<number>")}
			}
			v = v.and(p.judge(values[i]))
		}
		return v
	}
}

func (p parameter) judge(value uint64) verdict {
	switch {
	case p.powerOfTwo && (value < 2 || value&(value-1) != 0):
		return verdict{useless: fmt.Sprintf("its parameter %s is not a power of two", p.name)}
	case value < p.min || value > p.max:
		return verdict{bound: fmt.Sprintf("its parameter %s is not between %d and %d", p.name, p.min, p.max)}
	}
	return verdict{}
}
