package traitschema_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// verdict is what becomes of traits.
type verdict int

const (
	valid   verdict = iota
	refused         // by the validator and by the server
)

// sample is a traits document, and what becomes of it.
type sample struct {
	schema, traits string
	want           verdict
}

// documents are the test schemas by id: those that every test server has, and those of testdata.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"../kratostest/schemas/*.json", "testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files match %s: %v", pattern, err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all[strings.TrimSuffix(filepath.Base(file), ".json")] = string(content)
		}
	}
	return all
}

func parsed(t *testing.T) map[string]*traitschema.Schema {
	t.Helper()
	all := map[string]*traitschema.Schema{}
	for id, document := range documents(t) {
		s, err := traitschema.Parse(json.RawMessage(document))
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		all[id] = s
	}
	return all
}

// decode returns traits as Validate wants them.
func decode(t *testing.T, traits string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(traits))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %s", err, traits)
	}
	return value
}

var samples = []sample{
	{"email", `{"email":"ada@example.org"}`, valid},
	{"email", `{"email":"Ada.Lovelace+x@sub.example.org","name":{"first":"Ada","last":"Lovelace"}}`, valid},
	{"email", `{"email":"ada@localhost","name":{}}`, valid},
	{"email", `{"email":"ada@example.org","name":{"middle":"King"}}`, valid},
	{"email", `{}`, refused},
	{"email", `{"name":{"first":"Ada"}}`, refused},
	{"email", `{"email":"ada"}`, refused},
	{"email", `{"email":"ada@example.org "}`, refused},
	{"email", `{"email":"a..b@example.org"}`, refused},
	{"email", `{"email":"ada@-example.org"}`, refused},
	{"email", `{"email":"ada@sub.-example.org"}`, valid},
	{"email", `{"email":"ada@example-.org"}`, refused},
	{"email", `{"email":"ada@exämple.org"}`, refused},
	{"email", `{"email":"ädä@example.org"}`, valid},
	{"email", `{"email":"\"ada l\"@example.org"}`, valid},
	{"email", `{"email":"ada l@example.org"}`, refused},
	{"email", `{"email":""}`, refused},
	{"email", `{"email":7}`, refused},
	{"email", `{"email":["ada@example.org"]}`, refused},
	{"email", `{"email":"ada@example.org","nick":"countess"}`, refused},
	{"email", `{"email":"ada@example.org","name":"Ada"}`, refused},
	{"email", `{"email":"ada@example.org","name":{"first":1}}`, refused},
	{"email", `{"email":"` + strings.Repeat("a", 65) + `@example.org"}`, refused},

	{"username", `{"username":"ada"}`, valid},
	{
		"username",
		`{"username":"ada","age":36,"balance":-0.5,"active":true,"tags":["a"],"scores":[1,2.5],"attributes":{"x":[null,{}]}}`,
		valid,
	},
	{"username", `{"username":"ada","age":12345678901234567890123}`, valid},
	{"username", `{"username":"ada","profile":{"address":{"city":"London","zip":"W1"}}}`, valid},
	{"username", `{"username":""}`, refused},
	{"username", `{"username":"ada","age":1.5}`, refused},
	{"username", `{"username":"ada","age":"36"}`, refused},
	{"username", `{"username":"ada","active":"yes"}`, refused},
	{"username", `{"username":"ada","tags":["a",1]}`, refused},
	{"username", `{"username":"ada","tags":"a"}`, refused},
	{"username", `{"username":"ada","profile":{"address":{"zip":7}}}`, refused},
	{"username", `{"username":"ada","email":"none"}`, refused},
	{"username", `{"username":null}`, refused},

	{"phone", `{"phone":"+12025550123"}`, valid},
	{"phone", `{"phone":"1234"}`, refused},
	{"phone", `{"phone":"+49 1512 3456789"}`, valid},
	{"phone", `{"phone":"12"}`, refused},
	{"phone", `{"phone":"+12025550123","name":["Ada"]}`, refused},
	{"two_addresses", `{"email":"ada@example.org","backup_email":"ada@home.example"}`, valid},
	{"two_addresses", `{"email":"ada@example.org","backup_email":"home"}`, refused},
	{"two_addresses", `{"email":"ada@example.org","phone":true}`, refused},

	{"keywords", `{}`, valid},
	{"keywords", `{"name":"Ada"}`, valid},
	{"keywords", `{"name":"ädä❤"}`, valid},
	{"keywords", `{"name":"A"}`, refused},
	{"keywords", `{"name":"Augusta"}`, refused},
	{"keywords", `{"code":"abc-1"}`, valid},
	{"keywords", `{"code":"ABC-1"}`, refused},
	{"keywords", `{"role":"staff"}`, valid},
	{"keywords", `{"role":7.0}`, valid},
	{"keywords", `{"role":"root"}`, refused},
	{"keywords", `{"kind":"person"}`, valid},
	{"keywords", `{"kind":"robot"}`, refused},
	{"keywords", `{"level":10}`, valid},
	{"keywords", `{"level":0}`, refused},
	{"keywords", `{"level":11}`, refused},
	{"keywords", `{"score":0.999}`, valid},
	{"keywords", `{"score":1}`, refused},
	{"keywords", `{"score":0}`, refused},
	{"keywords", `{"price":1.75}`, valid},
	{"keywords", `{"price":1.8}`, refused},
	{"keywords", `{"price":1.7500000000000000000000001}`, valid}, // to the server's precision
	{"keywords", `{"big":18446744073709551617}`, valid},
	{"keywords", `{"big":18446744073709551615.9999999}`, valid}, // to the server's precision
	{"keywords", `{"big":18446744073709551615}`, refused},
	{"keywords", `{"big":36893488147419103233}`, valid}, // to the server's precision
	{"keywords", `{"big":36893488147419999999}`, refused},
	{"keywords", `{"exact":18446744073709551617}`, valid}, // to the server's precision
	{"keywords", `{"exact":18446744073709551626}`, refused},
	{"keywords", `{"tags":["a","b"]}`, valid},
	{"keywords", `{"tags":[]}`, refused},
	{"keywords", `{"tags":["a","b","c","d"]}`, refused},
	{"keywords", `{"tags":["a","b","a"]}`, refused},
	{"keywords", `{"pair":["a",1]}`, valid},
	{"keywords", `{"pair":["a",1,2]}`, refused},
	{"keywords", `{"pair":[1]}`, refused},
	{"keywords", `{"team":[{"name":"Ada"},{"lead":true}]}`, valid},
	{"keywords", `{"team":[{"name":"Ada"},7]}`, refused},
	{"keywords", `{"team":[]}`, refused},
	{"keywords", `{"address":{"city":"London"}}`, valid},
	{"keywords", `{"address":{"zip":"W1"}}`, refused},
	{"keywords", `{"address":{"city":"London","street":"x"}}`, refused},
	{"keywords", `{"labels":{"a":"x","b":"y"}}`, valid},
	{"keywords", `{"labels":{"A":"x"}}`, refused},
	{"keywords", `{"labels":{"a":1}}`, refused},
	{"keywords", `{"labels":{}}`, refused},
	{"keywords", `{"labels":{"a":"x","b":"y","c":"z"}}`, refused},
	{"keywords", `{"codes":{"x-a":1}}`, valid},
	{"keywords", `{"codes":{"x-a":"1"}}`, refused},
	{"keywords", `{"codes":{"y":1}}`, refused},
	{"keywords", `{"either":false}`, valid},
	{"keywords", `{"either":0}`, refused},
	{"keywords", `{"never":[0]}`, refused},
	{"keywords", `{"text":"QWRh"}`, valid},
	{"keywords", `{"text":"not base64!"}`, refused},
	{"keywords", `{"unknown":"is fine"}`, valid},

	{"composed", `{"name":{"last":"Lovelace"}}`, valid},
	{"composed", `{"name":{"first":"Ada"}}`, refused},
	{"composed", `{"name":{"last":""}}`, refused},
	{"composed", `{"tree":{"label":"a","children":[{"label":"b","children":[]}]}}`, valid},
	{"composed", `{"tree":{"children":[{"children":[{"label":7}]}]}}`, refused},
	{"composed", `{"contact":"ada@example.org"}`, valid},
	{"composed", `{"contact":{"phone":"1"}}`, valid},
	{"composed", `{"contact":{"fax":"1"}}`, refused},
	{"composed", `{"contact":7}`, refused},
	{"composed", `{"plan":{"tier":"free"}}`, valid},
	{"composed", `{"plan":{"seats":3}}`, valid},
	{"composed", `{"plan":{"tier":"free","seats":3}}`, refused},
	{"composed", `{"plan":{"tier":"gold"}}`, refused},
	{"composed", `{"limits":4}`, valid},
	{"composed", `{"limits":6}`, refused},
	{"composed", `{"nick":"ada"}`, valid},
	{"composed", `{"nick":"root"}`, refused},
	{"composed", `{"country":"US","state":"Texas"}`, valid},
	{"composed", `{"country":"US"}`, refused},
	{"composed", `{"country":"DE","state":"BY"}`, valid},
	{"composed", `{"country":"DE","state":"Bayern"}`, refused},
	{"composed", `{"card":"1","billing":"x","country":"DE"}`, valid},
	{"composed", `{"card":"1"}`, refused},
	{"composed", `{"billing":"x","country":"D"}`, refused},

	{"formats", `{"email":7}`, refused},
	{"formats", `{"date":"1815-12-10"}`, valid},
	{"formats", `{"date":"1815-12-32"}`, refused},
	{"formats", `{"datetime":"1815-12-10T01:02:03Z"}`, valid},
	{"formats", `{"datetime":"1815-12-10T01:02:03.123456789+01:00"}`, valid},
	{"formats", `{"datetime":"1815-12-10t01:02:03z"}`, refused},
	{"formats", `{"datetime":"1990-12-31T23:59:60Z"}`, refused},
	{"formats", `{"datetime":"1815-12-10 01:02:03"}`, refused},
	{"formats", `{"hostname":"www.example.org."}`, valid},
	{"formats", `{"hostname":"www.-example.org"}`, valid},
	{"formats", `{"hostname":"-www.example.org"}`, refused},
	{"formats", `{"hostname":"www_1.example.org"}`, refused},
	{"formats", `{"hostname":"www..example.org"}`, refused},
	{"formats", `{"ipv4":"192.0.2.1"}`, valid},
	{"formats", `{"ipv4":"192.00.02.001"}`, valid},
	{"formats", `{"ipv4":"192.0.2.256"}`, refused},
	{"formats", `{"ipv4":"192.0.2"}`, refused},
	{"formats", `{"ipv6":"2001:db8::1"}`, valid},
	{"formats", `{"ipv6":"2001:db8::1::"}`, refused},
	{"formats", `{"ipv6":"fe80::1%eth0"}`, refused},
	{"formats", `{"uri":"https://example.org/a?b#c"}`, valid},
	{"formats", `{"uri":"mailto:ada@example.org"}`, valid},
	{"formats", `{"uri":"/relative"}`, refused},
	{"formats", `{"uri":"https://exa mple.org"}`, refused},
	{"formats", `{"uuid":"none","duration":"none","nonsense":"none"}`, valid}, // the server doesn't know them
	{"formats", `{"tel":"none"}`, refused},
	{"formats", `{"time":"none"}`, refused},
	{"formats", `{"pointer":"none"}`, refused},
	{"formats", `{"regex":"^["}`, refused},
	{"formats", `{"regex":7}`, refused},
	{"formats", `{"tel":"+12025550123"}`, valid},
	{"formats", `{"tel":"+49 1512 3456789"}`, valid},
	{"formats", `{"tel":"01512 3456789"}`, refused},
	{"formats", `{"tel":"+1 20255"}`, refused},
	{"formats", `{"tel":"+49 1512 34567890123456"}`, refused},
	{"formats", `{"tel":12025550123}`, refused},
	{"formats", `{"time":"01:02:03Z"}`, valid},
	{"formats", `{"pointer":"/a/b"}`, valid},
	{"formats", `{"private":"no phone number"}`, valid},
	{"formats", `{"private":"+12025550123"}`, refused},

	{"identified", `{"a":"x","b":"y"}`, valid},
	{"identified", `{"a":7}`, refused},
	{"identified", `{"b":7}`, refused},
	{"identified", `{"c":{"d":7}}`, refused},

	{"extension", `{"recovery":"ada@example.org","verification":"ada@example.org"}`, valid},
	{"extension", `{"recovery":"ada"}`, refused},
	{"extension", `{"recovery":7}`, refused},
	{"extension", `{"verification":"ada"}`, refused},
	{"extension", `{"code":"+49 1512 3456789"}`, valid},
	{"extension", `{"code":"01512 3456789"}`, refused},
	{"extension", `{"phone":"+49 1512 3456789"}`, refused}, // without a format
	{"extension", `{"login":"ada@example.org"}`, valid},
	{"extension", `{"login":"+49 1512 3456789"}`, valid},
	{"extension", `{"login":"ada"}`, refused},

	{"draft06", `{"a":"anything","b":[{"x":1}],"e":1,"f":{"$ref":"x","const":1}}`, valid},
	{"draft06", `{"a":7}`, refused},
	{"draft06", `{"f":{"$ref":"x"}}`, refused},
	{"references", `{"a":"anything"}`, valid},
	{"references", `{"a":7}`, refused},
	{"references", `{"b":[],"c":1,"d":1}`, valid},
	{"references", `{"b":{"x":1}}`, valid},
	{"references", `{"e":1}`, valid},
	{"references", `{"e":"1"}`, refused},
	{"references", `{"f":{"$ref":"x","const":1}}`, valid},
	{"references", `{"f":{"$ref":"x"}}`, refused},
	{"references", `{"g":{"$ref":"x","if":1}}`, valid},
	{"references", `{"g":{"$ref":"x"}}`, refused},
	{"references", `{"h":{"const":"anything"}}`, valid},
	{"references", `{"h":{"const":7}}`, refused},
	{"references", `{"i":{"if":1}}`, valid},
	{"references", `{"j":{"$ref":"kept","const":"kept"}}`, valid},
	{"references", `{"j":{"$ref":"kept","const":"other"}}`, refused},

	{"numbers", `{"integer":1.0}`, valid}, // none for the server
	{"numbers", `{"integer":1e2}`, valid},
	{"numbers", `{"integer":1.5}`, valid},
	{"numbers", `{"integer":1}`, refused},
	{"numbers", `{"one":1.0}`, valid},
	{"numbers", `{"one":2}`, valid},
	{"numbers", `{"one":1}`, refused},
	{"numbers", `{"even":3}`, valid},
	{"numbers", `{"even":4}`, refused},
	{"numbers", `{"limit":99.5}`, valid},
	{"numbers", `{"limit":100}`, refused},
	{"numbers", `{"choice":7}`, valid},
	{"numbers", `{"choice":3}`, refused},
	{"numbers", `{"choice":30}`, refused},
	{"numbers", `{"unique":[1,2]}`, refused},
	{"numbers", `{"unique":[1,1.0]}`, valid},
	{"numbers", `{"unique":[18446744073709551616,18446744073709551617]}`, valid}, // to the server's precision
	{"precise", `{"object":{"n":[18446744073709551617,true,null,"x"]}}`, valid},  // to the server's precision
	{"precise", `{"object":{"n":[18446744073709551616.0,true,null,"x"]}}`, valid},
	{"precise", `{"object":{"n":[18446744073709551717,true,null,"x"]}}`, refused},
	{"precise", `{"object":{"n":[18446744073709551616,true,null]}}`, refused},
	{"precise", `{"list":[18446744073709551617]}`, valid}, // to the server's precision
	{"precise", `{"list":[1.0,2]}`, valid},
	{"precise", `{"list":[2,1]}`, refused},
	{"precise", `{"above":18446744073709551617}`, valid}, // to the server's precision
	{"precise", `{"exact":18446744073709551617}`, valid}, // to the server's precision
	{"precise", `{"exact":"x"}`, valid},
	{"precise", `{"tenth":1.3}`, valid}, // the server divides with rounded numbers

	{"draft04", `{"id":"a","level":2,"kind":"anything"}`, valid},
	{"draft04", `{"id":"a","level":1}`, refused},
	{"draft04", `{"level":2}`, refused},
	{"plain", `{"kind":"a draft-07 by default","name":{"ignored":1}}`, valid},
	{"plain", `{"kind":"other"}`, refused},
	{"plain", `{"name":[1]}`, refused},
}
