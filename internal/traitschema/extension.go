package traitschema

import (
	"encoding/json"
	"fmt"

	"github.com/ory/jsonschema/v3"
)

// The ways to reach an address.
const (
	byEmail = "email"
	bySMS   = "sms"
)

// extension is the value of "ory.sh/kratos".
type extension struct {
	Credentials map[string]struct {
		Identifier bool   `json:"identifier"`
		Via        string `json:"via"`
	} `json:"credentials"`
	Verification struct {
		Via string `json:"via"`
	} `json:"verification"`
	Recovery struct {
		Via string `json:"via"`
	} `json:"recovery"`

	format string // that of the schema which has the extension
}

func decodeExtension(value any) (ext extension, err error) {
	if value == nil {
		return ext, nil
	}
	raw, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(raw, &ext)
	}
	return ext, err
}

func (e extension) isCodeBySMS() bool {
	return e.Credentials["code"].Identifier && e.Credentials["code"].Via == bySMS
}

// isPhone reports whether the server treats the trait as a phone number.
func (e extension) isPhone() bool {
	return e.isCodeBySMS() || e.Verification.Via == bySMS || e.Recovery.Via == bySMS
}

// refusal returns the requirement of the extension that a value violates, "" if there is none. Versions of the server
// differ. refusal has only the requirements of all versions.
func (e extension) refusal(value any) string {
	isEmail := (e.Recovery.Via == byEmail && (e.format == "" || e.format == "email")) ||
		(e.Verification.Via == byEmail && e.format == "")
	switch {
	case isEmail && !jsonschema.Formats["email"](value):
		return `the value is not valid "email"`
	case e.isCodeBySMS() && !jsonschema.Formats["tel"](fmt.Sprint(value)):
		return `the value is not valid "tel"`
	case e.Verification.Via == bySMS && e.format == "":
		return `the schema gives no format, such as "tel", which the server needs for the verification of a phone number`
	}
	return ""
}

func compileExtension(_ jsonschema.CompilerContext, keywords map[string]any) (any, error) {
	ext, err := decodeExtension(keywords[extensionKeyword])
	if keywords[extensionKeyword] == nil || err != nil {
		return nil, nil //nolint:nilerr // the server's own compiler leaves out an extension that it can't decode
	}
	ext.format, _ = keywords["format"].(string)
	return ext, nil
}

func validateExtension(ctx jsonschema.ValidationContext, compiled, value any) error {
	if ext, ok := compiled.(extension); ok {
		if refusal := ext.refusal(value); refusal != "" {
			return ctx.Error("ory.sh~1kratos", "%s", refusal)
		}
	}
	return nil
}
