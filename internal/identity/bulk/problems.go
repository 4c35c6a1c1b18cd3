package bulk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

const (
	// shownRows bounds the rows that one message shows.
	shownRows = 50
	// shownReason bounds the text of one row in bytes.
	shownReason = 600
)

// problem is an invalid or failed row. A problem without a key is about a whole document.
type problem struct{ key, reason string }

// problems are the invalid or failed rows of one plan or apply.
type problems []problem

func (p *problems) add(key, reason string) { *p = append(*p, problem{key, reason}) }

func (p *problems) addDocument(name string, err error) {
	if err != nil {
		p.add("", fmt.Sprintf("The attribute %s must be a JSON object: %s.", name, err))
	}
}

// explained describes the failure of a request and the remedy, on one line.
func explained(err error) string { return strings.ReplaceAll(base.Explain(err), "\n\n", " ") }

// list returns the keys and reasons of the first rows as text.
func (p problems) list() string {
	sorted := slices.SortedFunc(slices.Values(p), func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.reason, b.reason))
	})
	var b strings.Builder
	for i, bad := range sorted {
		if i == shownRows {
			fmt.Fprintf(&b, "\n- and %d more", len(sorted)-i)
			break
		}
		reason := bad.reason
		if len(reason) > shownReason {
			reason = strings.ToValidUTF8(reason[:shownReason], "") + " ..."
		}
		if bad.key == "" {
			fmt.Fprintf(&b, "\n- %s", reason)
			continue
		}
		fmt.Fprintf(&b, "\n- %q: %s", bad.key, reason)
	}
	return b.String()
}

// rows returns the number of rows as text, as in "1 row".
func (p problems) rows() string {
	keys := map[string]bool{}
	for _, bad := range p {
		keys[bad.key] = true
	}
	return countRows(len(keys))
}

// byKey shows how many rows are bad, and the reason of each.
func (p problems) byKey() string { return p.rows() + ", by key:\n" + p.list() }

func countRows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// addTo adds one error about all rows.
func (p problems) addTo(diags *diag.Diagnostics, summary, after string) {
	if len(p) == 0 {
		return
	}
	diags.AddAttributeError(path.Root("identities"), summary, p.byKey()+"\n\n"+after)
}
