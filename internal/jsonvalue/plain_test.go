package jsonvalue

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]any{
		"": nil, "null": nil, "{": nil, "true": true,
		`{"a":[12345678901234567890,null]}`: map[string]any{"a": []any{json.Number("12345678901234567890"), nil}},
	} {
		if got := Plain(raw(in)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q became %#v, want %#v", in, got, want)
		}
	}
}
