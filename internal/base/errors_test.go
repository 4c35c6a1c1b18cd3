package base

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Each kind of error has advice of its own.
func TestExplain(t *testing.T) {
	t.Parallel()
	for want, kind := range map[string]error{
		"Find the cache or gateway":           kratos.ErrWrongIdentity,
		"bounds what it takes from a server":  kratos.ErrTooLarge,
		"terraform destroy -refresh=false":    kratos.ErrSchemaRemoved,
		"Check that the server runs":          kratos.ErrUnreachable,
		"Apply again: what the server has is": kratos.ErrOutcomeUnknown,
	} {
		if text := Explain(fmt.Errorf("GET /x: %w", kind)); !strings.Contains(text, want) {
			t.Errorf("%q doesn't say %q", text, want)
		}
	}
}
