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
	c.diags.AddAttributeError(at, "Creating identity: conflict with another identity",
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
		both = fmt.Sprintf("or remove the link that both have (%s) from %s of one of the two",
			describeLinks(c.plan.allLinks()), credentialPath(found.Link))
	}
	return fmt.Sprintf("The other identity is %s. To manage it with Terraform, import it:\n\n%s\n\nOr set on_conflict "+
		"= %q to take over such identities without asking, %s. If this resource replaces that identity "+
		"(create_before_destroy), do neither: both can't exist at once, so remove create_before_destroy.",
		owner.ID, importBlock(owner.ID, "this resource"), ConflictAdopt, both)
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
		return "Looking for the other identity failed too: " + base.Explain(findErr)
	case len(found.Identities) > 1:
		return fmt.Sprintf("Its external_id, login identifiers or links belong to several identities: %s. Change the "+
			"configuration so that it names one of them only.", lookup.IDs(found.Identities))
	case owner == nil:
		return fmt.Sprintf("The other identity can't be found by its login identifiers and links: %s. Search all "+
			"identities for the values among these traits, then import that identity, or change the "+
			"traits.", whatElse(found.Gap, schemaID))
	case isOwn(data, owner.ID):
		return fmt.Sprintf("The other identity, %s, belongs to another resource of the configuration. Don't import it "+
			"here, and don't delete it. If that resource gives up in the same apply what both have, apply again, or let this "+
			"resource come after that one (depends_on); two resources that exchange values need a third value in between. If "+
			"both declare the same person, remove one of the two resources.", owner.ID)
	}
	return ""
}

// whatElse describes the values that the two identities of a conflict may share if no lookup by login identifier finds
// the owner.
func whatElse(gap, schemaID string) string {
	const address = "an address that neither signs in with (a verifiable or recovery address), and the server can't be " +
		"asked for those"
	if gap == "" {
		return "what both have is " + address
	}
	return fmt.Sprintf("%s (identity schema %q), so there can be login identifiers among these traits that the provider "+
		"doesn't know of. Or what both have is %s", gap, schemaID, address)
}

// isOwn reports whether another resource of this walk has the identity.
func isOwn(data *base.Data, id string) bool {
	return data != nil && (data.Walk.Claimed(id) || data.Walk.Declared(id))
}
