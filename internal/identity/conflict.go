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

// conflict resolves a 409: an answer that was lost before may have been a success, else another identity is in the way. It says
// whether to create again, because the other one has gone meanwhile.
func (c *creator) conflict(ctx context.Context, err, lost error, began time.Time) (identity *kratos.Identity, again bool) {
	found, findErr := c.find(ctx, lost != nil)
	owner := found.One()
	if lost != nil && owner != nil && c.isOurs(owner, began) {
		return c.lookedUp(owner), false
	}
	said := strings.TrimSuffix(err.Error(), ".")
	const summary = "Creating identity: conflict with another identity"
	switch {
	case findErr != nil:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nLooking for the other identity failed too: %s", said, base.Explain(findErr)))
	case len(found.Identities) > 1:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nIts external_id and login identifiers belong to several "+
			"identities: %s. Change the configuration so that it names one of them only.", said, lookup.IDs(found.Identities)))
	case owner == nil && !c.goneOnce:
		// It may have been deleted since: by a resource that goes in the same apply, or by somebody.
		c.goneOnce = true
		return nil, c.wait(ctx)
	case owner == nil:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nThe other identity can't be found by its login "+
			"identifiers: %s%s. Search all identities for the values among these traits, then import that identity, or change the "+
			"traits.", said, c.whatElse(found.Gap), c.orLinks()))
	case c.plan.OnConflict.ValueString() != conflictAdopt:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nThe other identity is %s. To manage it with Terraform, "+
			"import it:\n\n  import {\n    to = ory_identity.example # this resource\n    id = %q\n  }\n\nOr set on_conflict = %q to take "+
			"over such identities without asking, or change the traits.", said, owner.ID, owner.ID, conflictAdopt))
	default:
		return c.adopt(ctx, owner)
	}
	return nil, false
}

// whatElse is what an identity can have in common with this one that can't be found by the login identifiers of these traits.
func (c *creator) whatElse(gap string) string {
	const address = "an address that neither signs in with (a verifiable or recovery address), and the server can't be asked for those"
	if gap == "" {
		return "what both have is " + address
	}
	return fmt.Sprintf("%s (identity schema %q), so there can be login identifiers among these traits that the provider doesn't know of. "+
		"Or what both have is %s", gap, c.body.SchemaID, address)
}

// orLinks names the links among what may be taken.
func (c *creator) orLinks() string {
	if links := c.plan.allLinks(); len(kindsOf(links)) > 0 {
		return fmt.Sprintf(", or one of these links (%s)", describeLinks(links))
	}
	return ""
}
