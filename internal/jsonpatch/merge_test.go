package jsonpatch

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ base, want, current, merged string }{
		"change": {`{"a":1,"b":2}`, `{"a":3,"b":2}`, `{"a":1,"b":2}`, `{"a":3,"b":2}`},
		"what somebody changed meanwhile stays": {
			`{"a":1,"b":{"c":1}}`, `{"a":2,"b":{"c":1}}`, `{"a":1,"b":{"c":9},"d":4}`, `{"a":2,"b":{"c":9},"d":4}`,
		},
		"nested":             {`{"a":{"b":1,"c":2}}`, `{"a":{"b":3,"c":2}}`, `{"a":{"b":1,"c":9}}`, `{"a":{"b":3,"c":9}}`},
		"removed":            {`{"a":1,"b":2}`, `{"a":1}`, `{"a":1,"b":2,"c":3}`, `{"a":1,"c":3}`},
		"added":              {`{}`, `{"a":{"b":1}}`, `{}`, `{"a":{"b":1}}`},
		"array is one value": {`{"a":[1,2]}`, `{"a":[1,2,3]}`, `{"a":[9]}`, `{"a":[1,2,3]}`},
		"object to scalar":   {`{"a":{"b":1}}`, `{"a":1}`, `{"a":{"b":1}}`, `{"a":1}`},
		"scalar to object":   {`{"a":1}`, `{"a":{"b":1}}`, `{"a":1}`, `{"a":{"b":1}}`},
		"parent gone":        {`{"a":{"b":1,"c":2}}`, `{"a":{"b":3,"c":2}}`, `{}`, `{"a":{"b":3,"c":2}}`},
		"no object there":    {`null`, `{"a":1}`, `null`, `{"a":1}`},
		"no object wanted":   {`{"a":1}`, `"x"`, `{"a":1}`, `"x"`},
		"number by value":    {`{"a":1.0}`, `{"a":1}`, `{"a":5}`, `{"a":5}`},
		"large number counts": {
			`{"a":9007199254740992}`,
			`{"a":9007199254740993}`,
			`{"a":9007199254740992}`,
			`{"a":9007199254740993}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := jsonvalue.EncodePlain(Merge(parse(test.base), parse(test.want), parse(test.current)))
			if !jsonvalue.EqualJSON(got, json.RawMessage(test.merged)) {
				t.Errorf("got %s, want %s", got, test.merged)
			}
		})
	}
}

func parse(text string) any { return jsonvalue.Plain(json.RawMessage(text)) }

func TestDiff(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ current, target, operations string }{
		"nothing":        {`{"a":1}`, `{"a":1.0}`, `null`},
		"leaf":           {`{"a":{"b":1,"c":2}}`, `{"a":{"b":3,"c":2}}`, `[{"op":"replace","path":"/t/a/b","value":3}]`},
		"new":            {`{}`, `{"a":{"b":1}}`, `[{"op":"add","path":"/t/a","value":{"b":1}}]`},
		"removed":        {`{"a":1,"b":2}`, `{"b":2}`, `[{"op":"remove","path":"/t/a"}]`},
		"null is absent": {`{"a":null,"b":2}`, `{"b":2}`, `null`},
		"new null":       {`{"a":{"c":null}}`, `{"a":{"b":null,"c":null}}`, `[{"op":"add","path":"/t/a/b","value":null}]`},
		"escaped":        {`{"a/b":{"~":1}}`, `{"a/b":{"~":2}}`, `[{"op":"replace","path":"/t/a~1b/~0","value":2}]`},
		"whole":          {`null`, `{"a":1}`, `[{"op":"replace","path":"/t","value":{"a":1}}]`},
		"to null":        {`{"a":1}`, `null`, `[{"op":"replace","path":"/t","value":null}]`},
		"text as it is":  {`{"a":""}`, `{"a":"<&>"}`, `[{"op":"replace","path":"/t/a","value":"<&>"}]`},
		"digits stay": {
			`{"a":1}`,
			`{"a":12345678901234567890}`,
			`[{"op":"replace","path":"/t/a","value":12345678901234567890}]`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(Diff(parse(test.current), parse(test.target), "/t"))
			if err != nil {
				t.Fatal(err)
			}
			if !jsonvalue.EqualJSON(got, json.RawMessage(test.operations)) {
				t.Errorf("got %s, want %s", got, test.operations)
			}
		})
	}
}

func TestAddNulls(t *testing.T) {
	t.Parallel()
	got := AddNulls(
		parse(`{"a":{"b":1},"c":[{}],"d":"x"}`),
		parse(`{"a":{"b":null,"e":null},"c":[{"f":null}],"d":null,"g":null,"h":1}`),
	)
	if text := string(jsonvalue.EncodePlain(got)); text != `{"a":{"b":1,"e":null},"c":[{}],"d":"x","g":null}` {
		t.Error(text)
	}
}

func TestRespell(t *testing.T) {
	t.Parallel()
	current := parse(`{"e\u0301":{"o\u0308":1},"plain":2}`)
	base, want := parse(`{"é":{"ö":1},"plain":2}`), parse(`{"é":{"ö":3},"plain":2,"ä":4}`)
	got, err := json.Marshal(Diff(current, Merge(Respell(base, current), Respell(want, current), current), "/t"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), "/t/e\u0301/o\u0308") || strings.Contains(string(got), "/t/é") ||
		!strings.Contains(string(got), "/t/ä") {
		t.Errorf("got %s", got)
	}
}

func TestMergedDiffReachesTheTarget(t *testing.T) {
	t.Parallel()
	documents := []string{`{}`, `{"a":1}`, `{"a":{"b":[1,{"c":2}]}}`, `{"a":{"b":2,"x":null}}`, `{"z":"","a":{"b":{}}}`}
	for _, base := range documents {
		for _, want := range documents {
			merged := jsonvalue.EncodePlain(Merge(parse(base), parse(want), parse(base)))
			if !jsonvalue.EqualJSON(merged, json.RawMessage(want)) {
				t.Errorf("%s to %s gives %s", base, want, merged)
			}
		}
	}
}
