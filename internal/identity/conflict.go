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
	if findErr == nil && owner != nil && !c.isOwn(owner.ID) && c.plan.OnConflict.ValueString() == conflictAdopt {
		return c.adopt(ctx, owner)
	}
	at, cure := path.Root("traits"), c.cure(found, findErr)
	if found.Link != "" {
		at = credentialPath(found.Link)
	}
	c.diags.AddAttributeError(at, "Creating identity: conflict with another identity",
		strings.TrimSuffix(err.Error(), ".")+".\n\n"+cure)
	return nil, false
}

// cure describes the other identity of a conflict and a remedy that damages neither identity.
func (c *creator) cure(found lookup.Owners, findErr error) string {
	owner := found.One()
	both := "or change the traits"
	if found.Link != "" {
		both = fmt.Sprintf("or remove the link that both have (%s) from %s of one of the two",
			describeLinks(c.plan.allLinks()), credentialPath(found.Link))
	}
	switch {
	case findErr != nil:
		return "Looking for the other identity failed too: " + base.Explain(findErr)
	case len(found.Identities) > 1:
		return fmt.Sprintf("Its external_id, login identifiers or links belong to several identities: %s. Change the "+
			"configuration so that it names one of them only.", lookup.IDs(found.Identities))
	case owner == nil:
		return fmt.Sprintf("The other identity can't be found by its login identifiers and links: %s. Search all "+
			"identities for the values among these traits, then import that identity, or change the "+
			"traits.", c.whatElse(found.Gap))
	case c.isOwn(owner.ID):
		return fmt.Sprintf("The other identity, %s, belongs to another resource of the configuration. Don't import it "+
			"here, and don't delete it. If that resource gives up in the same apply what both have, apply again, or let this "+
			"resource come after that one (depends_on). If both declare the same person, remove one of the two "+
			"resources.", owner.ID)
	}
	return fmt.Sprintf("The other identity is %s. To manage it with Terraform, import it:\n\n  import {\n    to = "+
		"ory_identity.example # this resource\n    id = %q\n  }\n\nOr set on_conflict = %q to take over such identities "+
		"without asking, %s. If this resource replaces that identity (create_before_destroy), do neither: both can't exist "+
		"at once, so remove create_before_destroy.",
		owner.ID, owner.ID, conflictAdopt, both)
}

// whatElse describes which values the two identities of a conflict may share although no lookup by login identifier
// finds the owner.
func (c *creator) whatElse(gap string) string {
	const address = "an address that neither signs in with (a verifiable or recovery address), and the server can't be " +
		"asked for those"
	if gap == "" {
		return "what both have is " + address
	}
	return fmt.Sprintf("%s (identity schema %q), so there can be login identifiers among these traits that the provider "+
		"doesn't know of. Or what both have is %s", gap, c.body.SchemaID, address)
}

// isOwn reports whether another resource of this walk has the identity.
func (c *creator) isOwn(id string) bool { return c.data.Walk.Claimed(id) || c.data.Walk.Declared(id) }
