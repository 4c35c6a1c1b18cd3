package bulk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// document is a JSON object, key to value.
type document map[string]json.RawMessage

// parseDocument parses a JSON object. An empty text is an empty document. Members that are null are left out. A key
// that comes twice is an error: one of two people would be lost.
func parseDocument(text string) (document, error) {
	d := document{}
	if text == "" {
		return d, nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	switch first, err := decoder.Token(); {
	case err != nil:
		return nil, plainError(err)
	case first != json.Delim('{'):
		return nil, errors.New("it is JSON, but not an object")
	}
	for decoder.More() {
		key, value, err := nextMember(decoder)
		if err != nil {
			return nil, plainError(err)
		}
		if _, twice := d[key]; twice {
			return nil, fmt.Errorf("it has the key %q twice", key)
		}
		if key == "" {
			return nil, errors.New("it has an empty key")
		}
		d[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, plainError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	maps.DeleteFunc(d, func(_ string, value json.RawMessage) bool { return isNull(value) })
	return d, nil
}

func nextMember(decoder *json.Decoder) (key string, value json.RawMessage, err error) {
	name, err := decoder.Token()
	if err != nil {
		return "", nil, err
	}
	key, _ = name.(string) // the name of a member always is a string
	err = decoder.Decode(&value)
	return key, value, err
}

// plainError leaves out any part of the document, which may be secret.
func plainError(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("it is not JSON, from byte %d on", syntax.Offset)
	}
	return errors.New("it is not JSON, or is incomplete")
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || bytes.Equal(raw, []byte("null")) }

// keys returns the sorted keys.
func (d document) keys() []string { return slices.Sorted(maps.Keys(d)) }

// String returns the document as JSON, with sorted keys and the bytes of its values.
func (d document) String() string {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, key := range d.keys() {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			continue // texts always encode
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(d[key])
	}
	b.WriteByte('}')
	return b.String()
}

// texts returns the members of a document of texts. bad are the keys whose values are no texts, or empty.
func (d document) texts() (texts map[string]string, bad []string) {
	texts = make(map[string]string, len(d))
	for key, raw := range d {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil || text == "" {
			bad = append(bad, key)
			continue
		}
		texts[key] = text
	}
	slices.Sort(bad)
	return texts, bad
}

// documentOf is the inverse of texts.
func documentOf(texts map[string]string) document {
	d := make(document, len(texts))
	for key, text := range texts {
		if raw, err := json.Marshal(text); err == nil {
			d[key] = raw
		}
	}
	return d
}

// objectOf refuses a text that isn't a JSON object.
type objectOf struct{}

// Description implements validator.Describer.
func (objectOf) Description(context.Context) string { return "a JSON object" }

// MarkdownDescription implements validator.Describer.
func (v objectOf) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (objectOf) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	_, err := parseDocument(req.ConfigValue.ValueString())
	if err == nil && req.ConfigValue.ValueString() == "" {
		err = errors.New("it is empty")
	}
	if err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a JSON object", fmt.Sprintf("The attribute %s must be a JSON "+
			"document with one member for each row, but %s. Write it as jsonencode({ ... }).", req.Path, err))
	}
}
