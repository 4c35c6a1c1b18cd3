package jsonvalue

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestEncodeKeeping(t *testing.T) {
	t.Parallel()
	value := dyn(obj(attrs{
		"a": types.StringNull(), "b": types.DynamicNull(), "c": str("x"),
		"d": tup(obj(attrs{"e": types.StringNull(), "f": types.BoolNull()}), types.StringNull()),
		"g": dict(types.StringType, attrs{"h": types.StringNull()}),
	}))
	for keep, want := range map[string]string{
		"":            `{"c":"x","d":[{},null],"g":{}}`,
		"a d/0/f g/h": `{"a":null,"c":"x","d":[{"f":null},null],"g":{"h":null}}`,
		"c d d/1":     `{"c":"x","d":[{},null],"g":{}}`,
	} {
		kept := strings.Fields(keep)
		got, err := EncodeKeeping(value, func(path []string) bool { return slices.Contains(kept, strings.Join(path, "/")) })
		if err != nil || string(got) != want {
			t.Errorf("%q: %s, want %s: %v", keep, got, want, err)
		}
	}
	if got, err := EncodeKeeping(value, nil); err != nil || string(got) != `{"c":"x","d":[{},null],"g":{}}` {
		t.Errorf("%s: %v", got, err)
	}
}

func TestDynamicWithNulls(t *testing.T) {
	t.Parallel()
	got, err := DynamicWithNulls(raw(`{"a":null,"b":[{"c":null,"d":1}],"e":{}}`))
	want := dyn(
		obj(attrs{"a": types.DynamicNull(), "b": tup(obj(attrs{"c": types.DynamicNull(), "d": num("1")})), "e": obj(nil)}),
	)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want)
	for _, text := range []string{"null", ""} {
		if got, err := DynamicWithNulls(raw(text)); err != nil || !got.IsNull() {
			t.Errorf("%q: %s: %v", text, got, err)
		}
	}
}
