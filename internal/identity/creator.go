package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxCreates bounds how often a create whose answer was lost is looked for and, where it did not happen, sent again.
	maxCreates = 4

	// maxFailures is the same for one that the server has failed to carry out: it also fails on what its database doesn't take,
	// and will again.
	maxFailures = 2

	// findTime is how long a lost create is looked for while the server fails.
	findTime = 2 * time.Minute

	// clockSlack is how much earlier than our request an identity that it made may seem to be created.
	clockSlack = 60 * time.Second

	// firstPause is the wait before something is tried again, and longestPause that after several times.
	firstPause   = 500 * time.Millisecond
	longestPause = 8 * time.Second
)

// creator carries out the create of one identity: the call itself, and what becomes of a lost answer and of a conflict.
type creator struct {
	client       client
	schemas      schemaGetter
	data         *base.Data
	config, plan model
	body         kratos.CreateIdentityBody
	owned        owned
	adopted      bool // the identity was there before
	found        bool // the identity is ours, but the answer to its create was lost, and it was looked up
	goneOnce     bool // what was in the way could not be found, once
	pause        time.Duration
	verification verification
	diags        *diag.Diagnostics
}

// create returns the identity, which no other resource of this walk has, or nil with an error.
func (c *creator) create(ctx context.Context) *kratos.Identity {
	began := c.client.Now()
	var lost, last error
	for creates := 1; creates <= maxCreates; creates++ {
		identity, err := c.client.CreateIdentity(ctx, c.body)
		last = err
		if err == nil {
			return c.created(identity)
		}
		unknown := errors.Is(err, kratos.ErrOutcomeUnknown)
		if errors.Is(err, kratos.ErrConflict) {
			if unknown { // the batch that failed before this create may have made the other one
				lost = err
			}
			identity, again := c.conflict(ctx, err, lost, began)
			if !again && (identity != nil || c.diags.HasError()) {
				return identity
			}
			if lost = nil; again {
				continue
			}
			break
		}
		if lost = err; !unknown && (!isFailure(err) || creates == maxFailures) {
			break
		}
		// Not sent again before it is clear that it did not happen, and never where the server could not tell two from one.
		owners, findErr := c.find(ctx, unknown)
		if identity := owners.One(); findErr == nil && identity != nil && c.isOurs(identity, began) {
			return c.lookedUp(identity)
		}
		if findErr != nil || !owners.Unique || !c.wait(ctx) {
			lost = errors.Join(lost, findErr)
			break
		}
	}
	if lost == nil {
		lost = last
	}
	c.failure().onCreate(ctx, lost, c.diags)
	return nil
}

// find looks for the identity that has what this one asks for. Where it may be the work of a lost create, it looks again if it gets no
// answer: one that isn't found is left on the server and not in the state.
func (c *creator) find(ctx context.Context, lost bool) (found lookup.Owners, err error) {
	for began := time.Now(); ; {
		found, err = lookup.FindOwners(ctx, c.client, c.schemas, c.body)
		if err == nil || !lost || isRefusal(err) || errors.Is(err, lookup.ErrFilterIgnored) || time.Since(began) > findTime {
			return found, err
		}
		if _, noSchema := c.schemas.Require(ctx, c.body.SchemaID); noSchema != nil || !c.wait(ctx) {
			return found, err // without the schema nobody knows what to look for, and it was asked for with patience
		}
	}
}

// isRefusal says whether Kratos, or a gateway, said no.
func isRefusal(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && answer.StatusCode >= 400 && answer.StatusCode < 500
}

// isFailure says whether the server, or what is before it, failed to carry something out, and didn't refuse it.
func isFailure(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && answer.StatusCode >= http.StatusInternalServerError
}

// wait gives a gateway that answers nothing a moment, more each time.
func (c *creator) wait(ctx context.Context) bool {
	timer := time.NewTimer(c.pause)
	defer timer.Stop()
	c.pause = min(2*c.pause, longestPause)
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// lookedUp takes an identity that a lost create has made.
func (c *creator) lookedUp(identity *kratos.Identity) *kratos.Identity {
	c.found = true
	return c.created(identity)
}

// repeatPassword sets the configured password of an identity that was looked up. It is the one thing that can't be compared: if
// another resource declares the same person, with another password, the identity that was found may be that one's work.
func (c *creator) repeatPassword(ctx context.Context, id string) {
	credentials := passwordCredentials(c.config)
	if credentials == nil {
		return
	}
	u := updater{client: c.client, planner: planner{config: c.config, plan: c.plan, diags: c.diags}}
	u.state.ID = types.StringValue(id)
	_, err := c.client.UpdateIdentity(ctx, id, func(current *kratos.Identity) (kratos.UpdateIdentityBody, bool) {
		u.identity = *current
		return u.put(credentials), true
	})
	if err != nil {
		at, _ := c.plan.passwordState().changedFrom(passwordState{})
		c.diags.AddAttributeError(at, "Setting the password of identity "+id, base.Explain(err)+"\n\nThe identity was made, but the answer "+
			"to that was lost, and its password could not be made sure of. "+afterFailedCreate)
	}
}

// links are the configured links, which the create has sent.
func (c *creator) links() map[string][]link { return c.config.allLinks() }

// created takes the identity for this resource.
func (c *creator) created(identity *kratos.Identity) *kratos.Identity {
	if !c.data.Walk.Claim(identity.ID) {
		c.diags.AddError("Identity taken by another resource", fmt.Sprintf("The identity %s has what this resource asks for, but it belongs "+
			"to another resource of this configuration. Two resources declare the same person: remove one.", identity.ID))
		return nil
	}
	c.plan.checkAnswer(identity, c.plan.configures, c.diags)
	c.owned = ownedBy(c.config, c.plan)
	return identity
}

// isOurs says whether an identity that was found is the one that a request of ours made, whose answer was lost.
func (c *creator) isOurs(identity *kratos.Identity, began time.Time) bool {
	created, err := time.Parse(time.RFC3339Nano, identity.CreatedAt)
	if err != nil || created.Before(began.Add(-clockSlack)) {
		return false
	}
	for kind, links := range c.links() {
		if _, missing := split(links, identity.Credentials[kind].Identifiers, nil); identity.Credentials != nil && len(missing) > 0 {
			return false
		}
	}
	return identity.SchemaID == c.body.SchemaID && identity.ExternalID == c.body.ExternalID &&
		(c.body.State == "" || identity.State == c.body.State) &&
		strings.EqualFold(identity.OrganizationID, c.body.OrganizationID) &&
		jsonvalue.Matches(c.plan.Traits, identity.Traits) &&
		jsonvalue.EqualJSON(c.body.MetadataPublic, identity.MetadataPublic) &&
		jsonvalue.EqualJSON(c.body.MetadataAdmin, identity.MetadataAdmin)
}

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
