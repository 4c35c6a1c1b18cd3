package jsonvalue

import (
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The set {1,2} is the only partner of the list [1,2], but [2,1] may have taken it.
func TestSameElements_pairsOff(t *testing.T) {
	t.Parallel()
	one, two := num("1"), num("2")
	lists := types.ListType{ElemType: types.NumberType}
	ordered := list(types.NumberType, two, one)
	reversed := list(types.NumberType, one, two)
	either := set(types.NumberType, one, two)
	a := set(lists, ordered, reversed)
	if b := tup(either, ordered); !Equal(a, b) || !Equal(b, a) {
		t.Error("no pairing found")
	}
	if b := tup(either, either); !Equal(a, b) || !Equal(b, a) {
		t.Error("no pairing found among equals")
	}
	if b := tup(ordered, ordered); Equal(a, b) || Equal(b, a) {
		t.Error("one element served twice")
	}
}

func TestSameElements_largeSets(t *testing.T) {
	t.Parallel()
	start := time.Now()
	values := make([]attr.Value, 20_000)
	reversed := make([]attr.Value, len(values))
	for i := range values {
		values[i] = str("member-" + strconv.Itoa(i))
		reversed[len(values)-1-i] = values[i]
	}
	server, err := Encode(tup(reversed...))
	if err != nil {
		t.Fatal(err)
	}
	if !Matches(set(types.StringType, values...), server) {
		t.Error("order matters in a set")
	}
	got, err := Align(set(types.StringType, values[1:]...), server)
	if _, ok := got.(types.Set); !ok || err != nil {
		t.Errorf("became a %T, %v", got, err)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for a, b := range map[string]string{
		`[1,[2,3],{"a":"é"}]`: `[{"a":"e\u0301"},[3,2.0],1e0]`,
		`{"a":1,"b":null}`:    `{"a":1.0}`,
		`[true,false]`:        `[false,true]`,
		`-0`:                  `0`,
	} {
		na, _ := parse(raw(a))
		nb, _ := parse(raw(b))
		if key(na) != key(nb) {
			t.Errorf("%s and %s have the keys %s and %s", a, b, key(na), key(nb))
		}
	}
}

// Nested sets that differ only at the lowest level: each level may compare its elements only once.
func TestSameElements_nestedSets(t *testing.T) {
	t.Parallel()
	start := time.Now()
	v, in := list(types.NumberType, num("1"), num("2")), "[2,1]"
	for range 200 {
		v, in = set(v.Type(t.Context()), v), "["+in+"]"
	}
	if Matches(v, raw(in)) {
		t.Error("the order in a list is ignored")
	}
	got, err := Align(v, raw(in))
	if err != nil || !Matches(got, raw(in)) {
		t.Errorf("became %.100s, %v", got, err)
	}
	if took := time.Since(start); took > patience {
		t.Errorf("took %s", took)
	}
}
