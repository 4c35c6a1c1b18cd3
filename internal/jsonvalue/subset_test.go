package jsonvalue

import (
	"encoding/json"
	"testing"
)

func TestContains(t *testing.T) {
	t.Parallel()
	const person = `{"email":"a@x.io","age":12345678901234567890,"name":{"first":"Ada","last":"Byron"},"tags":["x",{"a":1,"b":2}],"none":null,"é":1}`
	for want, contained := range map[string]bool{
		`{}`:                                 true,
		`{"email":"a@x.io"}`:                 true,
		`{"email":"A@x.io"}`:                 false,
		`{"age":1.2345678901234567890e19}`:   true,
		`{"age":12345678901234567891}`:       false,
		`{"name":{"last":"Byron"}}`:          true,
		`{"name":{"last":"Byron","x":1}}`:    false,
		`{"name":"Ada"}`:                     false,
		`{"tags":["x",{"b":2,"a":1}]}`:       true,
		`{"tags":["x",{"a":1}]}`:             false,
		`{"tags":["x"]}`:                     false,
		`{"other":null}`:                     true,
		`{"other":1}`:                        false,
		`{"e\u0301":1}`:                      true,
		`{"name":{}}`:                        true,
		`{"email":{}}`:                       false,
		`"a"`:                                false,
		`{"name":{"first":"Ada"},"age":"x"}`: false,
	} {
		if got := Contains(json.RawMessage(person), json.RawMessage(want)); got != contained {
			t.Errorf("%s: got %v", want, got)
		}
	}
	if Contains(json.RawMessage(`{`), json.RawMessage(`{}`)) || Contains(json.RawMessage(`{}`), json.RawMessage(`{`)) {
		t.Error("what is no JSON contains nothing")
	}
}
