package bulk

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
)

// secrets are the write-only documents. Nothing prints them.
type secrets struct{ hashes, passwords map[string]string }

// secretsOf parses the write-only documents. It adds problems for values that can't be sent, without the values.
func secretsOf(config *model, rows *people) secrets {
	var s secrets
	s.hashes = parseSecrets("password_hashes_wo", config.Hashes, rows, checkHash)
	s.passwords = parseSecrets("passwords_wo", config.Passwords, rows, checkPassword)
	return s
}

func parseSecrets(name string, text types.String, rows *people, check func(string) string) map[string]string {
	if text.IsUnknown() {
		return nil
	}
	d, err := parseDocument(text.ValueString())
	rows.problems.addDocument(name, err)
	texts, bad := d.texts()
	for _, key := range bad {
		rows.problems.add(key, name+" has no text for this row, or an empty one.")
	}
	for key, value := range texts {
		if _, ok := rows.byKey[key]; !ok {
			rows.problems.add(key, name+" has this key, but identities has no valid row with this key.")
		} else if reason := check(value); reason != "" {
			rows.problems.add(key, name+" has "+reason)
		}
	}
	return texts
}

func checkHash(hash string) string {
	var resp validator.StringResponse
	req := validator.StringRequest{Path: path.Root("password_hashes_wo"), ConfigValue: types.StringValue(hash)}
	passwordhash.Validator{}.ValidateString(context.Background(), req, &resp)
	if resp.Diagnostics.HasError() {
		return "no hash in a format that the server accepts for this row."
	}
	return ""
}

func checkPassword(password string) string {
	if len(password) > kratos.MaxPasswordBytes {
		return fmt.Sprintf("a password of %d bytes for this row. The server accepts at most %d bytes.",
			len(password), kratos.MaxPasswordBytes)
	}
	return ""
}

// of returns the row with its password.
func (s secrets) of(e *entry) identity.Row {
	row := e.row
	row.PasswordHash, row.Password = s.hashes[e.key], s.passwords[e.key]
	return row
}

func (s secrets) has(key string) bool { return s.hashes[key] != "" || s.passwords[key] != "" }
