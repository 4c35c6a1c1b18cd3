package bulk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// pending is a row whose identity is to be created.
type pending struct {
	*entry
	want     identity.Row // with the password
	body     kratos.CreateIdentityBody
	uniques  []base.Unique
	marks    []mark
	bodyMark mark

	created   bool // by this run or by a killed run, so no other resource has the identity
	recovered bool // created by a killed run, as far as the journal shows
	differs   bool // the identity exists, and may differ from the row
	err       error
	lost      bool   // a create of this run may have been carried out
	owner     string // id of the identity that the row conflicts with
	problem   string // why the row can't be created
	failed    bool   // the server failed and did not refuse the row
}

// isOpen reports whether the row has to be sent.
func (p *pending) isOpen() bool { return p.id == "" && p.problem == "" && p.owner == "" }

// newPending prepares a row. If the body can't be built, the row gets a problem.
func (m *maker) newPending(ctx context.Context, e *entry) *pending {
	p := &pending{entry: e, want: m.secrets.of(e)}
	body, diags := m.rules.Body(ctx, p.want)
	if reasons := identity.Reasons(diags); len(reasons) > 0 {
		p.problem = strings.Join(reasons, " ")
		return p
	}
	p.body, p.bodyMark = body, markOfBody(body)
	p.uniques = orContent(uniquesOf(ctx, m.rules, e.row), body.SchemaID, body.Traits)
	for _, unique := range p.uniques {
		p.marks = append(p.marks, markOfUnique(unique), proofOf(unique, body.SchemaID, body.Traits))
	}
	return p
}

// take assigns an identity that this run or a killed run has created to the row. It returns false if another resource
// has the identity.
func (m *maker) take(p *pending, id string) bool {
	if !m.data.Walk.Claim(id) {
		return false
	}
	p.id, p.created, p.problem, p.err = id, true, "", nil
	return true
}

// scan calls visit for all identities of the server, page by page, until visit returns false.
func (m *maker) scan(ctx context.Context, visit func(*kratos.Identity) bool) error {
	options := kratos.ListIdentitiesOptions{
		PageSize:          kratos.MaxPageSize,
		IncludeCredential: []string{kratos.IncludeIdentifiers},
	}
	for found, err := range m.data.Client.ListIdentities(ctx, options) {
		if err != nil {
			return fmt.Errorf("looking through all identities: %w", err)
		}
		if !visit(found) {
			return nil
		}
	}
	return nil
}

// uniquesOfIdentity returns the unique values of an identity of the server, in the same form as for a row.
func (m *maker) uniquesOfIdentity(ctx context.Context, found *kratos.Identity) []base.Unique {
	uniques := m.rules.Uniques(ctx, found.SchemaID, found.Traits, found.ExternalID)
	return orContent(uniques, found.SchemaID, found.Traits)
}

// recover assigns the identities that killed runs have created to their rows. It returns the ids of identities that
// belong to no row.
func (m *maker) recover(ctx context.Context) (strays []string, err error) {
	byMark := map[mark][]*pending{} // rows without a unique value can be alike
	for _, p := range m.rows {
		for _, unique := range p.marks {
			byMark[unique] = append(byMark[unique], p)
		}
	}
	since := m.killed.since()
	err = m.scan(ctx, func(found *kratos.Identity) bool {
		if !identity.CreatedSince(found, since) || m.data.Walk.Has(found.ID) {
			return true
		}
		for _, unique := range m.uniquesOfIdentity(ctx, found) {
			entry, ok := m.killed[markOfUnique(unique)]
			if !ok || !identity.CreatedSince(found, entry.began) {
				continue
			}
			_, proved := m.killed[proofOf(unique, found.SchemaID, found.Traits)]
			rows := byMark[markOfUnique(unique)]
			i := slices.IndexFunc(rows, func(p *pending) bool { return p.id == "" })
			switch {
			case !proved: // somebody else's: the create of the row meets it as a conflict
			case len(rows) == 0:
				strays = append(strays, found.ID)
			case i >= 0 && m.take(rows[i], found.ID):
				rows[i].recovered = true
				rows[i].differs = entry.body == "" || entry.body != rows[i].bodyMark
				m.recovered++
			}
			break
		}
		return true
	})
	return strays, err
}

// findOwners finds the identities with which the rows conflict. It reads pages of all identities while this needs fewer
// requests than one search for each row, and then searches for the remaining rows. For rows without a unique value it
// reads all pages.
func (m *maker) findOwners(ctx context.Context, rows []*pending) {
	open := map[base.Unique][]*pending{}
	left := map[*pending]bool{}
	onlyByPages := false
	for _, p := range rows {
		left[p] = true
		for _, unique := range p.uniques {
			open[unique] = append(open[unique], p)
			onlyByPages = onlyByPages || identity.IsContent(unique)
		}
	}
	seen := 0
	err := m.scan(ctx, func(found *kratos.Identity) bool {
		seen++
		for _, unique := range m.uniquesOfIdentity(ctx, found) {
			for _, p := range open[unique] {
				if left[p] && (!identity.IsContent(unique) || m.mayTake(ctx, p, found)) {
					m.resolve(ctx, p, found)
					delete(left, p)
					break
				}
			}
		}
		return len(left) > 0 && (onlyByPages || seen/kratos.MaxPageSize <= len(left)+1)
	})
	for p := range left {
		found, findErr := lookup.Owners{}, err
		if err == nil {
			found, findErr = lookup.FindOwners(ctx, m.data.Client, m.data.Schemas, p.body)
		}
		switch owner := found.One(); {
		case owner != nil:
			m.resolve(ctx, p, owner)
		case findErr != nil:
			p.problem = "The row conflicts with another identity, and the search for that identity failed: " +
				findErr.Error() + "."
		case len(found.Identities) > 1:
			p.problem = "The values of the row belong to several identities: " + lookup.IDs(found.Identities) +
				"."
		case p.lost && !found.Unique: // the server would accept the same identity twice
			p.fail(p.err)
		case !p.lost:
			p.problem = "The row conflicts with another identity. A search by login identifiers and external_id does not " +
				"find that identity. Both may have the same address that is not a login identifier."
		}
	}
}

// mayTake reports whether a lost create of the row has made the identity, and no other object has it.
func (m *maker) mayTake(ctx context.Context, p *pending, found *kratos.Identity) bool {
	return p.lost && identity.CreatedSince(found, m.began) && m.rules.Means(ctx, p.want, p.body, found) &&
		!m.data.Walk.Has(found.ID)
}

// resolve handles an identity that has a unique value of the row: the row's own identity, an identity to adopt, or a
// conflict.
func (m *maker) resolve(ctx context.Context, p *pending, found *kratos.Identity) {
	switch {
	case m.mayTake(ctx, p, found):
		m.take(p, found.ID)
		p.differs = true // its password can't be compared
	case m.data.Walk.Has(found.ID):
		p.problem = fmt.Sprintf("Another resource or row of the configuration manages the identity %s, which has one of "+
			"the values of this row.", found.ID)
	case m.adopts && found.SchemaID == p.body.SchemaID:
		p.owner = found.ID
	case m.adopts:
		p.problem = fmt.Sprintf("The identity %s has one of the values of this row, but its identity schema is %q, so "+
			"Terraform does not adopt it.", found.ID, found.SchemaID)
	default:
		p.problem = fmt.Sprintf("The row conflicts with the identity %s.", found.ID)
	}
}
