package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// conflict resolves a 409. Either an earlier create whose answer was lost has succeeded, or another identity has the
// same identifiers. again is true if the other identity is gone, so that the caller must create again.
func (c *creator) conflict(
	ctx context.Context,
	err, lost error,
	began time.Time,
) (identity *kratos.Identity, again bool) {
	found, findErr := c.find(ctx, lost != nil)
	owner := found.One()
	if lost != nil && owner != nil && c.isOurs(owner, began) {
		return c.lookedUp(owner), false
	}
	if findErr == nil && owner == nil && len(found.Identities) == 0 && !c.goneOnce {
		// The other identity may have been deleted since, by another resource of this apply or outside Terraform.
		c.goneOnce = true
		return nil, c.wait(ctx)
	}
	if findErr == nil && owner != nil && !isOwn(c.data, owner.ID) && c.plan.OnConflict.ValueString() == ConflictAdopt {
		return c.adopt(ctx, owner)
	}
	at, cure := path.Root("traits"), c.cure(found, findErr)
	if found.Link != "" {
		at = credentialPath(found.Link)
	}
	c.diags.AddAttributeError(at, conflictSummary,
		strings.TrimSuffix(err.Error(), ".")+".\n\n"+cure)
	return nil, false
}

// cure describes the other identity of a conflict and a remedy that damages neither identity.
func (c *creator) cure(found lookup.Owners, findErr error) string {
	if text := describeOwners(found, findErr, c.body.SchemaID, c.data); text != "" {
		return text
	}
	owner := found.One()
	both := "or change the traits"
	if found.Link != "" {
		both = fmt.Sprintf("or remove the common link (%s) from %s of one of the two identities",
			describeLinks(c.plan.allLinks()), credentialPath(found.Link))
	}
	inactive := ""
	if owner.State == kratos.StateInactive {
		inactive = " It is inactive: after an import, nobody can sign in to it until the configuration sets state = " +
			"\"active\"."
	}
	return fmt.Sprintf("The other identity is %s.%s To manage this identity with Terraform, import it:\n\n%s\n\nOr set "+
		"on_conflict = %q to adopt such identities automatically, %s. If this resource replaces the other identity "+
		"(create_before_destroy), do neither: both identities cannot exist at the same time. Remove "+
		"create_before_destroy.",
		owner.ID, inactive, importBlock(owner.ID, "this resource"), ConflictAdopt, both)
}

// importBlock returns the block that imports an identity.
func importBlock(id, comment string) string {
	return fmt.Sprintf("  import {\n    to = ory_identity.example # %s\n    id = %q\n  }", comment, id)
}

// describeOwners describes the other identities of a conflict and a remedy that damages none of them. It returns an
// empty text if there is exactly one other identity that belongs to no resource of this walk.
func describeOwners(found lookup.Owners, findErr error, schemaID string, data *base.Data) string {
	owner := found.One()
	switch {
	case findErr != nil:
		return "The search for the other identity also failed: " + base.Explain(findErr)
	case len(found.Identities) > 1:
		return fmt.Sprintf("The external_id, the login identifiers or the links of the configuration belong to several "+
			"identities: %s. Change the configuration so that its values belong to one identity "+
			"only.", lookup.IDs(found.Identities))
	case owner == nil:
		return fmt.Sprintf("A search by login identifiers and links does not find the other identity: %s. Search all "+
			"identities for the values of these traits. Then import the identity that has them, or change the "+
			"traits.", whatElse(found.Gap, schemaID))
	case isOwn(data, owner.ID):
		return fmt.Sprintf("Another resource of the configuration manages the other identity, %s. Do not import this "+
			"identity here, and do not delete it. If the other resource gives up the common value in the same apply, "+
			"apply again, or add the other resource to depends_on of this resource. Two resources that exchange values "+
			"need a third value in between. If both resources declare the same identity, remove one of them.", owner.ID)
	}
	return ""
}

// whatElse describes the values that the two identities of a conflict may share if no lookup by login identifier finds
// the owner.
func whatElse(gap, schemaID string) string {
	const address = "both identities have the same address that is not a login identifier (a verifiable or recovery " +
		"address), and the server has no search for such addresses"
	if gap == "" {
		return address
	}
	return fmt.Sprintf("%s (identity schema %q), so the provider may not know all login identifiers in these traits. "+
		"Or %s", gap, schemaID, address)
}

// isOwn reports whether another resource of this walk has the identity.
func isOwn(data *base.Data, id string) bool {
	return data != nil && data.Walk.Has(id)
}
