package jsonvalue

import (
	"bytes"
	"encoding/json"
)

// Plain decodes the first JSON value of raw as encoding/json does into any, but for numbers, which keep their digits as
// json.Number. What is empty or no JSON is nil, as null is.
func Plain(raw json.RawMessage) any {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil
	}
	return value
}
