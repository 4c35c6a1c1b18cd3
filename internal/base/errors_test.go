package base

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Each kind of error has advice of its own.
func TestExplain(t *testing.T) {
	t.Parallel()
	for want, kind := range map[string]error{
		"Find the cache or gateway":                        kratos.ErrWrongIdentity,
		"limits the size of answers":                       kratos.ErrTooLarge,
		"terraform destroy -refresh=false":                 kratos.ErrSchemaRemoved,
		"does not store a value of this request":           &kratos.Error{StatusCode: 500, Message: "ERROR: x (SQLSTATE 22021)"},
		"Check that the server runs":                       kratos.ErrUnreachable,
		"Apply again: the provider reads the server first": kratos.ErrOutcomeUnknown,
	} {
		if text := Explain(fmt.Errorf("GET /x: %w", kind)); !strings.Contains(text, want) {
			t.Errorf("%q doesn't say %q", text, want)
		}
	}
}

// Whatever else went wrong with a write, the text says what is known of its outcome.
func TestExplain_outcome(t *testing.T) {
	t.Parallel()
	for _, kind := range []error{kratos.ErrUnauthorized, kratos.ErrNotKratos, kratos.ErrRateLimited, errors.New("reset")} {
		err := errors.Join(kind, kratos.ErrOutcomeUnknown)
		if text := Explain(err); !strings.Contains(text, "may have made the change or not") {
			t.Errorf("%v: %s", kind, text)
		}
		text := ExplainUndone(err)
		if strings.Contains(text, "may have made") || !strings.Contains(text, "does not have the change. Apply again.") {
			t.Errorf("%v: %s", kind, text)
		}
		if text := Explain(kind); strings.Contains(text, "may have made") {
			t.Errorf("%v: %s", kind, text)
		}
		var diags diag.Diagnostics
		AddActionError(&diags, "ory_revoke_sessions", "Revoking", err)
		if text := diags[0].Detail(); !strings.Contains(text, "may have made the change or not") ||
			!strings.Contains(text, "Run the action again") || strings.Contains(text, "Apply again: the provider") {
			t.Errorf("%v: %s", kind, text)
		}
	}
}
