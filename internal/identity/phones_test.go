package identity

import (
	"encoding/json"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

const phonesSchema = `{"properties":{"traits":{"properties":{
	"phone":{"ory.sh/kratos":{"verification":{"via":"sms"}}},
	"others":{"items":{"ory.sh/kratos":{"recovery":{"via":"sms"}}}}}}}}`

func TestPhones(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		configured, stored string
		equal              bool
		want               string // body of an update that changes another trait
	}{
		"same":                        {`{"phone":"+49 176 67111638"}`, `{"phone":"+49 176 67111638"}`, true, `{"phone":"+49 176 67111638"}`},
		"stored in E.164":             {`{"phone":"+49 176 67111638"}`, `{"phone":"+4917667111638"}`, true, `{"phone":"+4917667111638"}`},
		"with a trunk prefix":         {`{"phone":"+49 (0)176 67111638"}`, `{"phone":"+4917667111638"}`, true, `{"phone":"+4917667111638"}`},
		"stored as it was typed":      {`{"phone":"+4917667111638"}`, `{"phone":"+49 176 67111638"}`, false, `{"phone":"+4917667111638"}`},
		"another number":              {`{"phone":"+49 176 67111639"}`, `{"phone":"+4917667111638"}`, false, `{"phone":"+49 176 67111639"}`},
		"no phone to the schema":      {`{"note":"+49 176 67111638"}`, `{"note":"+4917667111638"}`, false, `{"note":"+49 176 67111638"}`},
		"in an array":                 {`{"others":["+49 176 67111638","+49 176 67111639"]}`, `{"others":["+4917667111638","+4917667111639"]}`, true, `{"others":["+4917667111638","+4917667111639"]}`},
		"in an array, another order":  {`{"others":["+49 176 67111639","+49 176 67111638"]}`, `{"others":["+4917667111638","+4917667111639"]}`, false, `{"others":["+4917667111639","+4917667111638"]}`},
		"one number in two spellings": {`{"phone":"+49-17667111638","others":["+49 176 67111638"]}`, `{"phone":"+4917667111638","others":["+4917667111638"]}`, true, `{"phone":"+4917667111638","others":["+4917667111638"]}`},
		"another trait differs":       {`{"phone":"+49 176 67111638","n":1}`, `{"phone":"+4917667111638"}`, false, `{"phone":"+4917667111638","n":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := phones(func() *traitschema.Schema {
				s, err := traitschema.Parse(json.RawMessage(phonesSchema))
				if err != nil {
					t.Error(err)
				}
				return s
			})
			configured, stored := dynamic(t, test.configured), json.RawMessage(test.stored)
			if got := p.matches(configured, stored); got != test.equal {
				t.Errorf("matches: %v", got)
			}
			if got := p.equal(configured, dynamic(t, test.stored)); got != test.equal {
				t.Errorf("equal: %v", got)
			}
			sent := jsonvalue.EncodePlain(p.asStored(jsonvalue.Plain(json.RawMessage(test.configured)), jsonvalue.Plain(stored)))
			if !jsonvalue.EqualJSON(sent, json.RawMessage(test.want)) {
				t.Errorf("sent %s", sent)
			}
			if without := phones(func() *traitschema.Schema { return nil }); without.matches(
				configured,
				stored,
			) != (name == "same") {
				t.Error("the schema isn't asked")
			}
		})
	}
}

// Two people with the same phone number in different spellings are the same person.
func TestLoginUniques_phones(t *testing.T) {
	t.Parallel()
	one := loginUniques(map[string][]string{"password": {"+49 176 67111638"}}, foldExactly)
	two := loginUniques(map[string][]string{"password": {"+4917667111638"}}, foldExactly)
	if one[0] != two[0] {
		t.Errorf("%v and %v", one, two)
	}
}
