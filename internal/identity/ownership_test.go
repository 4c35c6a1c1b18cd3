package identity

import (
	"encoding/json"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

func TestOwnedJSON_view(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		owned     *ownedJSON
		raw, view string
	}{
		"never owned: all":             {nil, `{"a":1,"b":2}`, `{"a":1,"b":2}`},
		"owned keys":                   {&ownedJSON{Keys: []string{"a", "c"}}, `{"a":1,"b":2}`, `{"a":1}`},
		"no key owned":                 {&ownedJSON{}, `{"a":1}`, `{}`},
		"owned whole":                  {&ownedJSON{Whole: true}, `["x"]`, `["x"]`},
		"no object any more":           {&ownedJSON{Keys: []string{"a"}}, `"x"`, `"x"`},
		"gone":                         {&ownedJSON{Keys: []string{"a"}}, `null`, `null`},
		"whole, but an object by now:": {&ownedJSON{Whole: true}, `{"a":1}`, `{"a":1}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.owned.view(json.RawMessage(test.raw)); !jsonvalue.EqualJSON(got, json.RawMessage(test.view)) {
				t.Errorf("got %s, want %s", got, test.view)
			}
		})
	}
}
