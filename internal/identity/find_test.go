package identity

import (
	"strings"
	"testing"
)

// What is said of a name that nobody has fits the kind of name.
func TestReferenceHint(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]reference{
		"deleted":           {id: "00000000-0000-4000-8000-000000000000"},
		"case-sensitive":    {externalID: "crm-1"},
		"not just any":      {identifier: "ada@example.org"},
		"is plus and digit": {identifier: "+4915123456789"},
	} {
		if hint := r.hint(); !strings.Contains(hint, want) || strings.Contains(hint, "case-sensitive") != (r.externalID != "") {
			t.Errorf("%s: %s", r, hint)
		}
	}
}
