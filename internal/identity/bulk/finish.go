package bulk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// finish reads the created identities, and updates those that differ from their rows: identities of killed runs and of
// lost answers, and identities whose verifications the server has ignored.
func (m *maker) finish(ctx context.Context) {
	var differ []*pending
	m.readBack(ctx, func(p *pending, found *kratos.Identity) {
		if p.differs || p.want.Verified(found) {
			return
		}
		p.want.Password, p.want.PasswordHash = "", "" // they were set with the create
		differ = append(differ, p)
	})
	for _, p := range m.rows {
		if p.differs && p.id != "" {
			differ = append(differ, p)
		}
	}
	forEach(ctx, m.data.Client, "finishing identities", len(differ), func(i int) {
		p := differ[i]
		if ctx.Err() != nil {
			return
		}
		diags := m.update(ctx, p.id, p)
		if reasons := identity.Reasons(diags); len(reasons) > 0 {
			p.failed = identity.IsFailure(diags)
			p.problem = strings.Join(reasons, " ")
		}
	})
}

// readBack reads the created identities and calls visit for each. If an identity doesn't match its row, the row gives
// the identity up: a gateway may have mixed up answers, and the identity may belong to somebody else.
func (m *maker) readBack(ctx context.Context, visit func(*pending, *kratos.Identity)) {
	created := map[string]*pending{}
	ids := make([]string, 0, len(m.rows))
	for _, p := range m.rows {
		if p.created && p.id != "" {
			created[p.id] = p
			ids = append(ids, p.id)
		}
	}
	missing, err := eachIdentity(ctx, m.data.Client, ids, func(found *kratos.Identity) {
		p := created[found.ID]
		row := p.row
		row.VerifiedAddresses = nil // the server may have ignored them
		isOurs := identity.CreatedSince(found, m.since()) && m.rules.Refresh(ctx, row, found).Equal(row)
		if !p.differs && !isOurs {
			p.giveUp(fmt.Sprintf("The server answered with the identity %s, which is not the identity of this row. That "+
				"identity is unchanged.", found.ID))
			return
		}
		visit(p, found)
	})
	for _, id := range missing {
		created[id].giveUp(fmt.Sprintf("The server answered with the identity %s, but a read does not find this "+
			"identity.", id))
	}
	if err != nil && ctx.Err() == nil {
		m.diags.AddAttributeWarning(path.Root("identities"), "Identities not read back", "The identities were created, "+
			"but the read after the create failed: "+err.Error()+". The next plan shows differences.")
	}
}

// since returns the start of the first run that may have created one of the identities.
func (m *maker) since() time.Time {
	if len(m.killed) > 0 {
		return earlier(m.began, m.killed.since())
	}
	return m.began
}

// giveUp removes the identity from the row. The journal keeps the record of the row.
func (p *pending) giveUp(why string) {
	p.id, p.created, p.lost = "", false, true
	p.failed, p.problem = true, why
}
