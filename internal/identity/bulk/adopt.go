package bulk

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// adoptOwners takes over the identities with which rows conflict.
func (m *maker) adoptOwners(ctx context.Context) {
	var owned []*pending
	for _, p := range m.rows {
		if p.owner != "" && p.problem == "" {
			owned = append(owned, p)
		}
	}
	forEach(ctx, m.data.Client, "adopting identities", len(owned), func(i int) {
		p := owned[i]
		switch {
		case ctx.Err() != nil:
			p.fail(ctx.Err())
		case !m.data.Walk.Claim(p.owner):
			p.problem = fmt.Sprintf("Another row or resource manages the identity %s, which has one of the values of this "+
				"row.", p.owner)
		default:
			diags := m.update(ctx, p.owner, p)
			if reasons := identity.Reasons(diags); len(reasons) > 0 {
				p.failed = identity.IsFailure(diags)
				p.problem = fmt.Sprintf("The adoption of the identity %s failed: %s", p.owner, strings.Join(reasons, " "))
				return
			}
			p.id = p.owner
		}
	})
	if len(owned) > 0 && !m.anyProblem() {
		m.diags.AddAttributeWarning(path.Root("on_conflict"), "Identities adopted",
			fmt.Sprintf("These identities existed already (%s). Terraform now manages them and has updated them to their "+
				"rows: %s.", countRows(len(owned)), idsOf(owned)))
	}
}

func idsOf(rows []*pending) string {
	var shown []string
	for _, p := range rows[:min(len(rows), shownRows)] {
		shown = append(shown, fmt.Sprintf("%q (%s)", p.key, p.owner))
	}
	if len(rows) > shownRows {
		shown = append(shown, fmt.Sprintf("and %d more", len(rows)-shownRows))
	}
	return strings.Join(shown, ", ")
}

// update changes an identity to match its row. It activates the identity unless the row sets another state.
func (m *maker) update(ctx context.Context, id string, p *pending) diag.Diagnostics {
	want := p.want
	if want.State == "" {
		want.State = kratos.StateActive
	}
	return m.rules.Update(ctx, id, nil, want)
}
