package jsonvalue

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var seeds = []string{
	`null`, `{}`, `[]`, `""`, `-0`, `0.1`, `1e21`, `1E400`, `1e-7`, `9007199254740993`, `1e99999999999`,
	`{"email":"ada@example.org","name":{"first":"Ada","last":null}}`,
	`{"email":"bob@example.org","name":{"first":"Bob","middle":"x"},"tags":["a","b"]}`,
	`{"tags":["b","a","a"],"":1,"e\u0301":"e\u0301","é":null}`,
	`[[1,2],[2,1],[1.0,2]]`, `[{"a":1},{"a":1,"b":null},{"b":2}]`, `{"a":{"x":"1"},"b":{"y":"2"}}`,
	`[true,null,"\u2028<>&\u0000\ud800"]`, `{"a":[["x","y"],["y","x"]],"b":[[],[null]]}`,
}

func FuzzRoundTrip(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		v, ok := decoded(t, in)
		if !ok {
			return
		}
		out, err := Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		if !EqualJSON(in, out) || !Matches(v, in) || !Matches(v, out) {
			t.Fatalf("%s became %s", in, out)
		}
		again, err := Decode(out)
		if err != nil {
			t.Fatal(err)
		}
		same(t, again, v)
		if !Equal(again, v) {
			t.Fatalf("%s isn't equal to itself", v)
		}
		survivesWire(t, v)
	})
}

// FuzzAlign turns one JSON value into a value that a configuration may have, with lists, sets, maps and typed nulls,
// and aligns the other JSON value to it.
func FuzzAlign(f *testing.F) {
	for i, seed := range seeds {
		for j, other := range seeds {
			f.Add([]byte(seed), []byte(other), uint64(i*len(seeds)+j))
		}
	}
	f.Fuzz(func(t *testing.T, before, in []byte, shape uint64) {
		natural, ok := decoded(t, before)
		if !ok {
			return
		}
		prior := reshape(rand.New(rand.NewPCG(shape, 0)), natural)
		keepsPrior(t, prior)
		if _, ok := decoded(t, in); !ok {
			return
		}
		got, err := Align(prior, in)
		if err != nil {
			t.Fatal(err)
		}
		if !Matches(got, in) {
			t.Fatalf("%s aligned to %s is %s", in, prior, got)
		}
		survivesWire(t, got)
		again, err := Align(got, in)
		if err != nil {
			t.Fatal(err)
		}
		same(t, again, got)
	})
}

func decoded(t *testing.T, in []byte) (attr.Value, bool) {
	t.Helper()
	v, err := Decode(in)
	if err != nil && !errors.Is(err, errNumberRange) && EqualJSON(in, in) && !isEmpty(in) {
		t.Fatalf("%s: %v", in, err)
	}
	return v, err == nil
}

func keepsPrior(t *testing.T, prior attr.Value) {
	t.Helper()
	encoded, err := Encode(prior)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Align(prior, encoded)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, prior)
	if !Equal(prior, prior) || !Matches(prior, encoded) || !EqualJSON(encoded, encoded) {
		t.Fatalf("%s doesn't equal itself", prior)
	}
}

// reshape turns tuples into lists and sets, and objects into maps, if their elements have one type, and adds typed
// nulls.
func reshape(rng *rand.Rand, v attr.Value) attr.Value {
	switch v := v.(type) {
	case types.Tuple:
		return reshapeTuple(rng, v.Elements())
	case types.Object:
		return reshapeObject(rng, v.Attributes())
	case types.Dynamic:
		return typedNull(rng)
	}
	return v
}

func typedNull(rng *rand.Rand) attr.Value {
	return []attr.Value{
		types.DynamicNull(), types.StringNull(), types.NumberNull(), types.ListNull(types.StringType),
		types.ObjectNull(map[string]attr.Type{"a": types.StringType}),
	}[rng.IntN(5)]
}

func reshapeTuple(rng *rand.Rand, values []attr.Value) attr.Value {
	for i, value := range values {
		values[i] = reshape(rng, value)
	}
	of, ok := commonType(values)
	shape := rng.IntN(3)
	switch {
	case ok && shape == 1:
		return types.ListValueMust(of, values)
	case ok && shape == 2 && !hasDuplicates(values):
		return types.SetValueMust(of, values)
	}
	tuple, err := newTuple(values)
	if err != nil {
		panic(err)
	}
	return tuple
}

func reshapeObject(rng *rand.Rand, values map[string]attr.Value) attr.Value {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		values[name] = reshape(rng, values[name])
	}
	if of, ok := commonType(slices.Collect(maps.Values(values))); ok && rng.IntN(2) == 1 {
		return types.MapValueMust(of, values)
	}
	for _, name := range []string{"a", "tags", "", "null"} {
		if _, has := values[name]; !has && rng.IntN(3) == 0 {
			values[name] = typedNull(rng)
		}
	}
	object, err := newObject(values)
	if err != nil {
		panic(err)
	}
	return object
}

func commonType(values []attr.Value) (attr.Type, bool) {
	if len(values) == 0 {
		return types.StringType, true
	}
	of := values[0].Type(context.Background())
	for _, value := range values {
		if !of.Equal(value.Type(context.Background())) {
			return nil, false
		}
	}
	return of, homogeneous(of)
}
