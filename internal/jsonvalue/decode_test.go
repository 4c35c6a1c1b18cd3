package jsonvalue

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]attr.Value{
		`null`:                                 types.DynamicNull(),
		` true `:                               types.BoolValue(true),
		`"x"`:                                  str("x"),
		`-1.50`:                                num("-1.5"),
		`{}`:                                   obj(attrs{}),
		`[]`:                                   tup(),
		`{"a":{"b":[1,"x",null]}}`:             obj(attrs{"a": obj(attrs{"b": tup(num("1"), str("x"), types.DynamicNull())})}),
		`{"a":null,"b":{"c":null}}`:            obj(attrs{"b": obj(attrs{})}),
		`{"a":1,"a":"x"}`:                      obj(attrs{"a": str("x")}),
		`{"a":1,"a":null}`:                     obj(attrs{}),
		`[{},[],[[]]]`:                         tup(obj(attrs{}), tup(), tup(tup())),
		`{"e\u0301":1}`:                        obj(attrs{"é": num("1")}),
		`{"e\u0301":1,"\u00e9":2}`:             obj(attrs{"é": num("2")}),
		`{"":0," ":0,"a.b":0}`:                 obj(attrs{"": num("0"), " ": num("0"), "a.b": num("0")}),
		`"\u2028<>&\u0000\ud83d\ude00e\u0301"`: str("\u2028<>&\x00😀e\u0301"),
		"\"\xff\\ud800\"":                      str("\ufffd\ufffd"),
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, err := Decode(raw(in))
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, want)
			survivesWire(t, got)
		})
	}
}

func TestDecode_refusesInvalid(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", " ", "{", "[1,]", "1 2", `{} x`, "{}}", "nul", "01", "+1", "NaN", `"a`, "'a'", "{a:1}", "\ufeff1"} {
		if v, err := Decode(raw(in)); err == nil {
			t.Errorf("%q became %s", in, v)
		}
		if EqualJSON(raw(in), raw(in)) != (strings.TrimSpace(in) == "") {
			t.Errorf("%q is compared wrongly with itself", in)
		}
	}
}

func TestDynamic(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]types.Dynamic{
		"": types.DynamicNull(), " \n": types.DynamicNull(), "null": types.DynamicNull(),
		"[]": types.DynamicValue(tup()), `{"a":1}`: types.DynamicValue(obj(attrs{"a": num("1")})),
	} {
		got, err := Dynamic(raw(in))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want)
	}
	if got, err := Dynamic(raw("{")); err == nil || !got.IsNull() {
		t.Errorf("got %s, %v", got, err)
	}
}

// Deeply nested JSON must neither panic nor take long, whether within or beyond the limit.
func TestDecode_depth(t *testing.T) {
	t.Parallel()
	for depth, ok := range map[int]bool{maxDepth: true, maxDepth + 1: false, 9_999: false, 100_000: false} {
		for _, shape := range []string{"[%s]", `{"a":%s}`} {
			open, closed, _ := strings.Cut(shape, "%s")
			in := raw(strings.Repeat(open, depth) + "1" + strings.Repeat(closed, depth))
			start := time.Now()
			v, err := Decode(in)
			if (err == nil) != ok || EqualJSON(in, in) != ok {
				t.Errorf("%d levels: %v", depth, err)
			}
			if ok {
				got, err := Encode(v)
				if err != nil || string(got) != string(in) {
					t.Errorf("%d levels: %v", depth, err)
				}
			}
			if took := time.Since(start); took > patience {
				t.Errorf("%d levels took %s", depth, took)
			}
		}
	}
	deep := attr.Value(types.DynamicNull())
	for range 10 * maxDepth {
		deep = types.TupleValueMust([]attr.Type{types.DynamicType}, []attr.Value{dyn(deep)})
	}
	if got, err := Encode(deep); err == nil || Equal(deep, deep) || HasUnknown(deep) {
		t.Errorf("became %d bytes", len(got))
	}
	if got, err := Align(deep, raw("[1]")); err != nil || fmt.Sprint(got) != "[1]" {
		t.Errorf("aligned to %s, %v", got, err)
	}
}
