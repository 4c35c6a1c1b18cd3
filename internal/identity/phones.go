package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// phones compares traits whose phone numbers the server may have normalised. Kratos v1.3 stores phone numbers as they
// are sent; later versions store E.164. A number that the server stores in E.164 therefore equals every spelling of
// that number. Any other stored spelling comes from a server that doesn't normalise, so another configured spelling is
// a change.
//
// The function returns the identity schema, which identifies the phone numbers, or nil if the schema isn't available.
type phones func() *traitschema.Schema

func phonesOf(ctx context.Context, schemas schemaGetter, schemaID types.String) phones {
	return func() *traitschema.Schema {
		if schemas == nil || schemaID.IsNull() || schemaID.IsUnknown() {
			return nil
		}
		s, err := schemas.Get(ctx, schemaID.ValueString())
		if err != nil {
			return nil
		}
		return s
	}
}

// equal reports whether the configured traits have the same meaning as the stored traits.
func (p phones) equal(configured, stored types.Dynamic) bool {
	if jsonvalue.Equal(configured, stored) {
		return true
	}
	raw, err := jsonvalue.Encode(stored)
	return err == nil && p.respells(configured, raw)
}

// matches is like equal, for the JSON of the server.
func (p phones) matches(configured types.Dynamic, stored json.RawMessage) bool {
	return jsonvalue.Matches(configured, stored) || p.respells(configured, stored)
}

func (p phones) respells(configured types.Dynamic, stored json.RawMessage) bool {
	return p != nil && jsonvalue.Matches(configured, p.asConfigured(configured, stored))
}

// asConfigured returns the server's traits with the phone numbers in the spelling of the configuration.
func (p phones) asConfigured(configured types.Dynamic, stored json.RawMessage) json.RawMessage {
	// Most traits have no phone number, which begins with a plus sign in E.164, and need not be decoded.
	if p == nil || isNull(configured) || !bytes.ContainsAny(stored, `+\`) || jsonvalue.Outgrown(configured, stored) {
		return stored
	}
	plain, err := jsonvalue.PlainOf(configured, nil)
	if err != nil {
		return stored
	}
	value := jsonvalue.Plain(stored)
	numbers := numbersOf(plain, value)
	if len(numbers) == 0 {
		return stored
	}
	s := p()
	if s == nil {
		return stored
	}
	spellings := map[string]string{}
	for _, spelling := range slices.Sorted(maps.Keys(numbers)) {
		spellings[numbers[spelling]] = spelling
	}
	return jsonvalue.EncodePlain(mapTexts(value, nil, func(at []string, text string) string {
		spelling, respelled := spellings[text]
		if !respelled || s.Via(at) != viaSMS {
			return text
		}
		if same, ok := textAt(plain, at); ok && s.Normalise(at, same) == text {
			return same
		}
		return spelling
	}))
}

// asStored returns the configured traits with phone numbers in E.164 if the server stores them in E.164.
func (p phones) asStored(configured, stored any) any {
	if p == nil {
		return configured
	}
	numbers := numbersOf(configured, stored)
	if len(numbers) == 0 {
		return configured
	}
	s := p()
	if s == nil {
		return configured
	}
	return mapTexts(configured, nil, func(at []string, text string) string {
		if number, ok := numbers[text]; ok && s.Via(at) == viaSMS {
			return number
		}
		return text
	})
}

// viaSMS is the via of phone numbers.
const viaSMS = "sms"

var e164 = regexp.MustCompile(`^\+[0-9]{5,15}$`)

// numbersOf returns the phone numbers that are stored in E.164 and configured in another spelling, by configured
// spelling.
func numbersOf(configured, stored any) map[string]string {
	there := map[string]bool{}
	eachText(stored, func(text string) {
		if e164.MatchString(text) {
			there[text] = true
		}
	})
	numbers := map[string]string{}
	if len(there) == 0 {
		return numbers
	}
	eachText(configured, func(text string) {
		if number, ok := traitschema.E164(text); ok && number != text && there[number] {
			numbers[text] = number
		}
	})
	return numbers
}

func eachText(value any, visit func(text string)) {
	mapTexts(value, nil, func(_ []string, text string) string {
		visit(text)
		return text
	})
}

// mapTexts returns a copy of plain JSON in which replace has replaced every text.
func mapTexts(value any, at []string, replace func(at []string, text string) string) any {
	switch v := value.(type) {
	case string:
		return replace(at, v)
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[name] = mapTexts(member, append(at, name), replace)
		}
		return object
	case []any:
		array := make([]any, len(v))
		for i, item := range v {
			array[i] = mapTexts(item, append(at, strconv.Itoa(i)), replace)
		}
		return array
	}
	return value
}

func textAt(value any, at []string) (text string, ok bool) {
	for _, name := range at {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return "", false
			}
			value = v[i]
		default:
			return "", false
		}
	}
	text, ok = value.(string)
	return text, ok
}
