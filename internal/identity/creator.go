package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxCreates bounds how often a create whose answer was lost is looked for and, where it did not happen, sent again.
	maxCreates = 4

	// clockSlack is how much earlier than our request an identity that it made may seem to be created.
	clockSlack = 60 * time.Second
)

// creator carries out the create of one identity: the call itself, and what becomes of a lost answer and of a conflict.
type creator struct {
	client       client
	schemas      schemaGetter
	data         *base.Data
	config, plan model
	body         kratos.CreateIdentityBody
	owned        owned
	verification verification
	diags        *diag.Diagnostics
}

// create returns the identity, which no other resource of this walk has, or nil with an error.
func (c *creator) create(ctx context.Context) *kratos.Identity {
	began := c.client.Now()
	var lost error
	for range maxCreates {
		identity, err := c.client.CreateIdentity(ctx, c.body)
		switch {
		case err == nil:
			return c.created(identity)
		case errors.Is(err, kratos.ErrConflict):
			return c.conflict(ctx, err, lost, began)
		case !errors.Is(err, kratos.ErrOutcomeUnknown):
			failure{client: c.client, plan: c.plan}.onCreate(ctx, err, c.diags)
			return nil
		}
		// Not sent again before it is clear that it did not happen, and never where the server could not tell two from one.
		lost = err
		found, findErr := findOwners(ctx, c.client, c.schemas, c.body)
		if identity := found.one(); findErr == nil && identity != nil && c.isOurs(identity, began) {
			return c.created(identity)
		}
		if findErr != nil || !found.unique || ctx.Err() != nil {
			lost = errors.Join(lost, findErr)
			break
		}
	}
	failure{client: c.client, plan: c.plan}.onCreate(ctx, lost, c.diags)
	return nil
}

// created takes the identity for this resource.
func (c *creator) created(identity *kratos.Identity) *kratos.Identity {
	if !c.data.Walk.Claim(identity.ID) {
		c.diags.AddError("Identity taken by another resource", fmt.Sprintf("The identity %s was made for this resource, but another "+
			"resource of this configuration has taken it over (on_conflict = %q). Two resources declare the same person: remove one.",
			identity.ID, conflictAdopt))
		return nil
	}
	c.plan.checkAnswer(identity, c.plan.configures, c.diags)
	c.owned = ownedBy(c.config, c.plan)
	return identity
}

// isOurs says whether an identity that was found is the one that a request of ours made, whose answer was lost.
func (c *creator) isOurs(identity *kratos.Identity, began time.Time) bool {
	created, err := time.Parse(time.RFC3339Nano, identity.CreatedAt)
	return err == nil && !created.Before(began.Add(-clockSlack)) &&
		identity.SchemaID == c.body.SchemaID && identity.ExternalID == c.body.ExternalID &&
		jsonvalue.Matches(c.plan.Traits, identity.Traits)
}

// conflict resolves a 409: an answer that was lost before may have been a success, else another identity is in the way.
func (c *creator) conflict(ctx context.Context, err, lost error, began time.Time) *kratos.Identity {
	found, findErr := findOwners(ctx, c.client, c.schemas, c.body)
	owner := found.one()
	if lost != nil && owner != nil && c.isOurs(owner, began) {
		return c.created(owner)
	}
	said := strings.TrimSuffix(err.Error(), ".")
	const summary = "Creating identity: conflict with another identity"
	switch {
	case findErr != nil:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nLooking for the other identity failed too: %s", said, base.Explain(findErr)))
	case len(found.identities) > 1:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nIts external_id and login identifiers belong to several "+
			"identities: %s. Change the configuration so that it names one of them only.", said, ids(found.identities)))
	case owner == nil:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nThe other identity can't be found by its login "+
			"identifiers: what both have is an address that neither signs in with (a verifiable or recovery address), and the server "+
			"can't be asked for those%s. Search all identities for the addresses among these traits, then import that identity, or "+
			"change the traits.", said, c.orLinks()))
	case c.plan.OnConflict.ValueString() != conflictAdopt:
		c.diags.AddAttributeError(path.Root("traits"), summary, fmt.Sprintf("%s.\n\nThe other identity is %s. To manage it with Terraform, "+
			"import it:\n\n  import {\n    to = ory_identity.example # this resource\n    id = %q\n  }\n\nOr set on_conflict = %q to take "+
			"over such identities without asking, or change the traits.", said, owner.ID, owner.ID, conflictAdopt))
	default:
		return c.adopt(ctx, owner)
	}
	return nil
}

// orLinks names the links among what may be taken.
func (c *creator) orLinks() string {
	if links := c.plan.allLinks(); len(kindsOf(links)) > 0 {
		return fmt.Sprintf(", or one of these links (%s)", describe(links))
	}
	return ""
}

func ids(identities []*kratos.Identity) string {
	all := make([]string, 0, len(identities))
	for _, identity := range identities {
		all = append(all, identity.ID)
	}
	return strings.Join(all, ", ")
}
