package traitschema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// doubled is a schema whose definitions each refer to the next one twice.
func doubled(keyword string, levels int) json.RawMessage {
	definitions := fmt.Sprintf(`"l%d": {"type": "string"}`, levels)
	for i := range levels {
		next := fmt.Sprintf(`{"$ref": "#/definitions/l%d"}`, i+1)
		definitions += fmt.Sprintf(`, "l%d": {%q: [%s, %s]}`, i, keyword, next, next)
	}
	return document(`{"properties": {"a": {"$ref": "#/definitions/l0"}}}`, `, "definitions": {`+definitions+`}`)
}

func nested(before, within, after string, levels int) string {
	return strings.Repeat(before, levels) + within + strings.Repeat(after, levels)
}

func manyPatterns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"^x%d-%s$": {},`, i, strings.Repeat("[a-z]+.", 20))
	}
	return strings.TrimSuffix(b.String(), ",")
}

func chain(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"l%d": {"properties": {"a": {"$ref": "#/definitions/l%d"}}},`, i, i+1)
	}
	return fmt.Sprintf(`%s "l%d": {}`, b.String(), n)
}

// A schema that would take too long, or too much memory, is left to the server, quickly, and so are traits.
//
//nolint:paralleltest // it measures the memory that the whole process takes
func TestValidate_budget(t *testing.T) {
	text := func(length int) string { return `{"a":"` + strings.Repeat("ab", length/2) + `"}` }
	for name, test := range map[string]struct {
		document json.RawMessage
		traits   string
		want     string
	}{
		"anyOf doubled":     {doubled("anyOf", 24), `{"a":1}`, "takes too long"},
		"allOf doubled":     {doubled("allOf", 30), `{"a":1}`, "takes too long"},
		"oneOf doubled":     {doubled("oneOf", 16), `{"a":1}`, "takes too long"},
		"levels":            {document(nested(`{"allOf": [`, `{}`, `]}`, 4000), ""), `{}`, "100 levels deep"},
		"levels of not":     {document(nested(`{"not": `, `{}`, `}`, 9000), ""), `{}`, "100 levels deep"},
		"properties":        {document(nested(`{"properties": {"a": `, `{}`, `}}`, 4000), ""), nested(`{"a":`, `1`, `}`, 4000), "100 levels deep"},
		"a chain":           {document(`{"$ref": "#/definitions/l0"}`, `, "definitions": {`+chain(2000)+`}`), nested(`{"a":`, `1`, `}`, 2000), "nested more than 100 levels"},
		"a circle":          {document(`{"$ref": "#/definitions/a"}`, `, "definitions": {"a": {"$ref": "#/definitions/a"}}`), `{}`, "nested more than 100 levels"},
		"deep traits":       {document(`{"additionalProperties": {"$ref": "#/properties/traits"}}`, ""), nested(`{"a":`, `1`, `}`, 498), "nested more than 100 levels"},
		"patterns":          {document(`{"patternProperties": {`+manyPatterns(60_000)+`}}`, ""), `{}`, "more than 256 kB"},
		"fewer patterns":    {document(`{"patternProperties": {`+manyPatterns(1_500)+`}}`, ""), `{}`, "patterns are too many"},
		"a large pattern":   {document(`{"properties": {"a": {"pattern": "`+strings.Repeat(`[a-z]{1000}`, 100)+`"}}}`, ""), `{}`, "too large"},
		"a long text":       {document(`{"properties": {"a": {"pattern": "^(a?b?){500}c$"}}}`, ""), text(100_000), "takes too long"},
		"unique items":      {document(`{"properties": {"a": {"uniqueItems": true}}}`, ""), `{"a":[` + strings.Repeat("1,", 9999) + `1]}`, "takes too long"},
		"many choices":      {document(`{"properties": {"a": {"items": {"enum": [`+strings.Repeat("0,", 9999)+`0]}}}}`, ""), `{}`, "too large or too many"},
		"digits":            {document(`{"properties": {"a": {"minimum": 1}}}`, ""), `{"a":` + strings.Repeat("1", 100_000) + `}`, "takes too long"},
		"nested references": {document(`{"properties": {`+references(90)+`}}`, `, "x": `+nested(`{"y":`, `{"enum": [`+names(200)+`]}`, `}`, 90)), `{}`, "too large or too many"},
	} {
		traits := decode(t, test.traits)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		violations, err := traitschema.Validate(test.document, traits)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		const megabyte = 1 << 20
		if allocated := (after.TotalAlloc - before.TotalAlloc) / megabyte; allocated > 100 || took > 10*time.Second {
			t.Errorf("%s: it took %s and allocated %d MB", name, took, allocated)
		} else {
			t.Logf("%s: %s, %d MB", name, took.Round(time.Millisecond), allocated)
		}
		if !errors.Is(err, traitschema.ErrNotCheckable) || !strings.Contains(fmt.Sprint(err), test.want) ||
			len(violations) > 0 {
			t.Errorf("%s: violations %v, error %v; want %q", name, violations, err, test.want)
		}
	}
}

// references are properties that refer to n levels below x, one within the other.
func references(n int) string {
	all := make([]string, 0, n)
	for i := range n {
		all = append(all, fmt.Sprintf(`"p%d": {"$ref": "#/x%s"}`, i, strings.Repeat("/y", i)))
	}
	return strings.Join(all, ",")
}

func names(n int) string {
	all := make([]string, 0, n)
	for i := range n {
		all = append(all, fmt.Sprintf(`"name %d"`, i))
	}
	return strings.Join(all, ",")
}

// What people write is far within the budget.
func TestValidate_withinBudget(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		document json.RawMessage
		traits   string
	}{
		"nested alternatives": {doubled("anyOf", 5), `{"a":1}`},
		"levels":              {document(nested(`{"properties": {"a": `, `{"type": "string"}`, `}}`, 40), ""), nested(`{"a":`, `1`, `}`, 40)},
		"a tree":              {document(`{"additionalProperties": {"anyOf": [{"type": "string"}, {"$ref": "#/properties/traits"}]}, "type": "object"}`, ""), nested(`{"a":`, `1`, `}`, 20)},
		"a long text":         {document(`{"properties": {"a": {"pattern": "^[a-z ]{1,200}$"}}}`, ""), `{"a":"` + strings.Repeat("ab", 500) + `"}`},
		"unique items":        {document(`{"properties": {"a": {"uniqueItems": true}}}`, ""), `{"a":[` + strings.Repeat("1,", 200) + `1]}`},
		"countries":           {document(`{"properties": {"a": {"enum": [`+names(250)+`]}}}`, ""), `{"a":"Neverland"}`},
	} {
		violations, err := traitschema.Validate(test.document, decode(t, test.traits))
		if err != nil || len(violations) == 0 {
			t.Errorf("%s: %v, %v", name, violations, err)
		}
	}
}
