package traitschema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
)

// longestValidation is far above what the budget of steps allows on a busy machine.
const longestValidation = 10 * time.Second

// FuzzSchema parses any document as an identity schema, and validates traits against it. Both end in time, and the same
// traits always get the same verdict.
func FuzzSchema(f *testing.F) {
	traits := `{"email":"ada@example.org","name":{"first":"Ada"},"tags":["a"],"age":36}`
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no schemas: %v", err)
	}
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(document, []byte(traits))
	}
	f.Add([]byte(`{"properties":{"traits":{"$ref":"#/properties/traits"}}}`), []byte(traits))
	f.Add([]byte(`{"properties":{"traits":{"patternProperties":{"^(a+)+$":{"enum":[1e400]}}}}}`), []byte(`{"aaaa":1}`))
	f.Add([]byte(`{"$schema":"https://json-schema.org/draft/2020-12/schema"}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, document, traits []byte) {
		began := time.Now()
		defer func() {
			if took := time.Since(began); took > longestValidation {
				t.Errorf("took %s", took)
			}
		}()
		s, err := Parse(document)
		if err != nil || !json.Valid(traits) {
			return
		}
		s.LoginIdentifiers(traits)
		s.CertainLoginIdentifiers(traits)
		s.VerifiableAddresses(traits)
		first, firstErr := s.Validate(jsonplain.Decode(traits))
		second, secondErr := s.Validate(jsonplain.Decode(traits))
		if len(first) != len(second) || (firstErr == nil) != (secondErr == nil) {
			t.Fatalf("two verdicts: %v, %v and %v, %v", first, firstErr, second, secondErr)
		}
	})
}
