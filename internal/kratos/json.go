package kratos

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

var errMoreJSON = errors.New("more than one JSON document")

// DecodeJSON decodes exactly one JSON document. Numbers become [json.Number], so that none passes through a float64.
func DecodeJSON(document []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errMoreJSON
	}
	return value, nil
}

// EncodeJSON encodes a value. It doesn't escape "<", ">" and "&", because Kratos on SQLite stores the text of traits
// and metadata as it was sent.
func EncodeJSON(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(buffer.Bytes()), nil
}

// isJSON reports whether the body is one JSON object or array. Every body of Kratos is one of them.
func isJSON(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && (body[0] == '{' || body[0] == '[') && json.Valid(body)
}

// nilIfNull converts null to nil. For an unset value some responses have no member, and others have null.
func nilIfNull(raw json.RawMessage) json.RawMessage {
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return nil
	}
	return raw
}
